"""A library in a PostgreSQL database: an advisory lock makes writers queue up, as SQLite's file lock does.

The password may stand in the URL, in ``PGPASSWORD`` or in ``~/.pgpass``. It appears in no message: what is shown is
host and name of the database, and what the server itself says.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from bodyworn.domain.errors import Code, LibraryError
from bodyworn.storage.databases.base import BUSY_MS, CHECK_IT, PATIENT_MS, Database, Transaction, revision
from bodyworn.storage.files import no_room, no_writing
from bodyworn.storage.tables import metadata

#: Names the lock of the writers within one database: the first eight bytes of SHA-256 of "bodyworn".
WRITERS_LOCK = 0x5668_BE5D_6E94_AF88
#: The first of the two numbers that name the lock of those who write beside them; the second is of the name. Locks of
#: two numbers are never the same as one of a single number.
_BESIDE = WRITERS_LOCK >> 33

#: What connections of the program are called on the server.
_NAME = "bodyworn"
#: So often it is looked whether another connection is gone.
_LOOKS = 20

#: SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html) and what each one means for a library.
_NO_ROOM = {"53100"}  # disk_full
_NO_WRITING = {"25006", "42501"}  # read_only_sql_transaction, insufficient_privilege
_BUSY = {
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "53300",  # too_many_connections
    "55P03",  # lock_not_available
    "57014",  # query_canceled
    "57P03",  # cannot_connect_now
}
#: What the server says when it lets nobody in for the moment. The driver gives no SQLSTATE of a connection that was not
#: made, so a server that speaks another language than English is not waited for.
_LATER = ("too many clients", "remaining connection slots", "is starting up", "is in recovery mode")
_LOST = {"57P01", "57P02", "57P05", "25P03"}  # shut down, crashed, idle for too long


class PostgresDatabase(Database):
    """Rows of one library in the database that ``url`` names; ``folder`` is where its files lie."""

    kind = "postgresql"

    def __init__(self, url: str, folder: Path, *, read_only: bool = False) -> None:
        parsed = _parsed(url)
        engine = create_engine(
            parsed,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"application_name": _NAME, "connect_timeout": 10},
        )
        super().__init__(folder, _shown(parsed), engine, read_only=read_only)

    def exists(self) -> bool:
        """Whether the database has tables of a library."""
        with self.read() as transaction:
            return revision(transaction) is not None

    def integrity(self) -> list[str]:
        """Pages whose checksum did not hold, as far as the server has read them; empty when none."""
        with self.read() as transaction:
            if transaction.scalar(text("SHOW data_checksums")) != "on":
                return []
            query = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
            failures = transaction.scalar(text(query)) or 0
        return [f"{failures} pages of {self.location} have a wrong checksum"] if failures else []

    def _begin_reading(self, transaction: Transaction) -> None:
        transaction.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def _begin_writing(self, transaction: Transaction, wait_ms: int) -> None:
        _begin_locked(transaction, wait_ms, f"pg_advisory_xact_lock({WRITERS_LOCK})")

    @contextmanager
    def write_beside(self, name: str) -> Iterator[Transaction]:
        """One transaction that waits for others of that name, and not for the writers of the audit log."""
        if self.read_only:
            raise self._read_only()
        with self._transaction(lambda begun: _begin_locked(begun, PATIENT_MS, _beside(name))) as transaction:
            yield transaction

    def keep_out(self, transaction: Transaction, name: str) -> None:
        """Take the lock of those who write beside under that name."""
        transaction.exec_driver_sql(f"SELECT {_beside(name)}")

    def _lets_in_later(self, error: DBAPIError) -> bool:
        said = str(error.orig)
        return any(words in said for words in _LATER)

    def _scrub(self, connection: Connection) -> None:
        """Rewrite every table but the audit log's into new files, and take statistics anew.

        Statistics hold values of rows. Those of an empty table are not taken anew, so they are dropped with the type.
        """
        connection.exec_driver_sql(f"SET lock_timeout = {BUSY_MS}")
        tables = [table for table in metadata.sorted_tables if not table.name.startswith("audit")]
        for table in tables:
            for column in table.c:
                kind = column.type.compile(connection.dialect)
                connection.exec_driver_sql(f'ALTER TABLE {table.name} ALTER COLUMN "{column.name}" TYPE {kind}')
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table.name}")
        connection.exec_driver_sql("RESET lock_timeout")

    def _others(self, transaction: Transaction) -> bool:
        """Whether another connection of this program stays open: one that was just closed is gone in a moment."""
        query = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = :name AND pid <> pg_backend_pid()"
        )
        for _ in range(_LOOKS):
            transaction.execute(text("SELECT pg_stat_clear_snapshot()"))
            if not transaction.scalar(query, {"name": _NAME}):
                return False
            time.sleep(0.05)
        return True

    def _refusal(self, error: DBAPIError) -> LibraryError:
        state = getattr(error.orig, "sqlstate", None) or ""
        if state in _NO_ROOM:
            return no_room(self.folder)
        if state in _NO_WRITING:
            return no_writing(self.folder)
        if state in _BUSY:
            return self._busy()
        silent = not state and isinstance(error, OperationalError | InterfaceError)
        if silent or state.startswith("08") or state in _LOST:
            why = str(error.orig).partition("FATAL:")[2].strip() or state or "no answer"
            return LibraryError(
                f"the database {self.location} does not answer, or broke off ({why})",
                "Check that the server runs and lets this account in; what was not finished is not written",
            )
        said = str(getattr(getattr(error.orig, "diag", None), "message_primary", "") or "")
        return LibraryError(
            f"the database of the library {self.folder} refused: {said} ({state})",
            CHECK_IT,
            Code.DATABASE_REFUSED,
            folder=str(self.folder),
        )


def _begin_locked(transaction: Transaction, wait_ms: int, lock: str) -> None:
    """Read committed: what is read after the lock is what the writer before has left."""
    transaction.exec_driver_sql(
        f"SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = {wait_ms}; SELECT {lock}"
    )


def _beside(name: str) -> str:
    """The call that takes the lock of that name: what is taken for one of two names never lets in too many."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True)
    return f"pg_advisory_xact_lock({_BESIDE}, {number})"


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in ("postgresql", "postgres"):
            raise ArgumentError
    except (ArgumentError, ValueError):
        raise LibraryError(  # the text may hold a password, so it is not shown
            "the setting database is not the address of a PostgreSQL database",
            "Write it as postgresql://user@host/name; the password can stand in the password file of PostgreSQL",
        ) from None
    return parsed.set(drivername="postgresql+psycopg")


def _shown(url: URL) -> str:
    """Where it is, without anything that could be secret."""
    host = url.host or str(url.query.get("host", "")) or "localhost"
    port = f":{url.port}" if url.port else ""
    return f"{url.database or url.username or ''} at {host}{port}"
