"""The only place that chooses implementations: opens a library folder and hands out its services.

::

    library/
    ├── library.db      rows: recordings, results, jobs, choices, the audit log (or in PostgreSQL, see `database`)
    ├── objects/        originals and by-products under their SHA-256, read-only
    ├── checkpoints/    signed checkpoints of the audit log
    ├── keys/           the audit log's key (private: mode 0600) and its public half
    ├── scratch/        what stages are working on; empty when nothing runs
    ├── releases/       packages that were published
    └── bodyworn.toml   settings, if there are any
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bodyworn.access.access import Access
from bodyworn.access.audit_trail import AuditTrail
from bodyworn.access.identity import local_actor
from bodyworn.access.people.service import People
from bodyworn.access.people.stored_policy import StoredPolicy
from bodyworn.access.policy import LocalPolicy, Policy
from bodyworn.access.signing_in.service import SignIn
from bodyworn.bootstrap.parts import Shared, encounters_of, findings_of, releases_of, sign_in_of
from bodyworn.custody import record_key
from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.checkpoint import CheckpointSigner
from bodyworn.custody.place import LibraryPlace
from bodyworn.custody.record_key import NOTHING_KEPT, KeptElsewhere
from bodyworn.custody.rules import VerificationReport
from bodyworn.custody.verify import verify
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import Code, CustodyError, Denied
from bodyworn.domain.event import Outcome, Tag
from bodyworn.domain.event_details import AuditLogVerified
from bodyworn.domain.library_events import LibraryDrilled
from bodyworn.domain.progress import Progress
from bodyworn.encounters.service import Encounters
from bodyworn.findings.service import Findings
from bodyworn.moving.backup import BackupPlace, LibraryBackup, back_up
from bodyworn.moving.move import MovedLibrary, move
from bodyworn.moving.restore import DrillStatement, drill
from bodyworn.recordings.restrictions import Restrictions
from bodyworn.recordings.service import Recordings
from bodyworn.redactions.service import Redactions
from bodyworn.redactions.source import TwoHearings, Utterances
from bodyworn.releases.service import Releases
from bodyworn.retention.disposals import DisposalPlaces, Disposals
from bodyworn.retention.holds import Holds
from bodyworn.retention.ledger import RetentionLedger
from bodyworn.retention.service import Retention
from bodyworn.settings import Settings
from bodyworn.storage.databases.base import Database
from bodyworn.storage.databases.opening import database_of
from bodyworn.storage.files import check_path
from bodyworn.storage.objects.linked import LinkedObjects
from bodyworn.storage.objects.local import LocalObjects


@dataclass(frozen=True)
class Library:
    """An open library and its services; a context manager that seals the audit log when it is left."""

    folder: Path
    settings: Settings
    database: Database
    objects: LocalObjects
    audit_log: AuditLog
    access: Access
    people: People
    sign_in: SignIn
    audit_trail: AuditTrail
    recordings: Recordings
    restrictions: Restrictions
    encounters: Encounters
    findings: Findings
    redactions: Redactions
    releases: Releases
    retention: Retention
    holds: Holds
    disposals: Disposals

    def acting(self, actor: Actor) -> Library:
        """The same open library for another actor: its services, over the same database and the same policy.

        It costs next to nothing, so that each request of the workbench can have its own. Leave the library that was
        opened, not what this returns.
        """
        return _assembled(
            self.folder, self.settings, self.database, self.objects, self.audit_log.acting(actor), self.access.policy
        )

    def signed_in(self, untrusted_token: str | None, way: str) -> Library:
        """The same open library for the person of that session; as it is where none was set up yet.

        :class:`Denied` where it has, and the session does not run.
        """
        if not self.people.any() or (untrusted_token is None and way == "cli" and self.sign_in.nobody_yet()):
            return self
        session = self.sign_in.sessions.running(untrusted_token, way)
        if session is None:
            raise Denied("this library has accounts, and nobody is signed in here", "Sign in", Code.SIGN_IN_NEEDED)
        return self.acting(Actor(session.account.id, self.audit_log.actor.node, way, session=session.id))

    @property
    def name(self) -> str:
        """The folder's name, for people."""
        return self.folder.name

    @property
    def verifier(self) -> str:
        """The audit log's public key as a signed note names it."""
        return str(record_key.verifier(self.folder / self.settings.key_file))

    def verify(
        self, told: Progress, *, note: bool = True, files: bool = True, kept: KeptElsewhere = NOTHING_KEPT
    ) -> VerificationReport:
        """Check the audit log and all it speaks of; the check itself is an event, unless ``note`` is off.

        Without ``files`` the stored files are left out: quick, for a page that checks one of them by itself.
        ``kept`` are keys and checkpoints that somebody brings along to compare with.
        """
        self.access.require("library.verify")
        known = record_key.known(self.folder / self.settings.key_file, kept)
        report = verify(self.database, self.objects, self.audit_log.checkpoints, known, told, files=files)
        if not report.log_holds:
            self.audit_log.hold_back()
        if note and self.audit_log.can_write:
            outcome = Outcome.OK if report.holds else Outcome.FAILED
            detail = AuditLogVerified(report.rows, report.files, len(report.faults))
            self.audit_log.append(Tag.AUDIT_LOG_VERIFIED, "audit_log", detail, outcome=outcome)
        return report

    def rotate_key(self) -> None:
        """Replace the key of the audit log by a new one that the old one signs for; the old one is gone then."""
        self.access.require("library.rotate_key")
        key_file = self.folder / self.settings.key_file
        new = record_key.next_key(CheckpointSigner.load(key_file), key_file)
        self.audit_log.hand_over(new)
        record_key.take_next(key_file, new.verifier)

    @property
    def _place(self) -> LibraryPlace:
        return LibraryPlace(self.folder, self.settings, self.database, self.objects)

    def move(self, database: str, told: Progress) -> MovedLibrary:
        """Go on in another kind of database, which the settings name from then on; close this library afterwards."""
        self.access.require("library.move")
        self.audit_log.seal()
        moved = move(self._place, database, self.access.actor, told)
        self.audit_log.hold_back()  # the record goes on elsewhere, and this one stays as it is
        return moved

    def back_up(self, to: BackupPlace, told: Progress) -> LibraryBackup:
        """Write a backup, while others work."""
        self.access.require("library.back_up")
        self.audit_log.seal()
        return back_up(self._place, self.audit_log, to, told)

    def drill(self, source: BackupPlace, backup: str | None, sample: int | None, told: Progress) -> DrillStatement:
        """Try whether a library can be restored from a backup, and write into this one what was found."""
        self.access.require("library.drill")
        found = drill(source, backup, sample, told)
        outcome = Outcome.FAILED if found.faults else Outcome.OK
        detail = LibraryDrilled(found.backup, found.read, len(found.faults))
        self.audit_log.append(Tag.LIBRARY_DRILLED, "library", detail, outcome=outcome)
        return found

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
    actor: Actor | None = None,
    source: str = "local",
    read_only: bool = False,
    examine: bool = False,
    policy: Policy | None = None,
    settings: Settings | None = None,
    objects: LocalObjects | None = None,
) -> Library:
    """The library in ``folder``, made if it is not there and ``create`` is set.

    ``actor`` is who acts; if not given, the account of the operating system, by the way in ``source``. ``policy`` is
    what may be done (what the stored accounts say, if not given). ``read_only`` is for checking a
    library that cannot or must not be written to. ``examine`` is for checking one in whatever state it is: where its
    log is gone or has another key, it is opened to be read. ``settings`` and ``objects`` take the place of what the
    folder says, for a library that does not stay. Raises :class:`LibraryMissing`, :class:`LibraryReadOnly`,
    :class:`DiskFull`, :class:`CustodyError` if the audit log or its key is gone.
    """
    folder = folder.absolute()
    check_path(folder)
    settings = settings or Settings.load(folder)
    database = database_of(folder, settings.database, read_only=read_only)
    place = LibraryPlace(folder, settings, database, objects or LocalObjects(folder / "objects"))
    acts = actor or local_actor(source)
    stands = LocalPolicy() if examine else StoredPolicy(database)  # an examined library may have no tables at all
    try:
        audit_log = _log_of(place, acts, None if read_only else place.prepared(create=create))
    except CustodyError:
        if not examine:
            raise
        audit_log = _log_of(place, acts, None)
    return _assembled(folder, settings, database, place.objects, audit_log, policy or stands)


