"""The commands of a release from a plan to a package, over a real library and a real render."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from tests.media_makers import with_sound

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}


def run(folder: Path, *words: str, passphrase: str | None = "correct horse") -> subprocess.CompletedProcess[str]:
    environment = {
        **ENVIRONMENT,
        "BODYWORN_CONFIG": str(folder / "config"),
        "BODYWORN_LIBRARY": str(folder / "library"),
    }
    if passphrase:
        environment["BODYWORN_KEY_PASSPHRASE"] = passphrase
    command = [sys.executable, "-m", "bodyworn", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    footage = with_sound(tmp_path / "footage.mp4", seconds=2.0)
    with open_library(tmp_path / "library", create=True) as library:
        library.recordings.ingest(footage)
    made = run(tmp_path, "redactions", "plan", footage.name)
    assert made.returncode == 0, made.stderr
    return tmp_path


def test_from_a_plan_to_a_package_that_verifies(folder: Path) -> None:
    assert run(folder, "releases", "keys", "--agency", "Pine County Sheriff").returncode == 0
    terms = ["--agency", "Pine County Sheriff", "--requester", "A newspaper", "--request-date", "2026-08-10"]
    terms += ["--authority", "Records act § 1", "--title", "A stop", "--still", "0.5"]
    made = run(folder, "releases", "make", "footage.mp4", *terms)
    assert made.returncode == 0, made.stderr
    release = made.stdout.strip()
    assert run(folder, "releases", "publish", release).returncode == 7
    assert run(folder, "releases", "approve", release, "--as", "ana").returncode == 0
    twice = run(folder, "releases", "approve", release, "--as", "ana")
    assert twice.returncode == 7
    assert "different person" in twice.stderr
    assert run(folder, "releases", "approve", release, "--as", "bo").returncode == 0
    published = run(folder, "releases", "publish", release, "--out", "out")
    assert published.returncode == 0, published.stderr
    package = folder / "out" / f"{release}.zip"
    told = run(folder, "verify", str(package), "--json", "-")
    assert told.returncode == 0, told.stdout
    assert json.loads(told.stdout)["genuine"]
    stranger = run(folder, "verify", str(folder / "footage.mp4"))
    assert stranger.returncode == 1
    assert "NOT SHOWN TO BE GENUINE" in stranger.stdout
    listed = run(folder, "releases", "list", "--json", "-")
    assert json.loads(listed.stdout)["state"] == "published"
    assert run(folder, "custody", "verify").returncode == 0


def test_a_key_wants_a_passphrase_or_says_that_it_has_none(folder: Path) -> None:
    refused = run(folder, "releases", "keys", "--agency", "Pine", passphrase=None)
    assert refused.returncode == 4
    assert "passphrase" in refused.stderr
    clear = run(folder, "releases", "keys", "--agency", "Pine", "--unencrypted", passphrase=None)
    assert "NOT encrypted" in clear.stdout


def test_a_redaction_of_another_recording_makes_no_release(folder: Path) -> None:
    other = with_sound(folder / "other.mp4", seconds=1.0)
    assert run(folder, "recordings", "add", str(other)).returncode == 0
    terms = ["--agency", "x", "--requester", "x", "--request-date", "2026-08-10", "--authority", "x", "--title", "x"]
    bare = run(folder, "releases", "make", "other.mp4", *terms)
    assert bare.returncode == 3
    assert "no redaction yet" in bare.stderr
    theirs = json.loads(run(folder, "redactions", "list", "--json", "-").stdout)["id"]
    made = run(folder, "releases", "make", "other.mp4", "--redaction", theirs, *terms)
    assert made.returncode == 2
    assert "another recording" in made.stderr
    assert json.loads(run(folder, "releases", "list", "--json", "-").stdout or "[]") == []
