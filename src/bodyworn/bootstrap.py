"""The only place that chooses implementations: opens a library folder and hands out its services.

::

    library/
    ├── library.db      rows: recordings, results, jobs, choices, the audit log
    ├── objects/        originals and by-products under their SHA-256, read-only
    ├── checkpoints/    signed checkpoints of the audit log
    ├── keys/           the audit log's key (private: mode 0600) and its public half
    ├── scratch/        what stages are working on; empty when nothing runs
    └── bodyworn.toml   settings, if there are any
"""

from __future__ import annotations

import platform
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.checkpoint import CheckpointFolder, CheckpointSigner, CheckpointVerifier, public_file
from bodyworn.custody.verify import VerificationReport, verify
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import CustodyError, LibraryError, LibraryMissing
from bodyworn.domain.event import Outcome, Tag
from bodyworn.domain.progress import Progress
from bodyworn.engine.artifact_store import ArtifactStore
from bodyworn.engine.engines.inline import InlineEngine
from bodyworn.engine.engines.workers import WorkersEngine
from bodyworn.engine.task import Engine
from bodyworn.findings import plan
from bodyworn.findings.service import Findings, RunContext
from bodyworn.recordings.service import Recordings
from bodyworn.redactions.service import Redactions
from bodyworn.redactions.source import Utterances, local_person
from bodyworn.redactions.speech import speech_stages
from bodyworn.releases.service import Releases
from bodyworn.settings import Settings
from bodyworn.storage import refusals
from bodyworn.storage.database import Database
from bodyworn.storage.objects.linked import LinkedObjects
from bodyworn.storage.objects.local import LocalObjects, sweep

DATABASE = "library.db"


@dataclass(frozen=True)
class Library:
    """An open library and its services; a context manager that seals the audit log when it is left."""

    folder: Path
    settings: Settings
    database: Database
    objects: LocalObjects
    audit_log: AuditLog
    recordings: Recordings
    findings: Findings
    redactions: Redactions
    releases: Releases

    @property
    def name(self) -> str:
        """The folder's name, for people."""
        return self.folder.name

    @property
    def verifier(self) -> str:
        """The audit log's public key as a signed note names it."""
        return str(_verifier(self))

    def verify(self, told: Progress, *, note: bool = True, files: bool = True) -> VerificationReport:
        """Check the audit log and all it speaks of; the check itself is an event, unless ``note`` is off.

        Without ``files`` the stored files are left out: quick, for a page that checks one of them by itself.
        """
        verdict = verify(self.database, self.objects, self.audit_log.checkpoints, _verifier(self), told, files=files)
        if note:
            outcome = Outcome.OK if verdict.holds else Outcome.FAILED
            detail = {"rows": verdict.rows, "files": verdict.files, "faults": len(verdict.faults)}
            self.audit_log.append(Tag.AUDIT_LOG_VERIFIED, "audit_log", detail, outcome=outcome)
        return verdict

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.audit_log.seal()
        finally:
            self.database.close()


def open_library(
    folder: Path,
    *,
    create: bool = False,
    actor: str | None = None,
    source: str = "local",
    read_only: bool = False,
    settings: Settings | None = None,
    objects: LocalObjects | None = None,
) -> Library:
    """The library in ``folder``, made if it is not there and ``create`` is set.

    ``actor`` is who acts (the account of the system if not given) and ``source`` from where, for the audit log.
    ``read_only`` is for checking a library that cannot or must not be written to. ``settings`` and ``objects`` take the
    place of what the folder says, for a library that does not stay. Raises :class:`LibraryMissing`,
    :class:`LibraryReadOnly`, :class:`DiskFull`, :class:`CustodyError` if the audit log's key is gone.
    """
    folder = folder.absolute()
    if not (folder / DATABASE).is_file() and not create:
        raise LibraryMissing(f"there is no library in {folder}", "Name one with --library, or take a recording in")
    settings = settings or Settings.load(folder)
    key_file, checkpoints = folder / settings.key_file, CheckpointFolder(folder / settings.checkpoints)
    if not read_only:
        _prepare(folder, key_file)
    database = Database(folder / DATABASE, read_only=read_only)
    objects = objects or LocalObjects(folder / "objects")
    if not read_only:
        database.migrate()
        objects.create()
    acts = Actor(actor or local_person(), platform.node(), source)
    signer = None if read_only else CheckpointSigner.load(key_file)
    audit_log = AuditLog(database, acts, checkpoints, signer, rows_per_checkpoint=settings.rows_per_checkpoint)
    if signer is not None:
        audit_log.begin({"key": str(signer.verifier)})
    recordings = Recordings(database, objects, audit_log)
    context = RunContext(folder / "scratch", partial(_engine, settings.workers), settings.lease_seconds)
    findings = Findings(database, audit_log, ArtifactStore(objects), recordings, context, plan.STAGES)
    speech = Findings(database, audit_log, ArtifactStore(objects), recordings, context, speech_stages(plan.STAGES))
    redactions = Redactions(database, objects, audit_log, recordings, speech, context.scratch)
    releases = Releases(database, objects, audit_log)
    return Library(folder, settings, database, objects, audit_log, recordings, findings, redactions, releases)


@contextmanager
def temporary_library() -> Iterator[Library]:
    """A library that vanishes when the block ends. Files taken into it are linked, not copied.

    It keeps to itself: of the settings only the number of workers counts, so that nothing is written to a database,
    key or folder that the environment names.
    """
    with tempfile.TemporaryDirectory(prefix="bodyworn-") as folder:
        place = Path(folder) / "library"
        settings = Settings(workers=Settings.load(place).workers)
        with open_library(place, create=True, settings=settings, objects=LinkedObjects(place / "objects")) as library:
            yield library


def hear(path: Path, model: str | None, progress: Progress) -> Utterances:
    """What is said in a file that is in no library, by the same stages; nothing of it is left afterwards."""
    with temporary_library() as library:
        return library.redactions.words(library.recordings.ingest(path), progress, model=model)


def _prepare(folder: Path, key_file: Path) -> None:
    """Make the folders and, for a new library, its key; sweep what dead runs left."""
    if folder.exists() and not folder.is_dir():
        raise LibraryError(f"{folder} is a file, and a library is a folder", "Name another place with --library")
    with refusals.said_clearly(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = folder / "scratch"
        scratch.mkdir(exist_ok=True)
        sweep(scratch)
    if not (folder / DATABASE).exists():
        CheckpointSigner.create(f"bodyworn.local/{secrets.token_hex(8)}", key_file)


def _engine(workers: int) -> Engine:
    return WorkersEngine(workers) if workers else InlineEngine()


def _verifier(library: Library) -> CheckpointVerifier:
    path = public_file(library.folder / library.settings.key_file)
    try:
        return CheckpointVerifier.parse(path.read_text())
    except OSError:
        raise CustodyError(
            f"the audit log's public key {path.name} is missing", "Restore keys/ from its backup"
        ) from None
