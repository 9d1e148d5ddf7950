"""The commands of a release from a plan to a package, over a real library and a real render."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.cli.reference.json_shapes import SHAPES
from tests.makers.commands import Ended, run_alone
from tests.media_makers import with_sound

KEY = {"BODYWORN_KEY_PASSPHRASE": "correct horse"}


def run(folder: Path, *words: str, key: bool = True) -> Ended:
    places = {"BODYWORN_CONFIG": str(folder / "config"), "BODYWORN_LIBRARY": str(folder / "library")}
    return run_alone(*words, folder=folder, more={**places, **(KEY if key else {})})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    footage = with_sound(tmp_path / "footage.mp4", seconds=2.0)
    with open_library(tmp_path / "library", create=True) as library:
        library.recordings.ingest(footage)
    made = run(tmp_path, "redactions", "plan", footage.name)
    assert made.code == 0, made.err
    return tmp_path


def test_from_a_plan_to_a_package_that_verifies(folder: Path) -> None:
    assert run(folder, "releases", "keys", "--agency", "Pine County Sheriff").code == 0
    request = ["--agency", "Pine County Sheriff", "--requester", "A newspaper", "--request-date", "2026-08-10"]
    request += ["--legal-authority", "Records act § 1", "--title", "A stop", "--still", "0.5"]
    made = run(folder, "releases", "make", "footage.mp4", *request)
    assert made.code == 0, made.err
    release = made.out.strip()
    assert run(folder, "releases", "publish", release).code == 7
    assert run(folder, "releases", "approve", release, "--as", "ana").code == 0
    twice = run(folder, "releases", "approve", release, "--as", "ana")
    assert twice.code == 7
    assert "different person" in twice.err
    spelled = run(folder, "releases", "approve", release, "--as", "  ＡＮＡ ")
    assert spelled.code == 7, "another spelling is not another person"
    second = run(folder, "releases", "approve", release, "--as", "Bo")
    assert second.code == 0
    assert "stated: Bo (typed at the account os:" in second.out
    assert "note: the approvals came from one account" in second.out
    published = run(folder, "releases", "publish", release, "--out", "out")
    assert published.code == 0, published.err
    package = folder / "out" / f"{release}.zip"
    told = run(folder, "verify", str(package), "--json", "-")
    assert told.code == 0, told.out
    assert json.loads(told.out)["genuine"]
    stranger = run(folder, "verify", str(folder / "footage.mp4"))
    assert stranger.code == 1
    assert "NOT SHOWN TO BE GENUINE" in stranger.out
    listed = run(folder, "releases", "list", "--json", "-")
    told = json.loads(listed.out)
    assert told["state"] == "published"
    assert set(told) == set(SHAPES["releases list"].keys)
    approvals = [step for step in told["steps"] if step["act"] == "approve"]
    assert [step["stated_name"] for step in approvals] == ["ana", "Bo"]
    assert len({step["by"] for step in approvals}) == 1
    assert "one account" in told["approval_caution"]
    assert "Release approved" in run(folder, "custody", "log").out
    assert run(folder, "custody", "verify").code == 0


def test_a_key_needs_a_passphrase_or_is_openly_without_one(folder: Path) -> None:
    refused = run(folder, "releases", "keys", "--agency", "Pine", key=False)
    assert refused.code == 4
    assert "passphrase" in refused.err
    clear = run(folder, "releases", "keys", "--agency", "Pine", "--unencrypted", key=False)
    assert "NOT encrypted" in clear.out


def test_a_redaction_of_another_recording_makes_no_release(folder: Path) -> None:
    other = with_sound(folder / "other.mp4", seconds=1.0)
    assert run(folder, "recordings", "add", str(other)).code == 0
    request = ["--agency", "x", "--requester", "x", "--request-date", "2026-08-10"]
    request += ["--legal-authority", "x", "--title", "x"]
    bare = run(folder, "releases", "make", "other.mp4", *request)
    assert bare.code == 3
    assert "no redaction yet" in bare.err
    theirs = json.loads(run(folder, "redactions", "list", "--json", "-").out)["id"]
    made = run(folder, "releases", "make", "other.mp4", "--redaction", theirs, *request)
    assert made.code == 2
    assert "another recording" in made.err
    assert json.loads(run(folder, "releases", "list", "--json", "-").out or "[]") == []
