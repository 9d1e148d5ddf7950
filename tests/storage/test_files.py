from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bodyworn.domain.errors import DiskFull, LibraryReadOnly
from bodyworn.storage.files import meant_by, said_clearly, unfinished, write_whole


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_whole(path, "old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_once_leaves_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "000000000001.txt"
    write_whole(path, "first", mode=0o444, once=True)
    write_whole(path, "second", mode=0o444, once=True)
    assert path.read_text() == "first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert list(tmp_path.iterdir()) == [path]


def test_once_refuses_where_another_was_faster(tmp_path: Path) -> None:
    path = tmp_path / "key"

    def ours() -> None:
        with unfinished(path, once=True) as draft:
            draft.write_text("ours")
            path.write_text("theirs")

    with pytest.raises(FileExistsError):
        ours()
    assert path.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_is_never_readable_for_others(tmp_path: Path) -> None:
    with unfinished(tmp_path / "key", mode=0o600) as draft:
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600
        draft.write_text("secret")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_block_that_raises_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text("old")

    def render() -> None:
        with unfinished(path) as draft:
            assert draft.suffix == ".mp4", "FFmpeg chooses its container by that"
            draft.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        render()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_of_255_bytes(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 251 + ".mp4")
    write_whole(path, "all of it")
    assert path.read_text() == "all of it"


def test_killed_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("old")
    script = (
        "import sys; from pathlib import Path; from bodyworn.storage.files import unfinished\n"
        "with unfinished(Path(sys.argv[1])) as draft:\n"
        "    draft.write_text('half'); print('ready', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert path.read_text() == "old"


def test_a_full_disk_is_said_and_leaves_no_draft(small_disk: Path) -> None:
    with pytest.raises(DiskFull), said_clearly(small_disk):
        write_whole(small_disk / "big", bytes(4_000_000))
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EFBIG, DiskFull),
        (errno.EROFS, LibraryReadOnly),
        (errno.EACCES, LibraryReadOnly),
    ],
)
def test_what_the_system_refuses_is_told_apart_by_its_number(
    tmp_path: Path, number: int, kind: type[Exception]
) -> None:
    with pytest.raises(kind), said_clearly(tmp_path):
        raise OSError(number, os.strerror(number))
    assert isinstance(meant_by(OSError(number, "x"), tmp_path), kind)


def test_other_errors_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError), said_clearly(tmp_path):
        tmp_path.open("w")
    assert meant_by(ValueError("x"), tmp_path) is None
