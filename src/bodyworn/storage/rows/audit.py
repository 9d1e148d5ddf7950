"""Rows of the audit log: append and read, never change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, insert, select

from bodyworn.storage.database import Transaction
from bodyworn.storage.tables import audit


@dataclass(frozen=True)
class AuditRow:
    """One row: ``body`` is canonical JSON, ``prev`` and ``hash`` are 32 bytes."""

    seq: int
    at: str
    body: bytes
    prev: bytes
    hash: bytes


def append(transaction: Transaction, row: AuditRow) -> None:
    """Add the next row."""
    transaction.execute(insert(audit).values(seq=row.seq, at=row.at, body=row.body, prev=row.prev, hash=row.hash))


def last(transaction: Transaction) -> AuditRow | None:
    """The newest row."""
    found = transaction.execute(select(audit).order_by(audit.c.seq.desc()).limit(1)).first()
    return _row(found) if found else None


def rows(transaction: Transaction, *, newest_first: bool = False) -> Iterator[AuditRow]:
    """All rows, oldest first unless asked otherwise, streamed."""
    query = select(audit).order_by(audit.c.seq.desc() if newest_first else audit.c.seq)
    for found in transaction.execute(query, execution_options={"yield_per": 1000}):
        yield _row(found)


def newest(transaction: Transaction, count: int) -> list[AuditRow]:
    """The newest ``count`` rows, newest first."""
    return [_row(found) for found in transaction.execute(select(audit).order_by(audit.c.seq.desc()).limit(count))]


def hashes(transaction: Transaction) -> list[bytes]:
    """Hash of every row, oldest first."""
    return [_bytes(cell) for cell in transaction.scalars(select(audit.c.hash).order_by(audit.c.seq))]


def count(transaction: Transaction) -> int:
    """How many rows there are."""
    return transaction.scalar(select(func.count()).select_from(audit)) or 0


def _row(found: Row[Any]) -> AuditRow:
    """The row as it lies, whatever type somebody gave its cells: SQLite lets a cell hold anything."""
    return AuditRow(found.seq, str(found.at), _bytes(found.body), _bytes(found.prev), _bytes(found.hash))


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode("utf-8", "surrogateescape")
