from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bodyworn.domain.errors import LibraryError, LibraryReadOnly
from bodyworn.storage.database import Database
from bodyworn.storage.migrations import HEAD
from bodyworn.storage.rows import audit
from bodyworn.storage.tables import metadata


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(tmp_path / "library.db")
    made.migrate()
    return made


def test_migrations_lead_to_the_tables_of_the_program(database: Database) -> None:
    with database.read() as transaction:
        context = MigrationContext.configure(transaction, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    with database.read() as transaction:
        assert transaction.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def test_a_library_of_a_newer_version_is_refused(database: Database) -> None:
    with database.write() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LibraryError, match="newer version"):
        database.migrate()


def test_settings_that_survive_a_power_cut(database: Database) -> None:
    with database.read() as transaction:
        assert transaction.scalar(text("PRAGMA journal_mode")) == "wal"
        assert transaction.scalar(text("PRAGMA synchronous")) == 2
        assert transaction.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_write_that_raises_leaves_nothing(database: Database) -> None:
    row = audit.AuditRow(1, "2026-01-01T00:00:00.000Z", b"{}", bytes(32), b"h" * 32)

    def act() -> None:
        with database.write() as transaction:
            audit.append(transaction, row)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    with database.read() as transaction:
        assert audit.count(transaction) == 0


@pytest.mark.parametrize("act", ["UPDATE audit SET at = 'x'", "DELETE FROM audit"])
def test_the_record_refuses_change_and_removal(database: Database, act: str) -> None:
    with database.write() as transaction:
        audit.append(transaction, audit.AuditRow(1, "2026-01-01T00:00:00.000Z", b"{}", bytes(32), b"h" * 32))
    with pytest.raises(LibraryError, match="append-only"), database.write() as transaction:
        transaction.execute(text(act))


def test_writers_queue_up(database: Database) -> None:
    """A write takes the lock at its beginning, so read-then-write never collides."""

    def append() -> None:
        for _ in range(10):
            with database.write() as transaction:
                seq = audit.count(transaction) + 1
                audit.append(transaction, audit.AuditRow(seq, "t", b"{}", bytes(32), seq.to_bytes(32, "big")))

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as transaction:
        assert [row.seq for row in audit.rows(transaction)] == list(range(1, 41))


def test_read_only_refuses_writing_clearly(database: Database) -> None:
    still = Database(database.path, read_only=True)
    with pytest.raises(LibraryReadOnly), still.write() as transaction:
        transaction.execute(text("DELETE FROM jobs"))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_text("not a database, though long enough to be taken for one" * 20)
    with pytest.raises(LibraryError, match="not a database"):
        Database(tmp_path / "library.db").migrate()
