"""A killed process leaves drafts; the next one that writes into the folder removes them, and nothing else."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from bodyworn.domain.errors import DiskFull
from bodyworn.storage.files import is_full, is_refused, no_room_for, sweep_drafts, unfinished, write_whole
from bodyworn.storage.processes import Holder

KILLED = """
import os, sys
from pathlib import Path
from bodyworn.storage.files import unfinished
with unfinished(Path(sys.argv[1])) as draft:
    draft.write_bytes(b"half")
    os._exit(9)
"""


def killed_at(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == 9


def test_the_next_writer_removes_the_draft_of_a_dead_one(tmp_path: Path) -> None:
    killed_at(tmp_path / "clip.mp4")
    (draft,) = tmp_path.iterdir()
    assert draft.suffix == ".mp4"
    write_whole(tmp_path / "clip.mp4", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_what_lives_or_is_no_draft_stays(tmp_path: Path) -> None:
    mine = [".hidden", "a~b.mp4", ".12-34@host~clip.mp4", ".~", "~", f"{Holder.me()}~x".replace("/", "_")]
    for name in mine:
        (tmp_path / name).write_bytes(b"kept")
    with unfinished(tmp_path / "one.mp4") as draft:
        sweep_drafts.cache_clear()
        write_whole(tmp_path / "two.mp4", b"whole")
        assert draft.exists()
    assert {path.name for path in tmp_path.iterdir()} == {*mine, "one.mp4", "two.mp4"}


def test_with_once_a_file_that_came_in_between_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"

    def write() -> None:
        with unfinished(path, once=True) as draft:
            draft.write_bytes(b"mine")
            path.write_bytes(b"theirs")

    with pytest.raises(FileExistsError):
        write()
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("clip.mp4", b"theirs")]


def test_errors_of_the_disk_are_told_apart() -> None:
    assert all(is_full(OSError(number, "")) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
    assert all(is_refused(OSError(number, "")) for number in (errno.EACCES, errno.EROFS, errno.EPERM))
    assert not is_full(OSError(errno.EIO, ""))
    assert not is_refused(ValueError())
    assert isinstance(no_room_for("the clip"), DiskFull)
