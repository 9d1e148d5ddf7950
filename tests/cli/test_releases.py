"""The commands of a release from a plan to a package, over a real library and a real render."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.cli.reference.json_shapes import SHAPES
from bodyworn.domain.digest import Digest
from tests.makers.commands import Ended, run_alone
from tests.media_makers import with_sound

REQUEST = ["--agency", "Pine County Sheriff", "--requester", "A newspaper", "--request-date", "2026-08-10"]
REQUEST += ["--legal-authority", "Records act § 1", "--title", "A stop"]

KEY = {"BODYWORN_KEY_PASSPHRASE": "correct horse"}


def run(folder: Path, *words: str, key: bool = True) -> Ended:
    places = {"BODYWORN_CONFIG": str(folder / "config"), "BODYWORN_LIBRARY": str(folder / "library"), "COLUMNS": "200"}
    return run_alone(*words, folder=folder, more={**places, **(KEY if key else {})})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    footage = with_sound(tmp_path / "footage.mp4", seconds=2.0)
    with open_library(tmp_path / "library", create=True) as library:
        library.recordings.ingest(footage)
    made = run(tmp_path, "redactions", "plan", footage.name)
    assert made.code == 0, made.err
    return tmp_path


def keys_of(command: str) -> set[str]:
    return set(SHAPES[command].keys)


def test_from_a_plan_to_a_package_that_verifies(folder: Path) -> None:
    assert run(folder, "releases", "keys", "--agency", "Pine County Sheriff").code == 0
    made = run(folder, "releases", "make", "footage.mp4", *REQUEST, "--still", "0.5")
    assert made.code == 0, made.err
    release = made.out.strip()
    assert run(folder, "releases", "publish", release).code == 7
    approved = run(folder, "releases", "approve", release, "--as", "ana", "--json", "-")
    assert approved.code == 0
    assert set(json.loads(approved.out)) == keys_of("releases approve")
    assert json.loads(approved.out)["state"] == "half_approved"
    twice = run(folder, "releases", "approve", release, "--as", "ana")
    assert twice.code == 7
    assert "different person" in twice.err
    spelled = run(folder, "releases", "approve", release, "--as", "  ＡＮＡ ")
    assert spelled.code == 7, "another spelling is not another person"
    second = run(folder, "releases", "approve", release, "--as", "Bo")
    assert second.code == 0
    assert "stated: Bo (typed at the account os:" in second.out
    assert "note: the approvals came from one account" in second.out
    published = run(folder, "releases", "publish", release, "--out", "out", "--json", "-")
    assert published.code == 0, published.err
    package = json.loads(published.out)
    assert set(package) == keys_of("releases publish")
    assert package["sha256"] == Digest.of_file(folder / "out" / f"{release}.zip").sha256
    told = run(folder, "verify", str(folder / package["package"]), "--json", "-")
    assert told.code == 0, told.out
    assert json.loads(told.out)["genuine"]
    stranger = run(folder, "verify", str(folder / "footage.mp4"))
    assert stranger.code == 1
    assert "NOT SHOWN TO BE GENUINE" in stranger.out
    listed = run(folder, "releases", "list", "--json", "-")
    told = json.loads(listed.out)
    assert told["state"] == "published"
    assert set(told) == keys_of("releases list")
    approvals = [step for step in told["steps"] if step["act"] == "approve"]
    assert [step["stated_name"] for step in approvals] == ["ana", "Bo"]
    assert len({step["by"] for step in approvals}) == 1
    assert "one account" in told["approval_caution"]
    assert "Release approved" in run(folder, "custody", "log").out
    assert run(folder, "custody", "verify").code == 0
    withdrawn = run(folder, "releases", "withdraw", release, "--why", "the wrong part", "--json", "-")
    assert json.loads(withdrawn.out)["state"] == "withdrawn"


def test_what_will_leave_can_be_looked_at_and_who_looked_is_shown(folder: Path) -> None:
    release = run(folder, "releases", "make", "footage.mp4", *REQUEST, "--caption", "A stop.").out.strip()
    shown = run(folder, "releases", "show", release)
    assert f"{release} is checked" in shown.out
    assert "opened here by no one" in shown.out
    assert f"bodyworn releases view {release} --out DIR" in shown.out
    looked = run(folder, "releases", "view", release, "--out", "look", "--as", "Ana", "--json", "-")
    assert looked.code == 0, looked.err
    told = json.loads(looked.out)
    assert set(told) == keys_of("releases view")
    assert {"clip.mp4", "caption.txt", "exemptions.pdf"} <= set(told["files"])
    assert (folder / "look" / "caption.txt").read_text().startswith("A stop.")
    assert run(folder, "releases", "view", release, "--out", "look").code == 2
    run(folder, "releases", "approve", release, "--as", "Ana")
    run(folder, "releases", "approve", release, "--as", "Bo")
    again = run(folder, "releases", "show", release).out
    assert "opened here by stated: Ana" in again
    assert "note: stated: Bo (typed at the account os:" in again
    assert "approved it without opening it here" in again


def test_keys_of_an_earlier_version_are_replaced_and_stay_trusted(folder: Path) -> None:
    assert run(folder, "releases", "keys", "--agency", "Pine County Sheriff").code == 0
    signing = folder / "config" / "signing"
    (signing / "authority.key").unlink()
    former = (signing / "authority.pem").read_text()
    release = run(folder, "releases", "make", "footage.mp4", *REQUEST).out.strip()
    for name in ("Ana", "Bo"):
        assert run(folder, "releases", "approve", release, "--as", name).code == 0
    refused = run(folder, "releases", "publish", release)
    assert refused.code == 9
    assert "bodyworn releases keys --agency NAME --replace" in refused.err
    assert run(folder, "releases", "keys", "--agency", "Pine County Sheriff").code == 9
    assert run(folder, "releases", "keys", "--agency", "Pine County Sheriff", "--replace").code == 0
    assert (signing / "authority.pem").read_text() != former
    (kept,) = (folder / "config" / "authorities").glob("*.pem")
    assert kept.read_text() == former
    published = run(folder, "releases", "publish", release)
    assert published.code == 0, published.err
    package = folder / published.out.strip()
    assert run(folder, "verify", str(package)).code == 0
    wrong = run(folder, "verify", str(package), "--sha256", "0" * 64)
    assert wrong.code == 1
    assert "neither the clip nor the zip has the SHA-256 that you gave" in wrong.out


def test_a_release_that_is_made_is_one_line_of_a_list_and_an_object_alone(folder: Path) -> None:
    made = json.loads(run(folder, "releases", "make", "footage.mp4", *REQUEST, "--json", "-").out)
    assert set(made) == keys_of("releases make")
    shown = json.loads(run(folder, "releases", "show", made["id"], "--json", "-").out)
    assert shown == made
    (line,) = run(folder, "releases", "list", "--json", "-").out.splitlines()
    assert json.loads(line) == made
    again = run(folder, "releases", "make", "footage.mp4", *REQUEST, "--again", made["id"], "--json", "again.json")
    assert again.out.strip() == made["id"]
    assert len(json.loads((folder / "again.json").read_text())["steps"]) == 2


def test_all_missing_options_are_named_at_once(folder: Path) -> None:
    ended = run(folder, "releases", "make", "footage.mp4", "--title", "A stop")
    assert ended.code == 2
    assert "Missing options: --agency, --requester, --request-date, --legal-authority." in ended.err
    one = run(folder, "releases", "make", "footage.mp4", *REQUEST[:-2])
    assert (one.code, "Missing option '--title'" in one.err) == (2, True)


def test_a_still_beyond_the_clip_is_refused_before_the_work(folder: Path) -> None:
    ended = run(folder, "releases", "make", "footage.mp4", *REQUEST, "--still", "2.5")
    assert ended.code == 2
    assert "the clip has no picture at 2.5 s to take the still from. Name a time up to 2 s" in ended.err
    assert run(folder, "releases", "list", "--json", "-").out == ""
    assert run(folder, "releases", "make", "footage.mp4", *REQUEST, "--still", "-1").code == 2


def test_what_the_release_lacks_is_told_before_what_the_machine_lacks(folder: Path) -> None:
    release = run(folder, "releases", "make", "footage.mp4", *REQUEST).out.strip()
    run(folder, "releases", "approve", release, "--as", "ana")
    half = run(folder, "releases", "publish", release)
    assert half.code == 7
    assert "A second, different person has to approve it: bodyworn releases approve" in half.err
    assert run(folder, "releases", "approve", release, "--as", "Bo").code == 0
    no_key = run(folder, "releases", "publish", release)
    assert no_key.code == 9
    assert "there is no signing key" in no_key.err
    assert "bodyworn releases keys --agency NAME" in no_key.err


def test_a_key_needs_a_passphrase_or_is_openly_without_one(folder: Path) -> None:
    refused = run(folder, "releases", "keys", "--agency", "Pine", key=False)
    assert refused.code == 9
    assert "passphrase" in refused.err
    clear = run(folder, "releases", "keys", "--agency", "Pine", "--unencrypted", "--json", "-", key=False)
    assert "NOT encrypted" in clear.err
    assert set(json.loads(clear.out)) == keys_of("releases keys")
    assert json.loads(clear.out)["encrypted"] is False


def test_a_redaction_of_another_recording_makes_no_release(folder: Path) -> None:
    other = with_sound(folder / "other.mp4", seconds=1.0)
    assert run(folder, "recordings", "add", str(other)).code == 0
    bare = run(folder, "releases", "make", "other.mp4", *REQUEST)
    assert bare.code == 3
    assert "no redaction yet" in bare.err
    theirs = json.loads(run(folder, "redactions", "list", "--json", "-").out)["id"]
    made = run(folder, "releases", "make", "other.mp4", "--redaction", theirs, *REQUEST)
    assert made.code == 2
    assert "another recording" in made.err
    assert run(folder, "releases", "list", "--json", "-").out == ""
