"""Several processes at one audit log, and what becomes of it when one is killed, on both databases."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bodyworn.bootstrap import Library, open_library
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.errors import LibraryBusy, LibraryError
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress
from bodyworn.storage.databases import base, postgres, sqlite
from tests.stores import PostgresStore, Store

WRITERS, EVENTS = 3, 100

#: Opens only what a writer needs, so that it is quickly at work.
OPEN = """
import sys
from pathlib import Path
from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.checkpoint import CheckpointFolder, CheckpointSigner
from bodyworn.domain.actor import Actor
from bodyworn.storage.databases.opening import database_of
folder, setting, actor = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
database = database_of(folder, setting)
signer = CheckpointSigner.load(folder / "keys" / "record.key")
log = AuditLog(database, Actor(actor, "node", "test"), CheckpointFolder(folder / "checkpoints"), signer)
"""

APPEND = """
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[4])):
    log.append("recording.viewed", f"rec_{number}")
"""

STOP_IN_THE_MIDDLE = """
with database.write() as transaction:
    for number in range(int(sys.argv[4])):
        log.append("recording.viewed", f"rec_{number}", within=transaction)
    print("ready", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def library(new_library: Callable[..., Library]) -> Library:
    return new_library()


def start(script: str, library: Library, actor: str, events: int) -> subprocess.Popen[str]:
    """A process that says when it is ready, and then waits for a line."""
    command = [sys.executable, "-c", OPEN + script, str(library.folder), library.settings.database, actor, str(events)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ready(process: subprocess.Popen[str]) -> bool:
    """Wait until it is."""
    assert process.stdout is not None
    return process.stdout.readline() == "ready\n"


def test_processes_that_append_at_once_leave_one_order_without_a_gap(library: Library) -> None:
    """301 rows: the root of a full subtree is stored on the way, by the writer of the row that makes it full."""
    writers = [start(APPEND, library, f"os:writer-{number}", EVENTS) for number in range(WRITERS)]
    assert all(map(ready, writers))
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    assert [writer.wait() for writer in writers] == [0] * WRITERS
    events = library.audit_log.newest(10_000)[::-1]
    assert [event.seq for event in events] == list(range(1, WRITERS * EVENTS + 2))
    for number in range(WRITERS):
        mine = [event.object for event in events if event.actor == f"os:writer-{number}"]
        assert mine == [f"rec_{number}" for number in range(EVENTS)], "and each writer's own order stays"
    library.audit_log.append(Tag.RECORDING_VIEWED, "rec_x")
    library.audit_log.seal()
    report = library.verify(no_progress, note=False)
    assert report.faults == ()
    assert report.sealed == report.rows


def test_a_writer_that_is_killed_leaves_nothing_of_its_act(library: Library) -> None:
    before = library.audit_log.newest(1)[0].seq
    writer = start(STOP_IN_THE_MIDDLE, library, "os:writer", 300)
    assert ready(writer)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    assert library.audit_log.append(Tag.RECORDING_VIEWED, "rec_x").seq == before + 1
    assert library.verify(no_progress, note=False).holds


def test_a_writer_that_waits_too_long_is_told_that_the_library_is_busy(
    library: Library, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (base, sqlite, postgres):
        monkeypatch.setattr(module, "BUSY_MS", 200)
    with library.database.write(), open_library_again(library) as other, pytest.raises(LibraryBusy, match="busy"):
        other.append(Tag.RECORDING_VIEWED, "rec_x")
    assert library.audit_log.append(Tag.RECORDING_VIEWED, "rec_x").seq == 2


class open_library_again:  # noqa: N801 - reads as a verb
    """Another opening of the same database, as another process would have it."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __enter__(self) -> AuditLog:
        from bodyworn.storage.databases.opening import database_of

        self._database = database_of(self._library.folder, self._library.settings.database)
        return AuditLog(self._database, self._library.audit_log.actor, self._library.audit_log.checkpoints, None)

    def __exit__(self, *_: object) -> None:
        self._database.close()


class TestPostgres:
    """What only a server has."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[PostgresStore]:
        store = PostgresStore()
        store.prepare(tmp_path / "library")
        yield store
        store.forget(tmp_path)

    def test_a_connection_that_is_cut_ends_in_a_clear_error_and_the_next_one_works(
        self, place: PostgresStore, tmp_path: Path
    ) -> None:
        with open_library(tmp_path / "library", create=True) as library:

            def act() -> None:
                with library.database.write() as transaction:
                    library.audit_log.append(Tag.RECORDING_VIEWED, "rec_x", within=transaction)
                    self._cut_all(place, tmp_path)
                    library.audit_log.append(Tag.RECORDING_VIEWED, "rec_y", within=transaction)

            with pytest.raises(LibraryError, match="does not answer, or broke off"):
                act()
            self._cut_all(place, tmp_path)  # those that lie idle too
            assert library.audit_log.append(Tag.RECORDING_VIEWED, "rec_z").seq == 2
            assert library.verify(no_progress, note=False).holds

    def test_a_folder_with_another_key_is_refused(self, place: PostgresStore, tmp_path: Path) -> None:
        with open_library(tmp_path / "library", create=True):
            pass
        for path in (tmp_path / "library" / "keys").iterdir():
            path.unlink()
        from bodyworn.custody.checkpoint import CheckpointSigner

        CheckpointSigner.create("bodyworn.local/other", tmp_path / "library" / "keys" / "record.key")
        with pytest.raises(Exception, match="belongs to a library with another key"):
            open_library(tmp_path / "library")

    def test_a_server_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(LibraryError, match="does not answer") as caught:
            postgres.PostgresDatabase("postgresql://ana:hunter2@127.0.0.1:1/lib", tmp_path).migrate()
        assert "hunter2" not in str(caught.value)
        assert "lib at 127.0.0.1:1" in str(caught.value)

    def test_a_database_that_is_not_there(self, place: PostgresStore, tmp_path: Path) -> None:
        address = place.address(tmp_path / "library").replace("library_", "missing_")
        with pytest.raises(LibraryError, match=r'database "missing_.*" does not exist'):
            postgres.PostgresDatabase(address, tmp_path).migrate()

    def test_a_row_that_the_database_refuses_is_not_taken_for_a_lost_connection(
        self, place: PostgresStore, tmp_path: Path
    ) -> None:
        with open_library(tmp_path / "library", create=True) as library:

            def act() -> None:
                with library.database.write() as transaction:
                    transaction.exec_driver_sql("INSERT INTO audit SELECT * FROM audit")

            with pytest.raises(LibraryError, match="refused: duplicate key value"):
                act()

    @staticmethod
    def _cut_all(place: PostgresStore, tmp_path: Path) -> None:
        query = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bodyworn'"
        with psycopg.connect(place.address(tmp_path / "library")) as connection:
            connection.execute(query + b" AND datname = current_database()")


@pytest.mark.parametrize(
    "setting",
    [
        "postgresql://ana:hunter2@[bad/lib",
        "postgresql://ana:hunter2@host:port/lib",
        "mysql://ana:hunter2@host/lib",
        "postgresql+asyncpg://ana:hunter2@127.0.0.1:1/lib?password=hunter2&sslpassword=hunter2",
        "postgresql://127.0.0.1:1/lib?user=ana&password=hunter2",
    ],
)
def test_a_password_is_never_shown(tmp_path: Path, setting: str) -> None:
    (tmp_path / "bodyworn.toml").write_text(f'database = "{setting}"\n')
    with pytest.raises(LibraryError) as caught:
        open_library(tmp_path, create=True)
    error: BaseException | None = caught.value
    while error is not None:
        assert "hunter2" not in f"{error} {error!r}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    from bodyworn.settings import Settings

    assert "hunter2" not in repr(Settings.load(tmp_path))


def test_threads_share_a_library(library: Library) -> None:
    def view() -> None:
        for number in range(20):
            library.audit_log.append(Tag.RECORDING_VIEWED, f"rec_{number}")
            library.audit_log.about(f"rec_{number}")

    threads = [threading.Thread(target=view) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.audit_log.newest(1)[0].seq == 121
    assert library.verify(no_progress, note=False).holds
