"""Backups in three parts: complete while others write, refused where a part is changed, whole at any moment."""

from __future__ import annotations

import hashlib
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.access.identity import local_actor
from bodyworn.bootstrap import open_library
from bodyworn.domain.errors import CustodyError, DiskFull, InputError, NotFound
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress
from bodyworn.moving.agency_keys import AgencyKeys
from bodyworn.moving.backup import BackupPlace, LibraryBackup
from bodyworn.moving.restore import RestoredLibrary, drill, restore
from bodyworn.settings import Settings
from bodyworn.storage.databases.sqlite import SqliteDatabase
from tests import postgres
from tests.makers.libraries import analyzed, with_quick_stages
from tests.media_makers import with_sound
from tests.moving.killed import killed_at


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with with_quick_stages():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a recording, its results and a package that was published, and a backup of it."""
    place = tmp_path_factory.mktemp("made")
    with with_quick_stages(), open_library(place / "library", create=True) as library:
        analyzed(library, place)
        package = library.folder / "releases" / "rel_1"
        package.mkdir(parents=True)
        (package / "clip.mp4").write_bytes(b"a clip that was published")
        library.back_up(BackupPlace(place / "backup", place / "keys"), no_progress)
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "place")


def backups(place: Path) -> BackupPlace:
    return BackupPlace(place / "backup", place / "keys")


def backed_up(place: Path) -> LibraryBackup:
    with open_library(place / "library") as library:
        return library.back_up(backups(place), no_progress)


def restored(place: Path, name: str = "again", database: str | None = None) -> RestoredLibrary:
    return restore(backups(place), None, place / name, database, local_actor("local"), no_progress)


def assert_whole(folder: Path) -> None:
    with open_library(folder) as library:
        report = library.verify(no_progress, note=False)
        assert report.holds, report.faults
        assert library.recordings.verify(no_progress) == []


def test_a_library_is_restored_with_its_record_files_keys_and_packages(place: Path) -> None:
    made = restored(place)
    with open_library(place / "again") as library:
        event = library.audit_log.newest(1)[0]
        assert library.findings.artifact(library.recordings.list()[0], "audio") is not None
    assert (event.tag, event.seq) == (Tag.LIBRARY_RESTORED, made.rows + 1)
    assert_whole(place / "again")
    assert (place / "again" / "releases" / "rel_1" / "clip.mp4").read_bytes() == b"a clip that was published"
    assert (place / "again" / "keys" / "record.key").stat().st_mode & 0o777 == 0o600


def test_a_backup_from_postgresql_is_restored_into_either_database(place: Path) -> None:
    names = [postgres.empty_database(), postgres.empty_database()]
    with open_library(place / "library") as library:
        library.move(postgres.address_of(names[0]), no_progress)
    backed_up(place)
    restored(place)
    assert_whole(place / "again")
    restored(place, "third", postgres.address_of(names[1]))
    assert Settings.load(place / "third", {}).database == postgres.address_of(names[1])
    assert not (place / "third" / "library.db").exists()
    assert_whole(place / "third")
    for name in names:
        postgres.give_back(name)


def test_the_keys_never_lie_with_the_record(place: Path) -> None:
    secret = (place / "library" / "keys" / "record.key").read_text().splitlines()[1].encode()
    for path in (place / "backup").rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes(), path
    for keys in (place / "backup", place / "backup" / "keys", place):
        with pytest.raises(InputError, match="keys"):
            BackupPlace(place / "backup", keys)
    assert (place / "keys" / backups(place).all()[0] / "record.key").stat().st_mode & 0o777 == 0o600


def test_the_settings_go_with_the_record_without_places_and_passwords(place: Path) -> None:
    (place / "library" / "bodyworn.toml").write_text(
        '# database = "postgresql://ana:hunter2@db/old"\nworkers = 1\ncheckpoints = "checkpoints"\n'
        f'time_authority = "http://time.example/ä"\ndatabase = "{place}/library/library.db"\n'
    )
    made = backed_up(place)
    kept = place / "backup" / "record" / made.id / "bodyworn.toml"
    assert kept.read_text() == 'workers = 1\ntime_authority = "http://time.example/ä"\n'
    restored(place)
    settings = Settings.load(place / "again", {})
    assert (settings.workers, settings.time_authority) == (1, "http://time.example/ä")
    assert (settings.database, settings.checkpoints) == (Settings().database, Settings().checkpoints)
    assert_whole(place / "again")
    kept.write_text("workers = 2\n")
    with pytest.raises(CustodyError, match=r"the part record has a file that was changed or cut off: bodyworn\.toml"):
        restored(place, "third")


def signing(folder: Path, key: bytes = b"a key") -> Path:
    """A configuration folder with keys of an agency, and with other things."""
    for name, data in (("signing/signer.key", key), ("authorities/oak.pem", b"Oak"), ("notes.txt", b"more")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_the_agencys_keys_go_with_the_keys_and_are_put_where_there_are_none(place: Path) -> None:
    with open_library(place / "library") as library:
        made = library.back_up(replace(backups(place), agency=signing(place / "config")), no_progress)
    assert made.agency
    assert drill(backups(place), None, None, no_progress).agency
    for path in (place / "backup").rglob("*"):
        assert not path.is_file() or b"a key" not in path.read_bytes(), path
    for number, (configuration, told) in enumerate(
        (
            (place / "new", AgencyKeys.RESTORED),
            (place / "new", AgencyKeys.THERE),
            (signing(place / "other", b"another key"), AgencyKeys.OTHERS),
        )
    ):
        target = replace(backups(place), agency=configuration)
        again = restore(target, None, place / f"again-{number}", None, local_actor("local"), no_progress)
        assert again.agency is told
    assert (place / "new" / "signing" / "signer.key").stat().st_mode & 0o777 == 0o600
    assert (place / "new" / "authorities" / "oak.pem").read_bytes() == b"Oak"
    assert not (place / "new" / "notes.txt").exists()
    assert (place / "other" / "signing" / "signer.key").read_bytes() == b"another key"
    (place / "keys" / made.id / "agency" / "signing" / "signer.key").write_bytes(b"changed")
    with pytest.raises(CustodyError, match="the part keys has a file that was changed"):
        drill(backups(place), None, None, no_progress)


def test_only_new_files_are_copied(place: Path) -> None:
    again = backed_up(place)
    assert (again.new, again.new_bytes) == (0, 0)
    with open_library(place / "library") as library:
        library.recordings.ingest(with_sound(place / "second.mp4", seconds=1.0))
    more = backed_up(place)
    assert more.new == 1
    assert more.objects == again.objects + 1
    assert len(backups(place).all()) == 3


def test_a_backup_is_an_event_and_a_drill_too(place: Path) -> None:
    made = backed_up(place)
    with open_library(place / "library") as library:
        event = library.audit_log.newest(1)[0]
        assert (event.tag, event.detail["backup"]) == (Tag.LIBRARY_BACKED_UP, made.id)
        found = library.drill(backups(place), None, None, no_progress)
        assert library.audit_log.newest(1)[0].tag == Tag.LIBRARY_DRILLED
    assert (found.backup, found.faults, found.read) == (made.id, (), found.objects)
    assert drill(BackupPlace(place / "backup"), None, 2, no_progress).read == 2


def test_others_write_while_a_backup_is_made(place: Path) -> None:
    ended = threading.Event()
    with open_library(place / "library") as other, open_library(place / "library") as library:

        def write() -> None:
            while not ended.is_set():
                other.audit_log.append(Tag.AUDIT_LOG_VIEWED, "audit_log", {"count": 1})
                other.audit_log.seal()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            library.back_up(backups(place), no_progress)
        finally:
            ended.set()
            writer.join()
    assert drill(backups(place), None, None, no_progress).faults == ()
    restored(place)
    assert_whole(place / "again")


def newest(place: Path) -> str:
    return backups(place).all()[-1]


def cut(path: Path) -> None:
    path.chmod(0o600)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def some_object(place: Path) -> Path:
    return next(path for path in (place / "backup" / "objects" / "sha256").rglob("*") if path.is_file())


def key_of_another(place: Path) -> None:
    """The keys' part of another library under the name of this backup."""
    with open_library(place / "other", create=True) as other:
        made = other.back_up(BackupPlace(place / "b", place / "k"), no_progress)
    shutil.rmtree(place / "keys" / newest(place))
    (place / "k" / made.id).rename(place / "keys" / newest(place))


