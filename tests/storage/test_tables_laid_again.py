"""The tables that tests lay without the migrations are those of the migrations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from bodyworn.storage import migrations
from tests.makers import tables
from tests.stores import LATER_TABLES, Store, dropped

#: What a database says about its tables, for each kind.
FORM = {
    "sqlite": ("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name",),
    "postgres": (
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY 1, 2",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
    ),
}


def form(store: Store, folder: Path, lay: Callable[[Connection], None]) -> list[list[tuple[object, ...]]]:
    """The form of a new database after ``lay``, and the version in it."""
    database = store.open(folder)
    with database.write() as transaction:
        lay(transaction)
    database.close()
    queries = (*FORM[store.name], "SELECT version_num FROM alembic_version")
    return [store.rows(folder, query) for query in queries]


def test_tables_laid_again_are_those_of_the_migrations(tmp_path: Path, store: Store) -> None:
    made = form(store, tmp_path / "made", migrations.upgrade)
    form(store, tmp_path / "heard", tables.lay)
    assert form(store, tmp_path / "again", tables.lay) == made
    assert len(made[0]) > 20
    store.forget(tmp_path)


def test_tables_that_are_there_go_through_the_migrations(tmp_path: Path, store: Store) -> None:
    database = store.open(tmp_path / "library")
    with database.write() as transaction:
        migrations.upgrade(transaction)
        for statement in (*dropped(LATER_TABLES), "UPDATE alembic_version SET version_num = '0004'"):
            transaction.exec_driver_sql(statement)
    with database.write() as transaction:
        tables.lay(transaction)
        assert transaction.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == migrations.HEAD
    database.close()
    store.forget(tmp_path)
