"""From a recording to a release without the original ever leaving custody, through the commands."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.conftest import FAST, Command
from tests.media_makers import with_sound

Run = Callable[..., subprocess.CompletedProcess[str]]

TERMS = (
    "--agency",
    "Pine",
    "--requester",
    "A paper",
    "--request-date",
    "2026-08-10",
    "--legal-authority",
    "§ 1",
    "--title",
    "A",
)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return with_sound(tmp_path / "clip.mp4")


def test_from_analyze_to_a_release(bodyworn: Run, clip: Path, tmp_path: Path) -> None:
    bodyworn("analyze", clip)
    planned = bodyworn("redactions", "plan", clip.name, "--start", "0.5s", "--end", "1.5s", "--classes", "faces,speech")
    red = planned.stdout.strip()
    assert red.startswith("red_")
    assert "version 1" in planned.stderr
    edited = bodyworn("redactions", "edit", red, "--hide", "10,10,60,40", "--sound", "mute:600-900", "--json", "-")
    assert json.loads(edited.stdout)["versions"][1]["change"]["added"] == ["region-1", "sound-1"]
    bodyworn("redactions", "preview", clip.name, tmp_path / "sheet.png")
    bodyworn("redactions", "render", clip.name, tmp_path / "out.mp4", "--boxes", tmp_path / "boxes.csv")
    bodyworn("redactions", "check", clip.name)
    bodyworn("redactions", "check", tmp_path / "out.mp4", "--redaction", red)
    release = bodyworn("releases", "make", clip.name, *TERMS).stdout.strip()
    shown = json.loads(bodyworn("releases", "show", release, "--json", "-").stdout)
    view = json.loads(bodyworn("redactions", "show", red, "--json", "-").stdout)
    assert shown["render"]["plan_sha256"] == view["versions"][-1]["plan_sha256"]
    assert "holds" in bodyworn("custody", "verify").stdout
    assert list((tmp_path / "library" / "scratch").iterdir()) == []
    assert not list(tmp_path.glob(".*part*"))


def test_a_killed_command_leaves_nothing_and_completes_when_given_again(
    start: Command, bodyworn: Run, clip: Path, tmp_path: Path
) -> None:
    bodyworn("recordings", "add", clip)
    red = bodyworn("redactions", "plan", clip.name).stdout.strip()
    moment = random.Random(7)
    commands = (
        ("redactions", "edit", red, "--hide", "1,1,20,20"),
        ("redactions", "render", red, tmp_path / "out.mp4"),
        ("redactions", "check", red),
        ("releases", "make", clip.name, *TERMS),
    )
    for command in commands:
        process = start(FAST, *command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.3 + moment.random())
        process.kill()
        process.wait()
        if command[1] == "render" and (tmp_path / "out.mp4").exists():
            (tmp_path / "out.mp4").unlink()  # it was done before it was killed
        bodyworn(*command)
    versions = json.loads(bodyworn("redactions", "show", red, "--json", "-").stdout)["versions"]
    assert [one["version"] for one in versions] == list(range(1, len(versions) + 1))
    assert "holds" in bodyworn("custody", "verify").stdout
    assert list((tmp_path / "library" / "scratch").iterdir()) == []
