"""A library moved between the two databases: the same rows and head, the former one as it was, whole at any moment."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.encounter_facts import FactKind
from bodyworn.domain.errors import CustodyError, InputError, LibraryBusy, LibraryError
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress
from bodyworn.encounters.statements import Statement
from bodyworn.moving.move import MovedLibrary
from bodyworn.settings import Settings
from bodyworn.storage.copying import digests_of
from bodyworn.storage.databases.opening import database_of
from bodyworn.storage.tables import metadata
from tests import postgres
from tests.makers.libraries import analyzed, with_quick_stages
from tests.moving.killed import killed_at


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with with_quick_stages():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in SQLite with a recording, its results and what was said about its encounter."""
    place = tmp_path_factory.mktemp("made")
    with with_quick_stages(), open_library(place / "library", create=True) as library:
        analyzed(library, place)
        say(library, "Main Street")
    return place / "library"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "library")


def say(library: Library, place: str) -> None:
    encounter = library.encounters.list()[0]
    library.encounters.edit(encounter, [Statement(FactKind.PLACE, place)], why="a witness said so")


@pytest.fixture
def server() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    name = postgres.empty_database()
    yield postgres.address_of(name)
    postgres.give_back(name)


def moved(folder: Path, to: str) -> MovedLibrary:
    with open_library(folder) as library:
        return library.move(to, no_progress)


def assert_whole(folder: Path) -> None:
    """The library that the settings name opens and holds."""
    with open_library(folder) as library:
        report = library.verify(no_progress, note=False)
        assert report.holds, report.faults
        assert library.recordings.verify(no_progress) == []


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_library_goes_to_postgresql_and_back_with_the_same_head_and_rows(folder: Path, server: str) -> None:
    there = moved(folder, server)
    assert (there.was, there.now) == ("sqlite", "postgresql")
    assert set(there.tables) == set(metadata.tables)
    assert there.tables["results"].rows > 0
    assert Settings.load(folder, {}).database == server
    assert_whole(folder)
    back = moved(folder, "again.db")
    assert (back.was, back.now) == ("postgresql", "sqlite")
    assert back.rows > there.rows
    same = {name for name in there.tables if back.tables[name] == there.tables[name]}
    assert same == set(metadata.tables) - {"audit", "audit_index", "audit_head"}
    assert_whole(folder)


def test_the_former_database_is_left_as_it_was(folder: Path, server: str) -> None:
    with open_library(folder) as library:
        library.audit_log.seal()
        before = sha256(folder / "library.db")
        library.move(server, no_progress)
    with closing(sqlite3.connect(f"file:{folder / 'library.db'}?mode=ro", uri=True)) as database:
        assert database.execute("SELECT count(*) FROM audit WHERE body LIKE '%library.moved%'").fetchone() == (0,)
    assert sha256(folder / "library.db") == before


def test_the_move_stands_in_the_record_that_goes_on(folder: Path, server: str) -> None:
    made = moved(folder, server)
    with open_library(folder) as library:
        event = library.audit_log.newest(1)[0]
    assert event.tag == Tag.LIBRARY_MOVED
    assert event.seq == made.rows + 1
    assert event.detail["head"] == made.head


def test_new_rows_are_numbered_on_after_a_move(folder: Path, server: str) -> None:
    moved(folder, server)
    with open_library(folder) as library:
        say(library, "Second Street")
    assert_whole(folder)


def test_digests_tell_apart_what_differs_in_one_letter(folder: Path) -> None:
    database = database_of(folder, "library.db")
    with database.read() as transaction:
        before = digests_of(transaction, no_progress)
    with closing(sqlite3.connect(folder / "library.db")) as rows, rows:
        rows.execute("UPDATE encounter_statements SET why = 'a witness said sp'")
    with database.read() as transaction:
        after = digests_of(transaction, no_progress)
    database.close()
    assert {name for name in before if before[name] != after[name]} == {"encounter_statements"}