def _log_of(place: LibraryPlace, actor: Actor, signer: CheckpointSigner | None) -> AuditLog:
    """The log of a library that is prepared; without a signer only to be read."""
    name, rows = place.settings.checkpoints, place.settings.rows_per_checkpoint
    log = AuditLog(place.database, actor, place.checkpoints, signer, rows_per_checkpoint=rows, place=name)
    if signer is None:
        place.check_form()
    elif log.begin():
        signer.keep_begun(place.key_file)
    return log


def _assembled(
    folder: Path, settings: Settings, database: Database, objects: LocalObjects, audit_log: AuditLog, policy: Policy
) -> Library:
    """The services over an open database, for the actor of ``audit_log``."""
    access = Access(policy, audit_log)
    place = Shared(folder, settings, database, objects, audit_log, access)
    recordings = Recordings(database, objects, audit_log, access)
    findings, speech = findings_of(place, recordings)
    encounters = encounters_of(place, recordings, findings)
    redactions = Redactions(database, objects, audit_log, recordings, speech, place.scratch, access)
    releases = releases_of(place, recordings)
    retention = Retention(database, objects, audit_log, access, recordings, encounters, releases)
    holds = Holds(RetentionLedger(database, audit_log), audit_log, access, recordings, encounters)
    disposal_places = DisposalPlaces(place.releases, place.scratch)
    return Library(
        folder,
        settings,
        database,
        objects,
        audit_log,
        access,
        People(database, audit_log, access, settings.oidc_issuer),
        sign_in_of(place),
        AuditTrail(audit_log, access),
        recordings,
        Restrictions(database, audit_log, access),
        encounters,
        findings,
        redactions,
        releases,
        retention,
        holds,
        Disposals(database, objects, audit_log, access, retention, disposal_places),
    )


@contextmanager
def temporary_library() -> Iterator[Library]:
    """A library that vanishes when the block ends. Files ingested into it are linked, not copied.

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


def hear_twice(path: Path, model: str | None, progress: Progress) -> TwoHearings:
    """The same, and what a second hearing makes of it where data of persons may be."""
    with temporary_library() as library:
        return library.redactions.hear(library.recordings.ingest(path), progress, model=model)