def objects_of_another(place: Path) -> None:
    made = backed_up(place)
    manifests = place / "backup" / "objects" / "manifests"
    first = next(path for path in manifests.iterdir() if path.stem != made.id)
    shutil.copy(first, manifests / f"{made.id}.txt")


def rows_of_another(place: Path) -> None:
    """A row less in the record, and the digest in the manifest changed to fit."""
    folder = place / "backup" / "record" / newest(place)
    database = SqliteDatabase(folder / "library.db")
    with database.write() as transaction:
        transaction.exec_driver_sql("DELETE FROM results")
    database.close()
    digest = hashlib.sha256((folder / "library.db").read_bytes()).hexdigest()
    manifest = folder / "manifest.txt"
    manifest.write_text(re.sub(r'("library.db": ")[0-9a-f]{64}', rf"\g<1>{digest}", manifest.read_text()))


DAMAGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "record cut off": ("record", lambda p: cut(p / "backup" / "record" / newest(p) / "library.db")),
    "record rewritten": ("record", rows_of_another),
    "record's manifest gone": ("record", lambda p: (p / "backup" / "record" / newest(p) / "manifest.txt").unlink()),
    "file added": ("record", lambda p: (p / "backup" / "record" / newest(p) / "more.txt").write_text("x")),
    "object cut off": ("objects", lambda p: cut(some_object(p))),
    "object gone": ("objects", lambda p: some_object(p).unlink()),
    "objects mixed up": ("objects", objects_of_another),
    "keys cut off": ("keys", lambda p: cut(p / "keys" / newest(p) / "record.key")),
    "keys mixed up": ("keys", key_of_another),
    "keys gone": ("keys", lambda p: shutil.rmtree(p / "keys" / newest(p))),
}


