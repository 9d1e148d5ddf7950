"""Permissions and mounts as they are in the world: real bits, a real read-only disk, the real command."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.journeys.conftest import FAST, Command
from tests.media_makers import with_sound

Run = Callable[..., subprocess.CompletedProcess[str]]
Drop = Callable[[], None] | None


def test_a_file_without_permission_to_read(start: Command, clip: Path, without_override: Drop) -> None:
    clip.chmod(0o000)
    process = start(FAST, "analyze", clip, preexec_fn=without_override)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2, err
    assert "clip.mp4: the file cannot be read" in err


def test_a_library_without_permission_to_write(
    start: Command, bodyworn: Run, clip: Path, tmp_path: Path, without_override: Drop
) -> None:
    bodyworn("analyze", clip)
    for folder in (tmp_path / "library", tmp_path / "library" / "objects" / "incoming"):
        folder.chmod(0o500)
    (tmp_path / "library" / "library.db").chmod(0o400)
    other = with_sound(tmp_path / "other.mp4", 1.0)
    process = start(FAST, "analyze", other, preexec_fn=without_override)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "cannot be written to" in err
    assert "Traceback" not in err


def test_a_library_on_a_read_only_disk_can_be_checked_but_not_added_to(
    bodyworn: Run, clip: Path, small_disk: Path, environment: dict[str, str]
) -> None:
    environment["BODYWORN_LIBRARY"] = str(small_disk / "library")
    document = json.loads(bodyworn("analyze", clip, "--json", "-").stdout)
    assert document["findings"]
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    refused = bodyworn("analyze", clip, fails=3)
    assert "cannot be written to" in refused.stderr
    checked = bodyworn("custody", "verify")
    assert "The audit log holds" in checked.stdout
    assert "this check is not recorded" in checked.stderr


def test_a_disk_that_runs_full_while_stages_work(
    bodyworn: Run, clip: Path, small_disk: Path, environment: dict[str, str]
) -> None:
    environment["BODYWORN_LIBRARY"] = str(small_disk / "library")
    bodyworn("recordings", "add", clip)
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    full = bodyworn("analyze", clip, fails=3)
    assert "no room is left" in full.stderr
    assert "Traceback" not in full.stderr
    ballast.unlink()
    done = json.loads(bodyworn("analyze", clip, "--json", "-").stdout)
    assert done["not_made"] == {}
    assert "The audit log holds" in bodyworn("custody", "verify").stdout
