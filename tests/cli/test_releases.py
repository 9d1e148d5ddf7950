"""The commands of a release from a plan to a package, over a real library and a real render."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import bodyworn
from bodyworn.bootstrap import open_library
from tests.media_makers import with_sound

SOURCE = str(Path(bodyworn.__file__).parents[1])
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONPATH": SOURCE}


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
    made = run(tmp_path, "redactions", "plan", str(footage), "plan.json")
    assert made.returncode == 0, made.stderr
    return tmp_path


def test_from_a_plan_to_a_package_that_verifies(folder: Path) -> None:
    assert run(folder, "releases", "keys", "--agency", "Pine County Sheriff").returncode == 0
    terms = ["--agency", "Pine County Sheriff", "--requester", "A newspaper", "--request-date", "2026-08-10"]
    terms += ["--legal-authority", "Records act § 1", "--title", "A stop", "--still", "0.5"]
    made = run(folder, "releases", "make", "footage.mp4", "--plan", "plan.json", *terms)
    assert made.returncode == 0, made.stderr
    release = made.stdout.strip()
    assert run(folder, "releases", "publish", release).returncode == 7
    assert run(folder, "releases", "approve", release, "--as", "ana").returncode == 0
    twice = run(folder, "releases", "approve", release, "--as", "ana")
    assert twice.returncode == 7
    assert "different person" in twice.stderr
    spelled = run(folder, "releases", "approve", release, "--as", "  ＡＮＡ ")
    assert spelled.returncode == 7, "another spelling is not another person"
    second = run(folder, "releases", "approve", release, "--as", "Bo")
    assert second.returncode == 0
    assert "stated: Bo (typed at the account os:" in second.stdout
    assert "note: the approvals came from one account" in second.stdout
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
    told = json.loads(listed.stdout)
    assert told["state"] == "published"
    approvals = [step for step in told["steps"] if step["act"] == "approve"]
    assert [step["stated_name"] for step in approvals] == ["ana", "Bo"]
    assert len({step["by"] for step in approvals}) == 1
    assert "one account" in told["approval_caution"]
    log = run(folder, "custody", "log")
    assert "Release approved" in log.stdout
    assert run(folder, "custody", "verify").returncode == 0


def test_a_key_wants_a_passphrase_or_says_that_it_has_none(folder: Path) -> None:
    refused = run(folder, "releases", "keys", "--agency", "Pine", passphrase=None)
    assert refused.returncode == 4
    assert "passphrase" in refused.stderr
    clear = run(folder, "releases", "keys", "--agency", "Pine", "--unencrypted", passphrase=None)
    assert "NOT encrypted" in clear.stdout


def test_a_plan_for_another_recording_makes_no_release(folder: Path) -> None:
    plan = json.loads((folder / "plan.json").read_text())
    plan["source"]["sha256"] = "ab" * 32
    (folder / "plan.json").write_text(json.dumps(plan))
    terms = ["--agency", "x", "--requester", "x", "--request-date", "2026-08-10"]
    terms += ["--legal-authority", "x", "--title", "x"]
    made = run(folder, "releases", "make", "footage.mp4", "--plan", "plan.json", *terms)
    assert made.returncode == 2
    assert "another recording" in made.stderr
    assert json.loads(run(folder, "releases", "list", "--json", "-").stdout or "[]") == []
