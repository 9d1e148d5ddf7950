"""The database of a library: whole transactions, one writer at a time, migrated to the current form when opened."""

from __future__ import annotations

import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bodyworn.domain.errors import CustodyError, LibraryBusy, LibraryError, LibraryReadOnly
from bodyworn.storage.in_use import FolderUse
from bodyworn.storage.migrations import HEAD, KNOWN, upgrade

#: What runs inside :meth:`Database.write`; all row functions take one. It commits as a whole or not at all.
Transaction = Connection

#: How long a writer waits for the one before it.
BUSY_MS = 30_000
#: The same for one that ends long work, which would be lost if it gave up.
PATIENT_MS = 600_000
CHECK_IT = "Check the installation and the database"


class Database(ABC):
    """Rows of one library.

    ``folder`` is the library's folder and ``location`` says where the rows lie, without any password: both are for
    messages. Whatever the database refuses comes out as a :class:`LibraryError`.
    """

    #: ``sqlite`` or ``postgresql``.
    kind: str

    def __init__(self, folder: Path, location: str, engine: Engine, *, read_only: bool) -> None:
        self.folder = folder
        self.location = location
        self.read_only = read_only
        self._engine = engine
        # threads of one process queue up here: a database would have them try again from time to time, the last first
        self._turn = threading.Lock()
        self._use: FolderUse | None = None

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is a library in it already."""

    @abstractmethod
    def integrity(self) -> list[str]:
        """What the database's own check of its pages complains about; empty when nothing."""

    @abstractmethod
    def _begin_reading(self, transaction: Transaction) -> None:
        """Begin with one view of all rows that does not change under the reader."""

    @abstractmethod
    def _begin_writing(self, transaction: Transaction, wait_ms: int) -> None:
        """Begin as the only writer, once those before it are done, or give up after so long."""

    @abstractmethod
    def _refusal(self, error: DBAPIError) -> LibraryError:
        """The library error for what the database refused, by its error code."""

    @contextmanager
    def write(self, *, patient: bool = False) -> Iterator[Transaction]:
        """One transaction that takes the write lock at once; rolled back if the block raises.

        :class:`LibraryBusy` where the writers before it take longer than ``BUSY_MS``. One that ends long work is
        ``patient``, and waits as long as ``PATIENT_MS``.
        """
        if self.read_only:
            raise self._read_only()
        wait_ms = PATIENT_MS if patient else BUSY_MS
        until = time.monotonic() + wait_ms / 1000
        if not self._turn.acquire(timeout=wait_ms / 1000):
            raise self._busy()
        try:
            left_ms = max(round((until - time.monotonic()) * 1000), 1)
            with self._transaction(lambda begun: self._begin_writing(begun, left_ms)) as transaction:
                yield transaction
        finally:
            self._turn.release()

    @contextmanager
    def write_beside(self, _name: str) -> Iterator[Transaction]:
        """One transaction for rows of which the audit log says nothing: alone with others of that name, and patient.

        Where the database lets several write, it does not queue up with the writers of the audit log.
        """
        with self.write(patient=True) as transaction:
            yield transaction

    def keep_out(self, _transaction: Transaction, _name: str) -> None:
        """Until this transaction ends nobody writes beside it under that name; waits for who does.

        Nothing to do where there is one writer at a time.
        """
        return

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One consistent view of all rows."""
        with self._transaction(self._begin_reading) as transaction:
            yield transaction

    @contextmanager
    def _transaction(self, begin: Callable[[Transaction], None]) -> Iterator[Transaction]:
        try:
            with self._connected() as connection, connection.begin():
                begin(connection)
                yield connection
        except PoolTimeout as error:
            raise self._busy() from error
        except DBAPIError as error:
            raise self._refusal(error) from error

    def _connected(self) -> Connection:
        """A connection; where the database lets nobody in for the moment, it is tried again, each at another time."""
        until = time.monotonic() + BUSY_MS / 1000
        while True:
            try:
                return self._engine.connect()
            except DBAPIError as error:
                if not self._lets_in_later(error) or time.monotonic() > until:
                    raise
            time.sleep(0.05 + secrets.randbelow(450) / 1000)

    def _lets_in_later(self, _error: DBAPIError) -> bool:
        """Whether a connection was refused only for the moment."""
        return False

    def is_empty(self) -> bool:
        """Whether it holds no audit log: there is no database, no table, or no row."""
        if not self.exists():
            return True
        with self.read() as transaction:
            return not has_rows(transaction)

    def check_form(self) -> None:
        """Raise :class:`LibraryError` unless the tables have the form of this version, as they must to be only read."""
        with self.read() as transaction:
            if self._known_form(transaction) != HEAD:
                raise LibraryError(
                    f"the library {self.folder} is of an earlier version, and its tables have to be changed first",
                    "Copy the whole folder to a disk that can be written to, and look there",
                )

    def migrate(self) -> None:
        """Bring the tables to the current form; :class:`LibraryError` if a newer version made them."""
        with self.read() as transaction:
            if self._known_form(transaction) == HEAD:
                return
        with self.write() as transaction:
            if revision(transaction) != HEAD:
                upgrade(transaction)

    def _known_form(self, transaction: Transaction) -> str | None:
        """The form that the tables have, if this version knows it."""
        current = revision(transaction)
        if current is None or current in KNOWN:
            return current
        if current.isdecimal() and len(current) == len(HEAD) and current > HEAD:
            raise LibraryError(
                f"the library {self.folder} was made by a newer version of bodyworn", "Install that version"
            )
        raise CustodyError(
            f"the database {self.location} does not say which form its tables have",
            "Keep the library as it is, tell its custodian, and restore it from its backup",
        )

    def scrub(self) -> None:
        """Write the database anew, so that its files hold nothing of rows that were removed; a writer waits meanwhile.

        What the server or the system keeps elsewhere (logs of PostgreSQL, snapshots, backups) is beyond it.
        :class:`LibraryBusy` while another process reads or writes.
        """
        if self.read_only:
            raise self._read_only()
        if not self._turn.acquire(timeout=BUSY_MS / 1000):
            raise self._busy()
        try:
            with self._engine.connect() as connection:
                self._scrub(connection.execution_options(isolation_level="AUTOCOMMIT"))
        except DBAPIError as error:
            raise self._refusal(error) from error
        finally:
            self._turn.release()

    @abstractmethod
    def _scrub(self, connection: Connection) -> None:
        """Write the database anew over a connection without a transaction."""

    def use(self) -> None:
        """Take part in the use of the library's folder until it is closed; :class:`LibraryBusy` while it moves."""
        if self._use is None:
            try:
                self._use = FolderUse(self.folder)
            except BlockingIOError:
                raise LibraryBusy(
                    f"the library {self.folder} is being moved to another database", "Wait until that is done"
                ) from None

    @contextmanager
    def alone(self) -> Iterator[Transaction]:
        """A transaction that writes while nobody else has the library open; :class:`LibraryBusy` where somebody has."""
        self.use()
        assert self._use is not None
        self._engine.dispose()  # what idles here must not be taken for somebody else
        try:
            with self._use.alone(), self.write() as transaction:
                if self._others(transaction):
                    raise BlockingIOError
                yield transaction
        except BlockingIOError:
            raise LibraryBusy(
                f"the library {self.folder} is open in another process", "Close it everywhere else first"
            ) from None

    def _others(self, _transaction: Transaction) -> bool:
        """Whether another process is connected to the database, where that can be told."""
        return False

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
        if self._use is not None:
            self._use.close()
        self._use = None

    def _busy(self) -> LibraryBusy:
        return LibraryBusy(f"the library {self.folder} is busy with another process", "Wait a moment and try again")

    def _read_only(self) -> LibraryReadOnly:
        return LibraryReadOnly(
            f"the library {self.folder} is open for reading only", "Open it where it can be written to"
        )


def has_rows(transaction: Transaction) -> bool:
    """Whether there is an audit log with at least one row."""
    return inspect(transaction).has_table("audit") and bool(transaction.scalar(text("SELECT 1 FROM audit LIMIT 1")))


def revision(transaction: Transaction) -> str | None:
    """The form that the tables have, empty where it was removed; ``None`` where there are no tables."""
    if not inspect(transaction).has_table("alembic_version"):
        return "" if inspect(transaction).has_table("audit") else None
    return str(transaction.scalar(text("SELECT version_num FROM alembic_version")) or "")
