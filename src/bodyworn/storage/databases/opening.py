"""Which database a library has, by its setting."""

from __future__ import annotations

from pathlib import Path

from bodyworn.domain.errors import LibraryError
from bodyworn.storage.databases.base import Database
from bodyworn.storage.databases.sqlite import SqliteDatabase


def database_of(folder: Path, setting: str, *, read_only: bool = False) -> Database:
    """The database that ``setting`` names: a file, relative to ``folder``, or ``postgresql://…``."""
    if "://" not in setting:
        return SqliteDatabase(folder / setting, folder=folder, read_only=read_only)
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise LibraryError(
            "the driver of PostgreSQL is not installed", "Install the extra `postgres` of this package"
        ) from None
    from bodyworn.storage.databases.postgres import PostgresDatabase

    return PostgresDatabase(setting, folder, read_only=read_only)
