"""A library works wherever the system lets a folder lie, or says in one sentence that it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.domain.errors import LibraryError
from bodyworn.domain.progress import no_progress
from bodyworn.storage.databases.sqlite import LONGEST_PATH

NAMES = [
    "x%41",
    "q?x",
    "q?mode=memory&cache=shared",
    "a#b",
    "a b",
    "100%",
    "%00",
    "a:b",
    "file:a",
    "a&b=c",
    "ü€",
    "new\nline",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_sign_in_a_name_has_a_meaning(tmp_path: Path, clip: Path, name: str) -> None:
    """What is written lies in this folder, and is read again from there."""
    place = tmp_path / "places" / name
    with open_library(place, create=True) as library:
        taken = library.recordings.ingest(clip)
    assert [path.name for path in (tmp_path / "places").iterdir()] == [name]
    assert (place / "library.db").stat().st_size > 0
    with open_library(place) as library:
        assert [recording.id for recording in library.recordings.list()] == [taken.id]
        assert library.verify(no_progress).holds
    with open_library(place, read_only=True) as library:
        assert library.verify(no_progress, note=False).holds


def command(*words: str | bytes | Path) -> subprocess.CompletedProcess[str]:
    start = [sys.executable, "-c", "from bodyworn.cli import main; main()"]
    return subprocess.run([*start, *words], capture_output=True, text=True, errors="surrogateescape", timeout=120)


@pytest.mark.parametrize("name", [b"\xff\xfe", b"caf\xe9 %41?"])
def test_a_name_that_is_not_utf_8(tmp_path: Path, clip: Path, name: bytes) -> None:
    place = os.fsencode(tmp_path) + b"/" + name
    added = command("recordings", "add", clip, "--library", place)
    assert (added.returncode, added.stdout) == (0, "")
    verified = command("custody", "verify", "--library", place)
    assert (verified.returncode, "The audit log holds: 2 rows" in verified.stdout) == (0, True)
    missing = command("custody", "verify", "--library", place + b"-absent")
    assert missing.returncode == 3
    assert "there is no library in" in missing.stderr
    assert "Traceback" not in missing.stderr


@pytest.mark.parametrize("parts", [3, 12, 20])
def test_a_path_that_is_too_long_is_refused_in_one_sentence_and_nothing_is_made(tmp_path: Path, parts: int) -> None:
    place = tmp_path.joinpath(*["d" * 200] * parts)
    for create in (True, False):
        with pytest.raises(LibraryError, match="cannot be used"):
            open_library(place, create=create)
    assert list(tmp_path.iterdir()) == []


def test_one_name_of_4000_signs(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="cannot be used"):
        open_library(tmp_path / ("d" * 4000), create=True)


def test_the_longest_path_works(tmp_path: Path) -> None:
    room = LONGEST_PATH - len(str(tmp_path)) - len("/library.db") - 1
    place = tmp_path / ("d" * 120) / ("e" * 120) / ("f" * (room - 242))
    with open_library(place, create=True) as library:
        assert library.verify(no_progress).holds
