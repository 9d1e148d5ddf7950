"""A library made again from a backup, and the drill that shows beforehand that it can be."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bodyworn.custody import record_key
from bodyworn.custody.checkpoint import CheckpointFolder, CheckpointSigner, CheckpointVerifier, public_file
from bodyworn.custody.entry import keys_named
from bodyworn.custody.head import stored_head
from bodyworn.custody.place import LibraryPlace
from bodyworn.custody.record_key import NOTHING_KEPT
from bodyworn.custody.rules import VerificationReport
from bodyworn.custody.verify import verify
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import CustodyError, InputError, LibraryError, NotFound
from bodyworn.domain.event import Tag
from bodyworn.domain.library_events import LibraryRestored
from bodyworn.domain.progress import Progress
from bodyworn.moving.agency_keys import AGENCY, AgencyKeys, put_agency_keys
from bodyworn.moving.backup import CHECKPOINTS, DATABASE, KEY, BackupPlace
from bodyworn.moving.copies import CopyEvent, copy_record, emptied, log_in
from bodyworn.moving.manifest import MANIFEST, BackupPart, PartManifest, refused
from bodyworn.settings import FILE, Settings, naming_database
from bodyworn.storage.databases.sqlite import SqliteDatabase
from bodyworn.storage.files import draft_name, said_clearly, sweep, sync_folder, write_whole
from bodyworn.storage.objects.local import LocalObjects, nobody

#: Settings of the environment that would have a restored library lie somewhere else.
_ELSEWHERE = ("BODYWORN_DATABASE", "BODYWORN_KEY_FILE", "BODYWORN_CHECKPOINTS")


@dataclass(frozen=True)
class CheckedBackup:
    """The manifests of a backup whose record and keys were read whole and belong together."""

    record: PartManifest
    objects: PartManifest
    keys: PartManifest | None


@dataclass(frozen=True)
class RestoredLibrary:
    """The library that was made: of which backup, with which head before its next event."""

    backup: str
    rows: int
    head: str
    objects: int
    damaged: tuple[str, ...]
    agency: AgencyKeys = AgencyKeys.NONE


@dataclass(frozen=True)
class DrillStatement:
    """What a drill found: ``read`` of ``objects`` stored files were read, ``keys`` says whether they were tried.

    ``agency`` is whether the agency's keys are with them, whole.
    """

    backup: str
    made_at: str
    rows: int
    head: str
    checkpoints: int
    objects: int
    read: int
    keys: bool
    faults: tuple[str, ...]
    agency: bool = False


def check_backup(place: BackupPlace, backup: str | None) -> CheckedBackup:
    """The backup of that ID (the newest without one), with record and keys read whole.

    :class:`CustodyError` that names the part which was changed, cut off or belongs to another backup.
    """
    every = place.all()
    if not every or (backup is not None and backup not in every):
        raise NotFound(f"there is no backup {backup or ''}".rstrip() + f" in {place.folder}", "Name another folder")
    name = backup or every[-1]
    folder = place.record_of(name)
    record = PartManifest.unchecked(folder / MANIFEST, BackupPart.RECORD)
    record.check_files(folder)
    if record.backup != name:
        raise refused(BackupPart.RECORD, f"is that of the backup {record.backup}")
    key = _key_of(folder / DATABASE, record)
    record.check_signed(folder / MANIFEST, key)
    objects = PartManifest.unchecked(place.objects_of(name), BackupPart.OBJECTS)
    objects.check_signed(place.objects_of(name), key)
    record.check_same(objects)
    keys_folder = place.keys_of(name)
    if keys_folder is None:
        return CheckedBackup(record, objects, None)
    keys = PartManifest.unchecked(keys_folder / MANIFEST, BackupPart.KEYS)
    keys.check_signed(keys_folder / MANIFEST, key)
    record.check_same(keys)
    keys.check_files(keys_folder)
    if CheckpointSigner.load(keys_folder / KEY).verifier != key:
        raise refused(BackupPart.KEYS, "holds another key than that of the record")
    return CheckedBackup(record, objects, keys)


def _key_of(database: Path, record: PartManifest) -> CheckpointVerifier:
    """The key that the record itself leads to; its newest row must be the one of the manifest."""
    opened = SqliteDatabase(database, read_only=True)
    try:
        with opened.read() as transaction:
            key = keys_named(transaction).newest
            head = stored_head(transaction, key) if key is not None else None
    except LibraryError as error:
        raise refused(BackupPart.RECORD, f"cannot be read: {error.what}") from None
    finally:
        opened.close()
    if key is None or head is None or (head.size, head.hash, str(key)) != (record.rows, record.head, record.key):
        raise refused(BackupPart.RECORD, "has another head than its manifest says")
    return key


def restore(
    source: BackupPlace, backup: str | None, folder: Path, database: str | None, actor: Actor, told: Progress
) -> RestoredLibrary:
    """Make a library in the new ``folder`` from a backup, in SQLite or in the ``database`` that a setting names.

    The folder gets its name last. Every file is compared with its digest, and the record is verified before. An event
    in the restored record says that it was.
    """
    _refuse_place(folder, os.environ)
    if source.keys is None:
        raise InputError("a library cannot be restored without its keys", "Name the folder of the keys too")
    found = check_backup(source, backup)
    folder = folder.absolute()
    with said_clearly(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        sweep(folder.parent, prefix=".")
        draft = folder.with_name(f".{draft_name(secrets.token_hex(8))}")
        draft.mkdir(mode=0o700)
        try:
            _put_record(source, found, draft)
            _put_files(source, found, draft, told)
            report = _verified(draft, LocalObjects(draft / "objects"), told, files=False)
            if not report.holds:
                raise refused(BackupPart.RECORD, f"does not hold: {report.faults[0]}")
            _begin_again(draft, found, database, actor, told)
            sync_folder(draft)
            draft.rename(folder)
            sync_folder(folder.parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    record, objects = found.record, found.objects
    stored = len(objects.objects) + len(objects.files)
    keys = source.keys_of(record.backup)
    agency = AgencyKeys.NONE
    if keys is not None and source.agency is not None:
        agency = put_agency_keys(keys / AGENCY, source.agency)
    return RestoredLibrary(record.backup, record.rows, record.head, stored, objects.damaged, agency)


def _refuse_place(folder: Path, environment: Mapping[str, str]) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"there is something in {folder} already", "Name a folder that does not exist")
    if named := [name for name in _ELSEWHERE if name in environment]:
        raise InputError(
            f"the environment says where parts of a library lie ({named[0]}), which would not be the restored ones",
            "Take the variable away",
        )


def _put_record(source: BackupPlace, found: CheckedBackup, draft: Path) -> None:
    """Rows, checkpoints and keys in their places."""
    record, keys = source.record_of(found.record.backup), source.keys_of(found.record.backup)
    shutil.copyfile(record / DATABASE, draft / DATABASE)
    (draft / CHECKPOINTS).mkdir()
    for path in (record / CHECKPOINTS).iterdir():  # one by one: a whole tree's copy would not say that the disk is full
        shutil.copyfile(path, draft / CHECKPOINTS / path.name)
    if FILE in found.record.files:
        write_whole(draft / FILE, (record / FILE).read_bytes(), mode=0o600)
        try:
            Settings.load(draft, {})
        except LibraryError as error:
            raise refused(BackupPart.RECORD, f"has settings that cannot be used here: {error.what}") from None
    key_file = draft / Settings().key_file
    key_file.parent.mkdir(mode=0o700)
    if keys is not None:
        write_whole(key_file, (keys / KEY).read_bytes(), mode=0o600)
    write_whole(public_file(key_file), (record / public_file(Path(KEY)).name).read_bytes(), mode=0o644)


def _put_files(source: BackupPlace, found: CheckedBackup, draft: Path, told: Progress) -> None:
    """Stored files and packages, each compared with its digest."""
    objects, there = LocalObjects(draft / "objects"), source.objects
    objects.create()
    total = len(found.objects.objects) + len(found.objects.files)
    for number, sha256 in enumerate(found.objects.objects):
        try:
            objects.put(there.path(sha256), nobody, sha256)
        except (FileNotFoundError, CustodyError):
            raise refused(BackupPart.OBJECTS, f"lacks the stored file {sha256}, or has it changed") from None
        told(number + 1, total, "copying stored files")
    for name, sha256 in found.objects.files.items():
        target = draft / name
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise refused(BackupPart.OBJECTS, "names a file outside of the library")
        if there.faults(sha256, nobody) is not None:
            raise refused(BackupPart.OBJECTS, f"lacks the file {name}, or has it changed")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(there.path(sha256), target)


def _begin_again(draft: Path, found: CheckedBackup, database: str | None, actor: Actor, told: Progress) -> None:
    """Write into the restored record that it was restored; in the database that a setting names, if one does."""
    record = found.record
    detail = LibraryRestored(record.backup, record.rows, record.head)
    settings = Settings()
    signer = CheckpointSigner.load(draft / settings.key_file)
    here = SqliteDatabase(draft / DATABASE)
    place = LibraryPlace(draft, settings, here, LocalObjects(draft / "objects"))
    try:
        if database is None:
            log_in(here, place, actor, signer).append(Tag.LIBRARY_RESTORED, "library", detail)
            return
        event = CopyEvent(Tag.LIBRARY_RESTORED, lambda _: detail)
        with here.read() as rows, emptied(place, database, rows) as (there, target):
            copy_record(rows, target, signer, log_in(there, place, actor, signer), event, told)
    finally:
        here.close()
    write_whole(draft / FILE, naming_database(draft, database), mode=0o600)
    (draft / DATABASE).unlink()


def _verified(folder: Path, objects: LocalObjects, told: Progress, *, files: bool) -> VerificationReport:
    """The record in ``folder`` as the program verifies it."""
    known = record_key.known(folder / Settings().key_file, NOTHING_KEPT)
    opened = SqliteDatabase(folder / DATABASE, read_only=True)
    try:
        opened.check_form()
        return verify(opened, objects, CheckpointFolder(folder / CHECKPOINTS), known, told, files=files)
    finally:
        opened.close()


def drill(source: BackupPlace, backup: str | None, sample: int | None, told: Progress) -> DrillStatement:
    """Restore the record of a backup into a scratch folder, open and verify it, and read its stored files.

    Of the files ``sample`` are read, drawn by chance, or all for ``None``. Raises :class:`CustodyError` where the
    parts do not belong together; what is wrong beyond that stands in the statement.
    """
    found = check_backup(source, backup)
    record, wanted = found.record, found.objects
    with tempfile.TemporaryDirectory(prefix="bodyworn-drill-") as name, said_clearly(Path(name)):
        draft = Path(name)
        _put_record(source, found, draft)
        report = _verified(draft, source.objects, told, files=sample is None)
    every = sorted({*wanted.objects, *wanted.files.values()})
    chosen: Sequence[str] = every if sample is None else random.sample(every, min(sample, len(every)))
    faults = [str(fault) for fault in report.faults]
    faults += [f"the stored file {sha256} was damaged when the backup was made" for sha256 in wanted.damaged]
    unread = chosen if sample is not None else sorted(set(every) & set(report.unreferenced))
    for number, sha256 in enumerate(unread):
        wrong = source.objects.faults(sha256, nobody)
        if wrong is not None and not any(sha256 in fault for fault in faults):
            faults.append(f"the part {BackupPart.OBJECTS}: the stored file {sha256} {wrong}")
        told(number + 1, len(unread), "reading stored files")
    return DrillStatement(
        record.backup,
        record.made_at,
        record.rows,
        record.head,
        report.checkpoints,
        len(every),
        len(chosen),
        found.keys is not None,
        tuple(faults),
        found.keys is not None and any(name.startswith(f"{AGENCY}/") for name in found.keys.files),
    )
