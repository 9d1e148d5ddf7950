"""A backup in three parts, made while others work: the record as it is at one moment, the stored files, the keys.

::

    DEST/record/ID/                   library.db, checkpoints/, bodyworn.toml, record.pub, manifest.txt
    DEST/objects/sha256/…             every stored file once, however many backups name it
    DEST/objects/manifests/ID.txt     which of them belong to the backup
    KEYS/ID/                          record.key, record.pub, agency/, manifest.txt

The record is taken first: every file that it speaks of was stored before. Its folder gets its name last, so a backup
that was cut short is none.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.checkpoint import CheckpointFolder, CheckpointSigner, public_file
from bodyworn.custody.place import LibraryPlace
from bodyworn.domain.errors import CustodyError, InputError
from bodyworn.domain.event import Tag, now, stamp
from bodyworn.domain.library_events import LibraryBackedUp
from bodyworn.domain.progress import Progress
from bodyworn.moving.agency_keys import AGENCY, copy_agency_keys
from bodyworn.moving.copies import head_of
from bodyworn.moving.manifest import MANIFEST, BackupPart, PartManifest
from bodyworn.settings import FILE, without_places
from bodyworn.storage.copying import snapshot
from bodyworn.storage.databases.sqlite import SqliteDatabase
from bodyworn.storage.files import draft_name, said_clearly, sweep, sync_folder
from bodyworn.storage.objects.local import LocalObjects, digest_file, nobody

DATABASE = "library.db"
CHECKPOINTS = "checkpoints"
KEY = "record.key"
#: Folder of a library whose files are no objects and are backed up by their names: packages that were published.
PACKAGES = "releases"


@dataclass(frozen=True)
class BackupPlace:
    """Where backups lie: record and objects in ``folder``, keys in a place of their own (``None``: nowhere).

    ``agency`` is the configuration folder with the agency's keys, which go with the keys (``None``: left out).
    """

    folder: Path
    keys: Path | None = None
    agency: Path | None = None

    def __post_init__(self) -> None:
        if self.keys is not None:
            folder, keys = self.folder.resolve(), self.keys.resolve()
            if folder == keys or folder in keys.parents or keys in folder.parents:
                raise InputError(
                    "the keys would lie with the record", "Name a folder for the keys that is outside of the backup"
                )

    @property
    def objects(self) -> LocalObjects:
        """The stored files of all backups."""
        return LocalObjects(self.folder / "objects")

    def record_of(self, backup: str) -> Path:
        """The folder of the record."""
        return self.folder / "record" / backup

    def objects_of(self, backup: str) -> Path:
        """The manifest of the stored files."""
        return self.folder / "objects" / "manifests" / f"{backup}.txt"

    def keys_of(self, backup: str) -> Path | None:
        """The folder of the keys."""
        return self.keys / backup if self.keys is not None else None

    def all(self) -> list[str]:
        """The backups that are there, oldest first."""
        folder = self.folder / "record"
        names = [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
        return sorted(name for name in names if not name.startswith("."))


@dataclass(frozen=True)
class LibraryBackup:
    """What was written: ``objects`` stored files belong to it, ``new`` of them were not in the place before."""

    id: str
    rows: int
    head: str
    objects: int
    new: int
    new_bytes: int
    damaged: tuple[str, ...]
    keys: bool
    agency: bool = False


def back_up(place: LibraryPlace, log: AuditLog, to: BackupPlace, told: Progress) -> LibraryBackup:
    """Write a backup of an open library; others may read and write meanwhile.

    Files that are in ``to`` are not copied again. :class:`DiskFull`, or :class:`LibraryReadOnly`, where ``to`` takes
    no more; then there is no new backup, and what was copied is used by the next one.
    """
    if place.folder.resolve() in (to.folder.resolve(), *to.folder.resolve().parents):
        raise InputError("the backup would lie in the library itself", "Name a folder elsewhere, on another disk")
    signer = CheckpointSigner.load(place.key_file)
    with said_clearly(to.folder):
        to.folder.joinpath("record").mkdir(parents=True, exist_ok=True, mode=0o700)
        with _draft(to.folder / "record") as (draft, record):
            manifest = _record(place, signer, draft, told)
            stored = _store(place, manifest, to, told)
            stored.manifest.write(to.objects_of(manifest.backup), signer)
            made = LibraryBackup(
                manifest.backup,
                manifest.rows,
                manifest.head,
                len(stored.manifest.objects) + len(stored.manifest.files),
                stored.new,
                stored.new_bytes,
                stored.manifest.damaged,
                to.keys is not None,
            )
            log.append(Tag.LIBRARY_BACKED_UP, "library", _detail(made))
            agency = _keys(place, manifest, to, signer)
            record.append(to.record_of(manifest.backup))
    return replace(made, agency=agency)


def _detail(made: LibraryBackup) -> LibraryBackedUp:
    return LibraryBackedUp(made.id, made.rows, made.head, made.objects, made.new, len(made.damaged), made.keys)


@contextmanager
def _draft(folder: Path) -> Iterator[tuple[Path, list[Path]]]:
    """A folder that takes the name that is put into the list when the block ends, and vanishes if there is none."""
    sweep(folder, prefix=".")
    draft, name = folder / f".{draft_name(secrets.token_hex(8))}", list[Path]()
    draft.mkdir(mode=0o700)
    try:
        yield draft, name
        for path in sorted(draft.rglob("*"), reverse=True):
            sync_folder(path)  # a file is brought to the disk in the same way
        sync_folder(draft)
        draft.rename(name[0])
        sync_folder(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _record(place: LibraryPlace, signer: CheckpointSigner, draft: Path, told: Progress) -> PartManifest:
    """The rows of one moment, and the checkpoints up to there."""
    snapshot(place.database, draft / DATABASE, told)
    copy = SqliteDatabase(draft / DATABASE, read_only=True)
    try:
        with copy.read() as transaction:
            head = head_of(transaction, signer)
    finally:
        copy.close()
    kept = CheckpointFolder(draft / CHECKPOINTS)
    kept.folder.mkdir()
    for path in place.checkpoints.all():
        if not path.stem.isdecimal() or int(path.stem) <= head.size:
            shutil.copyfile(path, kept.folder / path.name)
    shutil.copyfile(public_file(place.key_file), draft / public_file(Path(KEY)).name)
    if settings := without_places(place.folder):
        (draft / FILE).write_text(settings, encoding="utf-8")
    at = stamp(now())
    name = f"{head.size:012d}-{at.replace(':', '').replace('-', '').replace('.', '')}"
    files = {str(path.relative_to(draft)): _sha256(path) for path in draft.rglob("*") if path.is_file()}
    manifest = PartManifest(BackupPart.RECORD, name, at, head.size, head.hash, str(signer.verifier), files)
    manifest.write(draft / MANIFEST, signer)
    return manifest


@dataclass(frozen=True)
class _StoredFiles:
    manifest: PartManifest
    new: int
    new_bytes: int


def _store(place: LibraryPlace, record: PartManifest, to: BackupPlace, told: Progress) -> _StoredFiles:
    """Copy the stored files that are not there yet, each read back; those that are damaged are named."""
    objects = to.objects
    objects.create()
    packages = _packages(place.folder)
    files = {str(path.relative_to(place.folder)): _sha256(path) for path in packages}
    found = [(name, place.objects.path(name)) for name in sorted(place.objects.all())]
    found += [(files[str(path.relative_to(place.folder))], path) for path in packages]
    new, new_bytes = 0, 0
    damaged: list[str] = []
    for number, (sha256, path) in enumerate(found):
        told(number, len(found), "copying stored files")
        size = path.stat().st_size
        there = objects.path(sha256)
        if not there.is_file() or there.stat().st_size != size:
            try:
                objects.put(path, nobody, sha256)
                new, new_bytes = new + 1, new_bytes + size
            except CustodyError:
                damaged.append(sha256)
    whole = tuple(sorted({sha256 for sha256, _ in found} - set(damaged) - set(files.values())))
    manifest = replace(record, part=BackupPart.OBJECTS, files=files, objects=whole, damaged=tuple(damaged))
    to.objects_of(record.backup).parent.mkdir(exist_ok=True)
    return _StoredFiles(manifest, new, new_bytes)


def _packages(folder: Path) -> Sequence[Path]:
    """Files of packages that were published; drafts of them are left out."""
    packages = folder / PACKAGES
    found = [path for path in packages.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted(path for path in found if "~" not in str(path.relative_to(packages)))


def _keys(place: LibraryPlace, record: PartManifest, to: BackupPlace, signer: CheckpointSigner) -> bool:
    """The keys, where a place for them was named; whether those of the agency are among them."""
    name = to.keys_of(record.backup)
    if name is None:
        return False
    with said_clearly(name.parent):
        name.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _draft(name.parent) as (draft, final):
            for path, copy in ((place.key_file, draft / KEY), (public_file(place.key_file), public_file(draft / KEY))):
                copy.touch(mode=0o600)
                copy.write_bytes(path.read_bytes())
            if to.agency is not None:
                copy_agency_keys(to.agency, draft / AGENCY)
            files = {str(path.relative_to(draft)): _sha256(path) for path in draft.rglob("*") if path.is_file()}
            replace(record, part=BackupPart.KEYS, files=files).write(draft / MANIFEST, signer)
            final.append(name)
    return any(file.startswith(f"{AGENCY}/") for file in files)


def _sha256(path: Path) -> str:
    return digest_file(path, nobody).sha256
