"""All rows of one database into another, by the one set of tables, and digests that show that both hold the same.

A table that is added to :mod:`bodyworn.storage.tables` is copied without a change here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Row, Select, String, Table, func, insert, select, text

from bodyworn.domain.errors import CustodyError
from bodyworn.domain.progress import Progress
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.databases.sqlite import SqliteDatabase
from bodyworn.storage.files import said_clearly, unfinished
from bodyworn.storage.migrations import upgrade
from bodyworn.storage.tables import metadata

_AT_ONCE = 1000
#: Names of the order of text by its bytes, so that both databases give rows in the same order.
_BY_BYTES = {"sqlite": "BINARY", "postgresql": "C"}


@dataclass(frozen=True)
class TableDigest:
    """How many rows a table has, and SHA-256 (hex) over all of them in the order of their primary keys."""

    rows: int
    sha256: str


def copy_rows(source: Transaction, target: Transaction, told: Progress) -> Mapping[str, TableDigest]:
    """Make the tables in the empty ``target``, copy all rows, read both and compare them; digests by table.

    Nothing is there unless the transaction of ``target`` commits. :class:`CustodyError` if anything differs.
    """
    upgrade(target)
    tables = metadata.sorted_tables
    total = sum(source.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    done, digests = 0, {}
    for table in tables:
        digest = _RowsDigest()
        for rows in _rows(source, table):
            digest.add(rows)
            target.execute(insert(table), [dict(row._mapping) for row in rows])
            done += len(rows)
            told(done, total, "copying rows")
        digests[table.name] = digest.value()
        _count_on(target, table)
    _compare(digests, digests_of(target, told))
    return digests


def digests_of(transaction: Transaction, told: Progress) -> Mapping[str, TableDigest]:
    """The digest of every table, the same for the same rows on either database."""
    found = {}
    for number, table in enumerate(metadata.sorted_tables):
        told(number, len(metadata.sorted_tables), "reading rows again")
        digest = _RowsDigest()
        for rows in _rows(transaction, table):
            digest.add(rows)
        found[table.name] = digest.value()
    return found


def one_digest(digests: Mapping[str, TableDigest]) -> str:
    """SHA-256 (hex) over those of all tables."""
    lines = (f"{name} {digest.rows} {digest.sha256}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def clear(transaction: Transaction) -> None:
    """Remove all tables of a library; nothing is lost unless the transaction commits."""
    metadata.drop_all(transaction)
    transaction.execute(text("DROP TABLE IF EXISTS alembic_version"))
    if transaction.dialect.name == "postgresql":
        transaction.execute(text("DROP FUNCTION IF EXISTS audit_refuses() CASCADE"))


def snapshot(database: Database, to: Path, told: Progress) -> None:
    """Write all rows as they are at one moment to a new SQLite file, from either database, while others write."""
    if isinstance(database, SqliteDatabase):
        database.back_up(to)
        return
    target = SqliteDatabase(to)
    try:
        with database.read() as source, target.write() as copy:
            copy_rows(source, copy, told)
    finally:
        target.close()


@contextmanager
def new_file(path: Path, folder: Path) -> Iterator[SqliteDatabase]:
    """A new SQLite database that gets the name ``path`` when the block ends, and is gone if the block raises."""
    with said_clearly(folder), unfinished(path) as draft:
        database = SqliteDatabase(draft, folder=folder)
        try:
            yield database
        finally:
            database.close()
            for end in ("-wal", "-shm"):  # left only where the database could not be closed in order
                draft.with_name(draft.name + end).unlink(missing_ok=True)


def _rows(transaction: Transaction, table: Table) -> Iterator[Sequence[Row[tuple[object, ...]]]]:
    """Its rows in the order of the primary key, some at a time."""
    by_bytes = _BY_BYTES[transaction.dialect.name]
    keys = [key.collate(by_bytes) if isinstance(key.type, String) else key for key in table.primary_key]
    query: Select[tuple[object, ...]] = select(table).order_by(*keys)
    yield from transaction.execute(query, execution_options={"yield_per": _AT_ONCE}).partitions()


def _count_on(target: Transaction, table: Table) -> None:
    """Have PostgreSQL number new rows from the highest number on; SQLite does so by itself."""
    column = table.autoincrement_column
    if column is None or target.dialect.name != "postgresql":
        return
    newest = target.scalar(select(func.max(column)))
    if newest is not None:
        target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), newest)))


def _compare(was: Mapping[str, TableDigest], now: Mapping[str, TableDigest]) -> None:
    for name, digest in was.items():
        if now.get(name) != digest:
            raise CustodyError(
                f"the table {name} does not read back as it was copied", "Check both databases and their disks"
            )


class _RowsDigest:
    """SHA-256 over rows: each cell with its type and length, so that no two different rows give the same bytes."""

    def __init__(self) -> None:
        self._sha256, self._rows = hashlib.sha256(), 0

    def add(self, rows: Sequence[Row[tuple[object, ...]]]) -> None:
        for row in rows:
            self._sha256.update(b"".join(map(_cell, row)) + b"\n")
        self._rows += len(rows)

    def value(self) -> TableDigest:
        return TableDigest(self._rows, self._sha256.hexdigest())


def _cell(value: object) -> bytes:
    if value is None:
        return b"-"
    if isinstance(value, bytes):
        kind, data = b"b", value
    elif isinstance(value, str):
        kind, data = b"s", value.encode("utf-8", "surrogatepass")
    else:
        kind, data = b"n", repr(value).encode()
    return b"%s%d:%s" % (kind, len(data), data)
