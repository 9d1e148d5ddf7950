"""Libraries on either database, made, copied and changed by hand, for tests that hold on both."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg

from bodyworn.storage.databases.base import Database
from bodyworn.storage.databases.postgres import PostgresDatabase
from bodyworn.storage.databases.sqlite import SqliteDatabase
from tests import postgres

#: Tables of migrations after 0004, those that refer to others first: without them a library looks that old.
LATER_TABLES = (
    "restriction_steps",
    "recording_units",
    "sign_in_failures",
    "sessions",
    "credentials",
    "account_steps",
    "accounts",
    "audit_head",
    "encounter_placements",
    "encounter_declines",
    "encounter_statements",
    "encounter_offsets",
    "encounters",
    "dispatch_records",
    "hold_releases",
    "holds",
    "disposal_steps",
    "tombstones",
    "disposals",
)


def dropped(tables: Sequence[str]) -> list[str]:
    """The statements that remove these tables."""
    return [f"DROP TABLE {name}" for name in tables]


class Store(Protocol):
    """A kind of database, and what tests do with it behind the program's back."""

    name: str

    def prepare(self, folder: Path) -> None:
        """Have the library that will be made in ``folder`` use this kind of database."""
        ...

    def open(self, folder: Path) -> Database:
        """The database of a prepared folder."""
        ...

    def copy(self, folder: Path, to: Path) -> Path:
        """A copy of a closed library."""
        ...

    def tamper(self, folder: Path, statements: Sequence[str | tuple[str, tuple[object, ...]]]) -> None:
        """Change rows as one who has the database and not the program; every statement must change something."""
        ...

    def rows(self, folder: Path, query: str) -> list[tuple[object, ...]]:
        """What a query gives."""
        ...

    def forget(self, place: Path) -> None:
        """Free what was made outside of the folders for the libraries in ``place``, which are closed."""
        ...


class SqliteStore:
    """Files."""

    name = "sqlite"

    def prepare(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)

    def open(self, folder: Path) -> SqliteDatabase:
        folder.mkdir(parents=True, exist_ok=True)
        return SqliteDatabase(folder / "library.db")

    def copy(self, folder: Path, to: Path) -> Path:
        return shutil.copytree(folder, to)

    def tamper(self, folder: Path, statements: Sequence[str | tuple[str, tuple[object, ...]]]) -> None:
        with closing(sqlite3.connect(folder / "library.db")) as database, database:
            for act in ("update", "delete"):
                database.execute(f"DROP TRIGGER IF EXISTS audit_refuses_{act}")
            for statement in statements:
                text, values = (statement, ()) if isinstance(statement, str) else statement
                assert database.execute(text.replace("%s", "?"), values).rowcount != 0, "nothing was changed"

    def rows(self, folder: Path, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(folder / "library.db")) as database:
            return database.execute(query).fetchall()

    def forget(self, place: Path) -> None:
        pass


class PostgresStore:
    """Databases of the server of this run."""

    name = "postgres"

    def __init__(self) -> None:
        self._made: dict[Path, str] = {}

    def prepare(self, folder: Path) -> None:
        if not (folder / "bodyworn.toml").exists():
            self._point(folder, postgres.empty_database())

    def open(self, folder: Path) -> PostgresDatabase:
        self.prepare(folder)
        return PostgresDatabase(self.address(folder), folder)

    def copy(self, folder: Path, to: Path) -> Path:
        shutil.copytree(folder, to)
        self._point(to, postgres.copy_database(self._made[folder]))
        return to

    def tamper(self, folder: Path, statements: Sequence[str | tuple[str, tuple[object, ...]]]) -> None:
        with psycopg.connect(self.address(folder)) as connection:
            for act in ("update", "delete", "truncate"):
                connection.execute(f"DROP TRIGGER IF EXISTS audit_refuses_{act} ON audit".encode())
            for statement in statements:
                text, values = (statement, ()) if isinstance(statement, str) else statement
                assert connection.execute(text.encode(), values).rowcount != 0, "nothing was changed"

    def rows(self, folder: Path, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.address(folder)) as connection:
            return connection.execute(query.encode()).fetchall()

    def forget(self, place: Path) -> None:
        for folder in [folder for folder in self._made if folder.is_relative_to(place)]:
            postgres.give_back(self._made.pop(folder))

    def address(self, folder: Path) -> str:
        """The address that the folder's settings name."""
        return (folder / "bodyworn.toml").read_text().split('"')[1]

    def _point(self, folder: Path, name: str) -> None:
        self._made[folder] = name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "bodyworn.toml").write_text(f'database = "{postgres.address_of(name)}"\n')


def store_of(name: str) -> Store:
    """The store of that name: ``sqlite`` or ``postgres``."""
    return PostgresStore() if name == "postgres" else SqliteStore()
