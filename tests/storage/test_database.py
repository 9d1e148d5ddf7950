"""One contract over both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bodyworn.domain.errors import LibraryError, LibraryReadOnly
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.databases.opening import database_of
from bodyworn.storage.databases.sqlite import SqliteDatabase
from bodyworn.storage.migrations import HEAD
from bodyworn.storage.rows import audit
from bodyworn.storage.tables import metadata
from tests.stores import Store

AT = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def rows(tmp_path: Path, store: Store) -> Iterator[Database]:
    made = store.open(tmp_path / "library")
    made.migrate()
    yield made
    made.close()
    store.forget(tmp_path)


def append(database: Database, seq: int = 1) -> None:
    with database.write() as transaction:
        add(transaction, seq)


def add(transaction: Transaction, seq: int) -> None:
    row = audit.AuditRow(seq, AT, b"{}", bytes(32), seq.to_bytes(32))
    audit.append(transaction, [row], [audit.IndexEntry(seq, AT, "a.tag", "os:a", "thing")])


def test_migrations_lead_to_the_tables_of_the_program(rows: Database) -> None:
    with rows.read() as transaction:
        context = MigrationContext.configure(transaction, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_library_is_there_once_it_is_migrated(tmp_path: Path, store: Store) -> None:
    database = store.open(tmp_path / "library")
    assert not database.exists()
    database.migrate()
    assert database.exists()
    database.close()
    store.forget(tmp_path)


def test_migrating_again_changes_nothing(rows: Database) -> None:
    rows.migrate()
    with rows.read() as transaction:
        assert transaction.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def test_a_library_of_a_newer_version_is_refused(rows: Database) -> None:
    with rows.write() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LibraryError, match="newer version"):
        rows.migrate()


def test_the_check_of_the_database_itself_finds_nothing(rows: Database) -> None:
    append(rows)
    assert rows.integrity() == []


def test_a_write_that_raises_leaves_nothing(rows: Database) -> None:
    def act() -> None:
        with rows.write() as transaction:
            add(transaction, 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    with rows.read() as transaction:
        assert audit.count(transaction) == 0


@pytest.mark.parametrize("act", ["UPDATE audit SET at = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_audit_log_refuses_change_and_removal(rows: Database, act: str) -> None:
    if rows.kind == "sqlite" and act.startswith("TRUNCATE"):
        act = "DELETE FROM audit"  # SQLite has no other way to empty a table
    append(rows)
    with pytest.raises(LibraryError, match="append-only"), rows.write() as transaction:
        transaction.execute(text(act))
    with rows.read() as transaction:
        assert [row.at for row in audit.rows(transaction)] == [AT]


def test_writers_queue_up(rows: Database) -> None:
    """A write takes the lock at its beginning, so read-then-write never collides."""

    def work() -> None:
        for _ in range(10):
            with rows.write() as transaction:
                add(transaction, audit.count(transaction) + 1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with rows.read() as transaction:
        assert [row.seq for row in audit.rows(transaction)] == list(range(1, 41))


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(rows: Database) -> None:
    append(rows, 1)
    with rows.read() as transaction:
        assert audit.count(transaction) == 1
        append(rows, 2)
        assert audit.count(transaction) == 1


def test_a_reader_cannot_write_on_postgres(rows: Database) -> None:
    if rows.kind == "sqlite":
        return  # there a reader that writes becomes a writer
    with pytest.raises(LibraryReadOnly), rows.read() as transaction:
        add(transaction, 1)


def test_ids_are_found_whatever_their_case(rows: Database) -> None:
    from bodyworn.storage.rows import recordings

    with rows.read() as transaction:
        assert recordings.matching(transaction, "REC_A") == []


def test_read_only_refuses_writing_clearly(tmp_path: Path, rows: Database, store: Store) -> None:
    address = str(rows.path) if isinstance(rows, SqliteDatabase) else store.address(tmp_path / "library")  # type: ignore[attr-defined]
    rows.close()
    still = database_of(tmp_path / "library", address, read_only=True)
    with pytest.raises(LibraryReadOnly), still.write() as transaction:
        transaction.execute(text("DELETE FROM jobs"))
    with still.read() as transaction:
        assert audit.count(transaction) == 0
    still.close()


class TestSqlite:
    """What only a file has."""

    def test_settings_that_survive_a_power_cut(self, tmp_path: Path) -> None:
        with SqliteDatabase(tmp_path / "library.db").read() as transaction:
            assert transaction.scalar(text("PRAGMA journal_mode")) == "wal"
            assert transaction.scalar(text("PRAGMA synchronous")) == 2
            assert transaction.scalar(text("PRAGMA foreign_keys")) == 1

    def test_a_file_that_is_no_database(self, tmp_path: Path) -> None:
        (tmp_path / "library.db").write_text("not a database, though long enough to be taken for one" * 20)
        with pytest.raises(LibraryError, match="not a database"):
            SqliteDatabase(tmp_path / "library.db").migrate()
