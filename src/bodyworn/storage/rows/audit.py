"""Rows of the audit log, appended and read, never changed; and beside them what finds and seals them quickly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.tables import audit, audit_head, audit_index, audit_subtrees

#: So many hashes of one level have their root stored at the next.
SUBTREE = 256
_STREAM = {"yield_per": 1000}


@dataclass(frozen=True)
class AuditRow:
    """One row: ``body`` is canonical JSON, ``prev`` and ``hash`` are 32 bytes."""

    seq: int
    at: str
    body: bytes
    prev: bytes
    hash: bytes


@dataclass(frozen=True)
class IndexEntry:
    """What a row is found by: the same as stands in its body."""

    seq: int
    at: str
    tag: str
    actor: str
    object: str


@dataclass(frozen=True)
class EventFilter:
    """Which events: all that fit everything given. ``since`` and ``until`` are stamps; ``until`` is not included."""

    object: str | None = None
    tag: str | None = None
    actor: str | None = None
    since: str | None = None
    until: str | None = None
    before: int | None = None

    def page_before(self, seq: int | None) -> EventFilter:
        """The same, of rows with lower numbers than ``seq`` only."""
        return replace(self, before=seq)

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What has to be true of an entry of the index."""
        by_name = {"object": self.object, "tag": self.tag, "actor": self.actor}
        yield from (audit_index.c[name] == text for name, text in by_name.items() if text is not None)
        if self.since is not None:
            yield audit_index.c.at >= self.since
        if self.until is not None:
            yield audit_index.c.at < self.until
        if self.before is not None:
            yield audit_index.c.seq < self.before


EVERY_EVENT = EventFilter()


def append(transaction: Transaction, rows: Sequence[AuditRow], entries: Sequence[IndexEntry]) -> None:
    """Add the next rows, in order, and what they are found by."""
    transaction.execute(insert(audit), [vars(row) for row in rows])
    here = audit_index.c.seq  # entries may be left over where a tail was cut off
    transaction.execute(delete(audit_index).where(here >= entries[0].seq, here <= entries[-1].seq))
    transaction.execute(insert(audit_index), [vars(entry) for entry in entries])


def last(transaction: Transaction) -> AuditRow | None:
    """The newest row."""
    found = transaction.execute(select(audit).order_by(audit.c.seq.desc()).limit(1)).first()
    return _row(*found) if found else None


def first(transaction: Transaction) -> AuditRow | None:
    """The oldest row."""
    found = transaction.execute(select(audit).order_by(audit.c.seq).limit(1)).first()
    return _row(*found) if found else None


def rows(transaction: Transaction, after: int = 0) -> Iterator[AuditRow]:
    """All rows, or those with higher numbers than ``after``, oldest first, streamed."""
    query = select(audit).where(audit.c.seq > after).order_by(audit.c.seq)
    for found in transaction.execute(query, execution_options=_STREAM):
        yield _row(*found)


def head(transaction: Transaction) -> str | None:
    """The signed note about the newest row; ``None`` if there is none."""
    found = transaction.execute(select(audit_head.c.note).limit(1)).first()
    return str(found[0]) if found else None


def keep_head(transaction: Transaction, note: str) -> None:
    """Store the signed note about the newest row."""
    if not transaction.execute(update(audit_head).values(id=1, note=note)).rowcount:
        transaction.execute(insert(audit_head).values(id=1, note=note))


def rows_and_entries(transaction: Transaction) -> Iterator[tuple[AuditRow, IndexEntry | None]]:
    """All rows, oldest first, streamed, each with what it is found by; ``None`` where that is missing."""
    joined = audit.outerjoin(audit_index, audit_index.c.seq == audit.c.seq)
    query = select(*audit.c, *audit_index.c).select_from(joined).order_by(audit.c.seq)
    for seq, at, body, prev, digest, *entry in transaction.execute(query, execution_options=_STREAM):
        yield _row(seq, at, body, prev, digest), IndexEntry(*entry) if entry[0] is not None else None


def newest(transaction: Transaction, count: int | None, which: EventFilter = EVERY_EVENT) -> list[AuditRow]:
    """The newest ``count`` rows that fit (all for ``None``), newest first."""
    query = select(audit).join(audit_index, audit_index.c.seq == audit.c.seq).where(*which.conditions())
    found = transaction.execute(query.order_by(audit_index.c.seq.desc()).limit(count))
    return [_row(*row) for row in found]


def count(transaction: Transaction) -> int:
    """How many rows there are."""
    return transaction.scalar(select(func.count()).select_from(audit)) or 0


def index_count(transaction: Transaction) -> int:
    """How many rows can be found by the index."""
    return transaction.scalar(select(func.count()).select_from(audit_index)) or 0


def hashes(transaction: Transaction, level: int, start: int, stop: int) -> list[bytes]:
    """Hashes number ``start`` to ``stop`` (not included) of a level: 0 are the rows, level n the stored roots."""
    if level == 0:
        query = select(audit.c.hash).where(audit.c.seq > start, audit.c.seq <= stop).order_by(audit.c.seq)
    else:
        here, at = audit_subtrees.c, audit_subtrees.c.position
        query = select(here.hash).where(here.level == level, at >= start, at < stop).order_by(at)
    return [_bytes(cell) for cell in transaction.scalars(query)]


def keep_subtree(transaction: Transaction, level: int, position: int, root: bytes) -> None:
    """Store the root of a full subtree; one that is there (where a tail was cut off) is replaced."""
    here = audit_subtrees.c
    transaction.execute(delete(audit_subtrees).where(here.level == level, here.position == position))
    transaction.execute(insert(audit_subtrees).values(level=level, position=position, hash=root))


def subtrees(transaction: Transaction) -> dict[tuple[int, int], bytes]:
    """All stored roots by level and position; one for about every 255 rows."""
    query = select(audit_subtrees)
    return {(row.level, row.position): _bytes(row.hash) for row in transaction.execute(query)}


def _row(seq: int, at: object, body: object, prev: object, digest: object) -> AuditRow:
    """The row as it lies, whatever type its cells were given: SQLite lets a cell hold anything."""
    return AuditRow(seq, str(at), _bytes(body), _bytes(prev), _bytes(digest))


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode("utf-8", "surrogateescape")
