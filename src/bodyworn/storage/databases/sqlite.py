"""A library in one SQLite file: WAL mode, full synchronization, one writer at a time."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError, connect
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from bodyworn.domain.errors import Code, LibraryError
from bodyworn.storage.databases.base import BUSY_MS, CHECK_IT, Database, Transaction
from bodyworn.storage.files import no_room, no_room_for, no_writing, path_refused

#: SQLite takes 512 bytes, with the ends of the names of the files that it lays beside the database.
LONGEST_PATH = 500

#: SQLite's primary result codes (https://www.sqlite.org/rescode.html) and what each one means for a library.
_BUSY = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED
_NO_WRITING = {3, 8, 14}  # SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN
_NO_ROOM = {10, 13}  # SQLITE_IOERR: what a full disk gives where the log is mapped; SQLITE_FULL
_DAMAGED = {11, 26}  # SQLITE_CORRUPT, SQLITE_NOTADB


class SqliteDatabase(Database):
    """Rows of one library in the file ``path``.

    ``read_only`` opens the file as it lies, without a lock or a log: for a library on a read-only disk that
    is not written to at that time.
    """

    kind = "sqlite"

    def __init__(self, path: Path, *, folder: Path | None = None, read_only: bool = False) -> None:
        folder = folder or path.parent
        if len(os.fsencode(path.absolute())) > LONGEST_PATH:
            raise path_refused(path, "it is too long for a database")
        log = path.with_name(path.name + "-wal")
        if read_only and log.exists() and log.stat().st_size:
            raise LibraryError(
                f"the library {folder} was not closed properly, so its newest rows cannot be read as it lies",
                "Copy the whole folder to a disk that can be written to, and look there",
            )
        # connections stay open: when the last one closes, SQLite folds its log into the file, which takes some syncs
        engine = create_engine("sqlite://", creator=self._connect, poolclass=QueuePool)
        event.listen(engine, "connect", self._prepare)
        super().__init__(folder, str(path), engine, read_only=read_only)
        self.path = path

    def _connect(self) -> SqliteConnection:
        """A connection to just this file: its name goes through no URL, so nothing in it has a meaning."""
        name = quote(os.fsencode(self.path.resolve()))
        how = "mode=ro&immutable=1" if self.read_only else "mode=rwc"
        return connect(f"file:{name}?{how}", uri=True, check_same_thread=False)

    def _prepare(self, connection: SqliteConnection, _: object) -> None:
        connection.isolation_level = None  # transactions begin where `_begin` says, not where the driver guesses
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        if not self.read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten in its page

    def exists(self) -> bool:
        """Whether the file is there and something is in it."""
        return self.path.is_file() and self.path.stat().st_size > 0

    def integrity(self) -> list[str]:
        """What SQLite's own integrity check complains about; empty when nothing."""
        with self.read() as transaction:
            lines = [str(row[0]) for row in transaction.execute(text("PRAGMA integrity_check"))]
        return [] if lines == ["ok"] else lines

    def back_up(self, to: Path) -> None:
        """Write the database as it is at one moment to the file ``to``; who writes meanwhile is not held up.

        SQLite's online backup in one step (https://www.sqlite.org/backup.html).
        """
        with self.read() as transaction:
            here = transaction.connection.driver_connection
            assert isinstance(here, SqliteConnection)
            with closing(connect(to)) as there:
                try:
                    here.backup(there)
                except OperationalError as error:
                    if error.sqlite_errorcode & 0xFF in _NO_ROOM:
                        raise no_room_for(to.name) from error
                    raise

    def _begin_reading(self, transaction: Transaction) -> None:
        transaction.exec_driver_sql("BEGIN")

    def _begin_writing(self, transaction: Transaction, wait_ms: int) -> None:
        transaction.exec_driver_sql(f"PRAGMA busy_timeout = {wait_ms}")
        transaction.exec_driver_sql("BEGIN IMMEDIATE")

    def _scrub(self, connection: Connection) -> None:
        """Rewrite the file, then fold the log into it and cut the log to nothing."""
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.exec_driver_sql("VACUUM")  # pages that were freed before secure_delete was set
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        if busy:
            raise self._busy()

    def _refusal(self, error: DBAPIError) -> LibraryError:
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code in _NO_ROOM:
            return no_room(self.folder)
        if code in _NO_WRITING:
            return no_writing(self.folder)
        if code in _BUSY:
            return self._busy()
        if code in _DAMAGED:
            return LibraryError(
                f"the database {self.path} is damaged or is not a database ({error.orig})",
                "Restore the library from its backup",
            )
        return LibraryError(
            f"the database of the library {self.folder} refused: {error.orig}",
            CHECK_IT,
            Code.DATABASE_REFUSED,
            folder=str(self.folder),
        )
