"""A record copied into another database whole or not at all, with the same head, and an event there that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.checkpoint import CheckpointSigner
from bodyworn.custody.entry import read_event
from bodyworn.custody.head import LogHead, stored_head
from bodyworn.custody.place import LibraryPlace
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import Code, CustodyError, LibraryError
from bodyworn.domain.event import Tag
from bodyworn.domain.event_details import EventDetail
from bodyworn.domain.progress import Progress
from bodyworn.storage.copying import TableDigest, clear, copy_rows, new_file
from bodyworn.storage.databases.base import Database, Transaction, has_rows, revision
from bodyworn.storage.databases.opening import database_of
from bodyworn.storage.databases.sqlite import SqliteDatabase
from bodyworn.storage.migrations import HEAD
from bodyworn.storage.rows import audit

#: What a copy is given by the program after all that it was copied from.
_AFTER_COPY = (Tag.LIBRARY_MOVED, Tag.LIBRARY_RESTORED)


@dataclass(frozen=True)
class CopiedRows:
    """The head that both have, and the digest of each table."""

    head: LogHead
    tables: Mapping[str, TableDigest]


@dataclass(frozen=True)
class CopyEvent:
    """The event that a copy gets as its next row: which, and its detail from what was copied."""

    tag: Tag
    detail: Callable[[CopiedRows], EventDetail]


def head_of(transaction: Transaction, signer: CheckpointSigner) -> LogHead:
    """The signed head; :class:`CustodyError` unless it is that of the newest row."""
    head = stored_head(transaction, signer.verifier)
    if head is None or not head.fits(audit.last(transaction)):
        raise CustodyError(
            "the newest row of the audit log is not the one that was signed, so it is not copied",
            "Keep the library as it is, check the audit log and tell its custodian",
            Code.CUSTODY_FAULT,
        )
    return head


def copy_record(
    source: Transaction, target: Transaction, signer: CheckpointSigner, log: AuditLog, event: CopyEvent, told: Progress
) -> CopiedRows:
    """All rows into the empty ``target``; proves that the head and each table are the same, then adds the event."""
    was = head_of(source, signer)
    tables = copy_rows(source, target, told)
    if head_of(target, signer) != was or audit.head(target) != audit.head(source):
        raise CustodyError("the head of the copied record is another", "Check both databases and their disks")
    copied = CopiedRows(was, tables)
    log.append(event.tag, "library", event.detail(copied), within=target)
    return copied


@contextmanager
def emptied(place: LibraryPlace, setting: str, source: Transaction) -> Iterator[tuple[Database, Transaction]]:
    """The database that ``setting`` names, open for writing, with no tables in it; whole or not at all when it ends.

    A copy of this very record that an earlier attempt left is taken away. :class:`LibraryError` where anything else
    is there.
    """
    database = database_of(place.folder, setting)
    if isinstance(database, SqliteDatabase):
        database.close()
        with _emptied_file(place, database.path, source) as made, made.write() as transaction:
            yield made, transaction
        return
    try:
        with database.write() as transaction:
            if _is_former_copy(transaction, source, database.location):
                clear(transaction)
            yield database, transaction
    finally:
        database.close()


@contextmanager
def _emptied_file(place: LibraryPlace, path: Path, source: Transaction) -> Iterator[SqliteDatabase]:
    if path.exists():
        there = SqliteDatabase(path, folder=place.folder)
        try:
            with there.read() as transaction:
                _is_former_copy(transaction, source, there.location)
        finally:
            there.close()
        if path.with_name(path.name + "-wal").exists():
            raise _taken(there.location)
    with new_file(path, place.folder) as made:
        yield made


def _is_former_copy(target: Transaction, source: Transaction, location: str) -> bool:
    """Whether there are tables to be taken away: of a copy whose record holds nothing that ``source`` has not."""
    if revision(target) is None:
        return False
    if revision(target) != HEAD or not has_rows(target):
        raise _taken(location)
    newest = audit.last(target)
    assert newest is not None
    size, digest = newest.seq, newest.hash
    if read_event(newest).tag in _AFTER_COPY and not _has(source, size, digest):
        size, digest = size - 1, newest.prev
    if not _has(source, size, digest):
        raise _taken(location)
    return True


def _has(transaction: Transaction, seq: int, digest: bytes) -> bool:
    return audit.hashes(transaction, 0, seq - 1, seq) == [digest]


def _taken(location: str) -> LibraryError:
    return LibraryError(
        f"there is something else in the database {location}", "Name an empty database, or a file that is not there"
    )


def log_in(database: Database, place: LibraryPlace, actor: Actor, signer: CheckpointSigner) -> AuditLog:
    """The audit log over a copy."""
    return AuditLog(database, actor, place.checkpoints, signer, place=place.settings.checkpoints)