@pytest.mark.parametrize("name", list(DAMAGES))
def test_a_part_that_is_changed_cut_off_or_mixed_up_is_named(place: Path, name: str) -> None:
    part, damage = DAMAGES[name]
    damage(place)
    with pytest.raises(CustodyError, match=f"the part {part} "):
        restored(place)
    assert not (place / "again").exists()
    try:
        faults = drill(backups(place), None, None, no_progress).faults
    except CustodyError as error:
        faults = (error.what,)
    assert faults
    assert [path for path in place.iterdir() if path.name.startswith(".")] == []


def test_a_damaged_file_of_the_library_is_named_and_the_rest_backed_up(place: Path) -> None:
    with open_library(place / "library") as library:
        library.recordings.ingest(with_sound(place / "second.mp4", seconds=1.0))
        broken = library.objects.path(library.recordings.list()[-1].sha256)
    broken.chmod(0o600)
    broken.write_bytes(b"x")
    made = backed_up(place)
    assert made.damaged == (broken.name,)
    assert any(broken.name in fault for fault in drill(backups(place), None, None, no_progress).faults)


def test_places_that_cannot_be_are_refused(place: Path) -> None:
    with open_library(place / "library") as library, pytest.raises(InputError, match="in the library itself"):
        library.back_up(BackupPlace(place / "library" / "backup"), no_progress)
    with pytest.raises(InputError, match="already"):
        restored(place, "library")
    with pytest.raises(InputError, match="keys"):
        restore(BackupPlace(place / "backup"), None, place / "x", None, local_actor("local"), no_progress)
    with pytest.raises(NotFound):
        drill(backups(place), "000-none", None, no_progress)


def test_a_full_disk_leaves_no_backup_and_no_library(place: Path, small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(1_800_000))
    with open_library(place / "library") as library, pytest.raises(DiskFull):
        library.back_up(BackupPlace(small_disk / "backup"), no_progress)
    assert BackupPlace(small_disk / "backup").all() == []
    with pytest.raises(DiskFull):
        restore(backups(place), None, small_disk / "again", None, local_actor("local"), no_progress)
    assert sorted(path.name for path in small_disk.iterdir()) == ["backup", "filler"]


@pytest.mark.parametrize("step", [10, 40, 70, 100])
def test_killed_at_any_step_nothing_half_written_has_a_final_name(place: Path, step: int) -> None:
    before = backups(place).all()
    shutil.rmtree(place / "backup" / "objects")
    killed = killed_at(step, lambda: backed_up(place))
    done = [name for name in backups(place).all() if name not in before]
    assert killed or done
    for name in done:
        assert drill(backups(place), name, None, no_progress).faults == ()
    again = backed_up(place)
    assert drill(backups(place), again.id, None, no_progress).faults == ()
    if killed_at(step, lambda: restored(place)) and not (place / "again").exists():
        restored(place)
    assert_whole(place / "again")
    assert [path for path in place.iterdir() if path.name.startswith(".")] == []
