"""The database of a library: SQLite in WAL mode, one writer at a time, migrated to the current form when opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bodyworn.domain.errors import LibraryError
from bodyworn.storage import refusals
from bodyworn.storage.migrations import HEAD, upgrade

#: What runs inside :meth:`Database.write`; all row functions take one. It commits as a whole or not at all.
Transaction = Connection

BUSY_MS = 30_000


class Database:
    """Rows of one library.

    ``read_only`` opens the file as it lies, without a lock or a log: for a library on a read-only disk that nobody
    writes to at that time.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        log = path.with_name(path.name + "-wal")
        if read_only and log.exists() and log.stat().st_size:
            raise LibraryError(
                f"the library {path.parent} was not closed properly, so its newest rows cannot be read in place",
                "Copy the whole folder to a disk that can be written to, and look there",
            )
        how = "?mode=ro&immutable=1&uri=true" if read_only else "?uri=true"
        self._engine = create_engine(f"sqlite:///file:{_quoted(path)}{how}", poolclass=NullPool)
        event.listen(self._engine, "connect", self._prepare)
        event.listen(self._engine, "begin", _begin)

    def _prepare(self, connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions begin where `_begin` says, not where the driver guesses
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        if not self.read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One transaction that takes the write lock at once; rolled back if the block raises."""
        with self._transaction(writes=True) as transaction:
            yield transaction

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One consistent view of all rows."""
        with self._transaction(writes=False) as transaction:
            yield transaction

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Transaction]:
        try:
            with self._engine.connect() as connection:
                connection.info["writes"] = writes
                with connection.begin():
                    yield connection
        except DBAPIError as error:
            raise refusals.of_database(str(error.orig), self.path.parent) from error

    def migrate(self) -> None:
        """Bring the tables to the current form; :class:`LibraryError` if a newer version made them."""
        with self.read() as transaction:
            current = _revision(transaction)
        if current == HEAD:
            return
        if current is not None and current > HEAD:
            raise LibraryError(
                f"the library {self.path.parent} was made by a newer version of bodyworn", "Install that version"
            )
        with self.write() as transaction:
            if _revision(transaction) != HEAD:
                upgrade(transaction)

    def sound(self) -> list[str]:
        """What SQLite's own integrity check complains about; empty when nothing."""
        with self.read() as transaction:
            lines = [str(row[0]) for row in transaction.execute(text("PRAGMA integrity_check"))]
        return [] if lines == ["ok"] else lines

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.get("writes") else "BEGIN")


def _revision(transaction: Transaction) -> str | None:
    if not inspect(transaction).has_table("alembic_version"):
        return None
    return str(transaction.scalar(text("SELECT version_num FROM alembic_version")))


def _quoted(path: Path) -> str:
    """A path as the path part of an SQLite URI."""
    from urllib.parse import quote

    return quote(str(path.resolve()))