def test_a_record_that_was_changed_is_not_moved(folder: Path, server: str) -> None:
    with open_library(folder) as library, closing(sqlite3.connect(folder / "library.db")) as rows:
        with rows:
            rows.execute("DROP TRIGGER audit_refuses_delete")
            rows.execute("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)")
        with pytest.raises(CustodyError):
            library.move(server, no_progress)
        library.audit_log.hold_back()
    assert Settings.load(folder, {}).database == "library.db"


def test_a_library_that_is_open_elsewhere_is_not_moved(folder: Path, server: str) -> None:
    with open_library(folder) as other, open_library(folder) as library:
        with pytest.raises(LibraryBusy, match="open in another process"):
            library.move(server, no_progress)
        other.audit_log.append(Tag.AUDIT_LOG_VIEWED, "audit_log", {"count": 1})
    assert moved(folder, server).now == "postgresql"
    with open_library(folder), open_library(folder) as library, pytest.raises(LibraryBusy, match="open in another"):
        library.move("back.db", no_progress)


def test_a_connection_from_another_folder_keeps_a_library_on_postgresql(folder: Path, server: str) -> None:
    moved(folder, server)
    other = database_of(folder.parent, server)
    with other.read(), open_library(folder) as library, pytest.raises(LibraryBusy):
        library.move("back.db", no_progress)
    other.close()


def test_nobody_opens_a_library_while_it_moves(folder: Path) -> None:
    with open_library(folder) as library, library.database.alone(), pytest.raises(LibraryBusy, match="being moved"):
        open_library(folder)


def test_a_database_with_something_else_in_it_is_refused(folder: Path, server: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with open_library(other, create=True):
        pass
    moved(other, server)
    with pytest.raises(LibraryError, match="something else"):
        moved(folder, server)
    assert Settings.load(folder, {}).database == "library.db"
    assert_whole(other)
    with pytest.raises(LibraryError, match="something else"):
        moved(other, str(folder / "library.db"))


def test_the_same_kind_and_a_setting_of_the_environment_are_refused(
    folder: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="already"):
        moved(folder, "other.db")
    monkeypatch.setenv("BODYWORN_DATABASE", "library.db")
    with pytest.raises(LibraryError, match="BODYWORN_DATABASE"):
        moved(folder, server)


def test_other_settings_stay_as_they_are(folder: Path, server: str) -> None:
    (folder / "bodyworn.toml").write_text('# ours\nworkers = 1\ndatabase = "library.db"  # here\n')
    moved(folder, server)
    text = (folder / "bodyworn.toml").read_text()
    assert "# ours\nworkers = 1\n" in text
    assert "library.db" not in text


@pytest.mark.parametrize("step", [8, 20, 32, 44])
def test_killed_at_any_step_the_same_command_completes(folder: Path, server: str, step: int) -> None:
    killed_at(step, lambda: moved(folder, server))
    assert_whole(folder)
    if Settings.load(folder, {}).database == "library.db":
        moved(folder, server)
    assert_whole(folder)
    killed_at(step, lambda: moved(folder, "back.db"))
    assert_whole(folder)
    if Settings.load(folder, {}).database != "back.db":
        assert not (folder / "back.db").exists() or database_of(folder, "back.db").exists()
        moved(folder, "back.db")
    assert_whole(folder)


def test_a_copy_that_was_finished_and_not_switched_to_is_made_anew(folder: Path, server: str) -> None:
    moved(folder, server)
    (folder / "bodyworn.toml").unlink()  # as if it had been killed before
    with open_library(folder) as library:
        library.audit_log.append(Tag.AUDIT_LOG_VIEWED, "audit_log", {"count": 1})
    again = moved(folder, server)
    with open_library(folder) as library:
        assert library.audit_log.newest(1)[0].seq == again.rows + 1
    assert_whole(folder)
