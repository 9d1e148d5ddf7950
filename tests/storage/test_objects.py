from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.domain.errors import CustodyError, DiskFull
from bodyworn.storage.objects.local import LocalObjects, nobody
from bodyworn.storage.processes import Holder


@pytest.fixture
def objects(tmp_path: Path) -> LocalObjects:
    store = LocalObjects(tmp_path / "objects")
    store.create()
    return store


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.bin"
    path.write_bytes(os.urandom(3_000_000))
    return path


def test_a_copy_lies_under_its_digest_and_takes_no_writes(objects: LocalObjects, source: Path) -> None:
    data = source.read_bytes()
    stored = objects.put(source, nobody)
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert stored.sha512 == hashlib.sha512(data).hexdigest()
    assert stored.size_bytes == len(data)
    path = objects.path(stored.sha256)
    assert path.read_bytes() == data
    assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert objects.faults(stored.sha256, nobody) is None
    assert source.read_bytes() == data


def test_the_same_bytes_again_are_not_written_again(objects: LocalObjects, source: Path) -> None:
    first = objects.path(objects.put(source, nobody).sha256).stat()
    second = objects.path(objects.put(source, nobody).sha256).stat()
    assert (first.st_ino, first.st_mtime_ns) == (second.st_ino, second.st_mtime_ns)
    assert list((objects.folder / "incoming").iterdir()) == []


def test_a_stored_object_that_was_changed_is_never_taken_for_the_original(objects: LocalObjects, source: Path) -> None:
    stored = objects.put(source, nobody)
    path = objects.path(stored.sha256)
    path.chmod(0o600)
    path.write_bytes(b"something else")
    with pytest.raises(CustodyError, match="was changed"):
        objects.put(source, nobody)
    assert path.read_bytes() == b"something else"
    assert objects.faults(stored.sha256, nobody) == "was changed"


def test_a_copy_that_does_not_read_back_is_not_kept(objects: LocalObjects, source: Path) -> None:
    size = source.stat().st_size

    def spoil(done: int, _: int) -> None:
        if done == size:  # all is written, nothing is read back yet
            (draft,) = (objects.folder / "incoming").iterdir()
            with draft.open("r+b") as file:
                file.write(b"spoiled")

    with pytest.raises(CustodyError, match="does not read back"):
        objects.put(source, spoil)
    assert list(objects.all()) == []


def test_adopting_moves(objects: LocalObjects, source: Path) -> None:
    data = source.read_bytes()
    stored = objects.adopt(source)
    assert not source.exists()
    assert objects.path(stored.sha256).read_bytes() == data
    assert list(objects.all()) == [stored.sha256]


def test_what_dead_processes_left_is_swept_and_what_living_ones_write_stays(objects: LocalObjects) -> None:
    dead = objects.folder / "incoming" / f"{replace(Holder.me(), start='1')}~aa".replace("/", "_")
    alive = objects.folder / "incoming" / f"{Holder.me()}~bb".replace("/", "_")
    dead.write_bytes(b"half")
    alive.write_bytes(b"half")
    objects.create()
    assert not dead.exists()
    assert alive.exists()


def test_killed_in_the_middle_of_a_copy_leaves_no_object(objects: LocalObjects, tmp_path: Path) -> None:
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(1 << 30)
    script = (
        "import sys; from pathlib import Path; from bodyworn.storage.objects.local import LocalObjects, nobody\n"
        "LocalObjects(Path(sys.argv[1])).put(Path(sys.argv[2]), nobody)"
    )
    copying = subprocess.Popen([sys.executable, "-c", script, str(objects.folder), str(big)])
    incoming = objects.folder / "incoming"
    while not any(path.stat().st_size for path in incoming.iterdir()):
        time.sleep(0.01)
    copying.send_signal(signal.SIGKILL)
    copying.wait()
    assert list(objects.all()) == []
    assert len(list(incoming.iterdir())) == 1
    objects.create()
    assert list(incoming.iterdir()) == []


def test_a_limit_on_file_size_is_a_full_disk(objects: LocalObjects, source: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from bodyworn.storage.objects.local import LocalObjects, nobody\n"
        "from bodyworn.domain.errors import DiskFull\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "try:\n    LocalObjects(Path(sys.argv[1])).put(Path(sys.argv[2]), nobody)\n"
        "except DiskFull as error:\n    sys.exit(str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, objects.folder, source], capture_output=True, text=True)
    assert "no room is left" in done.stderr
    assert list(objects.all()) == []
    assert list((objects.folder / "incoming").iterdir()) == []


def test_a_really_full_disk(small_disk: Path, source: Path) -> None:
    store = LocalObjects(small_disk / "objects")
    store.create()
    with pytest.raises(DiskFull, match="no room is left"):
        store.put(source, nobody)
    assert list(store.all()) == []
    assert list((store.folder / "incoming").iterdir()) == []
