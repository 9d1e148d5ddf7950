"""The commands of a release from a plan to a package, over a real library and a real render."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.cli.reference.json_shapes import SHAPES
from bodyworn.domain.digest import Digest
from tests.makers.commands import CommandRunner, run_alone
from tests.media_makers import with_sound

REQUEST = ["--agency", "Pine County Sheriff", "--requester", "A newspaper", "--request-date", "2026-08-10"]
REQUEST += ["--legal-authority", "Records act § 1", "--title", "A stop"]

PASSPHRASE = "correct horse"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with footage, and a library in which it has a plan."""
    folder = tmp_path_factory.mktemp("planned")
    footage = with_sound(folder / "footage.mp4", seconds=2.0)
    with open_library(folder / "library", create=True) as library:
        library.recordings.ingest(footage)
    made = run_alone("redactions", "plan", footage.name, more={"BODYWORN_LIBRARY": str(folder / "library")})
    assert made.code == 0, made.err
    return folder


@pytest.fixture
def folder(planned: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planned, tmp_path / "here"))


@pytest.fixture
def run(folder: Path, run_command: CommandRunner, monkeypatch: pytest.MonkeyPatch) -> CommandRunner:
    """Runs commands in this process, in the folder and with the passphrase of a key."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BODYWORN_CONFIG", str(folder / "config"))
    monkeypatch.setenv("BODYWORN_LIBRARY", str(folder / "library"))
    monkeypatch.setenv("BODYWORN_KEY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("COLUMNS", "200")
    return run_command


def keys_of(command: str) -> set[str]:
    return set(SHAPES[command].keys)


def test_from_a_plan_to_a_package_that_verifies(run: CommandRunner, folder: Path) -> None:
    assert run("releases", "keys", "--agency", "Pine County Sheriff").code == 0
    made = run("releases", "make", "footage.mp4", *REQUEST, "--still", "0.5")
    assert made.code == 0, made.err
    release = made.out.strip()
    assert run("releases", "publish", release).code == 7
    approved = run("releases", "approve", release, "--as", "ana", "--json", "-")
    assert approved.code == 0
    assert set(json.loads(approved.out)) == keys_of("releases approve")
    assert json.loads(approved.out)["state"] == "half_approved"
    twice = run("releases", "approve", release, "--as", "ana")
    assert twice.code == 7
    assert "different person" in twice.err
    spelled = run("releases", "approve", release, "--as", "  ＡＮＡ ")
    assert spelled.code == 7, "another spelling is not another person"
    second = run("releases", "approve", release, "--as", "Bo")
    assert second.code == 0
    assert "stated: Bo (typed at the account os:" in second.out
    assert "note: the approvals came from one account" in second.out
    published = run("releases", "publish", release, "--out", "out", "--json", "-")
    assert published.code == 0, published.err
    package = json.loads(published.out)
    assert set(package) == keys_of("releases publish")
    assert package["sha256"] == Digest.of_file(folder / "out" / f"{release}.zip").sha256
    told = run("verify", str(folder / package["package"]), "--json", "-")
    assert told.code == 0, told.out
    assert json.loads(told.out)["genuine"]
    stranger = run("verify", str(folder / "footage.mp4"))
    assert stranger.code == 1
    assert "NOT SHOWN TO BE GENUINE" in stranger.out
    listed = run("releases", "list", "--json", "-")
    told = json.loads(listed.out)
    assert told["state"] == "published"
    assert set(told) == keys_of("releases list")
    approvals = [step for step in told["steps"] if step["act"] == "approve"]
    assert [step["stated_name"] for step in approvals] == ["ana", "Bo"]
    assert len({step["by"] for step in approvals}) == 1
    assert "one account" in told["approval_caution"]
    assert "Release approved" in run("custody", "log").out
    assert run("custody", "verify").code == 0
    withdrawn = run("releases", "withdraw", release, "--why", "the wrong part", "--json", "-")
    assert json.loads(withdrawn.out)["state"] == "withdrawn"


def test_what_will_leave_can_be_looked_at_and_who_looked_is_shown(run: CommandRunner, folder: Path) -> None:
    release = run("releases", "make", "footage.mp4", *REQUEST, "--caption", "A stop.").out.strip()
    shown = run("releases", "show", release)
    assert f"{release} is checked" in shown.out
    assert "opened here by no one" in shown.out
    assert f"bodyworn releases view {release} --out DIR" in shown.out
    looked = run("releases", "view", release, "--out", "look", "--as", "Ana", "--json", "-")
    assert looked.code == 0, looked.err
    told = json.loads(looked.out)
    assert set(told) == keys_of("releases view")
    assert {"clip.mp4", "caption.txt", "exemptions.pdf"} <= set(told["files"])
    assert (folder / "look" / "caption.txt").read_text().startswith("A stop.")
    assert run("releases", "view", release, "--out", "look").code == 2
    run("releases", "approve", release, "--as", "Ana")
    run("releases", "approve", release, "--as", "Bo")
    again = run("releases", "show", release).out
    assert "opened here by stated: Ana" in again
    assert "note: stated: Bo (typed at the account os:" in again
    assert "approved it without opening it here" in again


def test_keys_of_an_earlier_version_are_replaced_and_stay_trusted(run: CommandRunner, folder: Path) -> None:
    assert run("releases", "keys", "--agency", "Pine County Sheriff").code == 0
    signing = folder / "config" / "signing"
    (signing / "authority.key").unlink()
    former = (signing / "authority.pem").read_text()
    release = run("releases", "make", "footage.mp4", *REQUEST).out.strip()
    for name in ("Ana", "Bo"):
        assert run("releases", "approve", release, "--as", name).code == 0
    refused = run("releases", "publish", release)
    assert refused.code == 9
    assert "bodyworn releases keys --agency NAME --replace" in refused.err
    assert run("releases", "keys", "--agency", "Pine County Sheriff").code == 9
    assert run("releases", "keys", "--agency", "Pine County Sheriff", "--replace").code == 0
    assert (signing / "authority.pem").read_text() != former
    (kept,) = (folder / "config" / "authorities").glob("*.pem")
    assert kept.read_text() == former
    published = run("releases", "publish", release)
    assert published.code == 0, published.err
    package = folder / published.out.strip()
    assert run("verify", str(package)).code == 0
    wrong = run("verify", str(package), "--sha256", "0" * 64)
    assert wrong.code == 1
    assert "neither the clip nor the zip has the SHA-256 that you gave" in wrong.out


def test_a_release_that_is_made_is_one_line_of_a_list_and_an_object_alone(run: CommandRunner, folder: Path) -> None:
    made = json.loads(run("releases", "make", "footage.mp4", *REQUEST, "--json", "-").out)
    assert set(made) == keys_of("releases make")
    shown = json.loads(run("releases", "show", made["id"], "--json", "-").out)
    assert shown == made
    (line,) = run("releases", "list", "--json", "-").out.splitlines()
    assert json.loads(line) == made
    again = run("releases", "make", "footage.mp4", *REQUEST, "--again", made["id"], "--json", "again.json")
    assert again.out.strip() == made["id"]
    assert len(json.loads((folder / "again.json").read_text())["steps"]) == 2


def test_all_missing_options_are_named_at_once(run: CommandRunner) -> None:
    ended = run("releases", "make", "footage.mp4", "--title", "A stop")
    assert ended.code == 2
    assert "Missing options: --agency, --requester, --request-date, --legal-authority." in ended.err
    one = run("releases", "make", "footage.mp4", *REQUEST[:-2])
    assert (one.code, "Missing option '--title'" in one.err) == (2, True)


def test_a_still_beyond_the_clip_is_refused_before_the_work(run: CommandRunner) -> None:
    ended = run("releases", "make", "footage.mp4", *REQUEST, "--still", "2.5")
    assert ended.code == 2
    assert "the clip has no picture at 2.5 s to take the still from. Name a time up to 2 s" in ended.err
    assert run("releases", "list", "--json", "-").out == ""
    assert run("releases", "make", "footage.mp4", *REQUEST, "--still", "-1").code == 2


def test_what_the_release_lacks_is_told_before_what_the_machine_lacks(run: CommandRunner) -> None:
    release = run("releases", "make", "footage.mp4", *REQUEST).out.strip()
    run("releases", "approve", release, "--as", "ana")
    half = run("releases", "publish", release)
    assert half.code == 7
    assert "A second, different person has to approve it: bodyworn releases approve" in half.err
    assert run("releases", "approve", release, "--as", "Bo").code == 0
    no_key = run("releases", "publish", release)
    assert no_key.code == 9
    assert "there is no signing key" in no_key.err
    assert "bodyworn releases keys --agency NAME" in no_key.err


def test_a_key_needs_a_passphrase_or_is_openly_without_one(run: CommandRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BODYWORN_KEY_PASSPHRASE")
    refused = run("releases", "keys", "--agency", "Pine")
    assert refused.code == 9
    assert "passphrase" in refused.err
    clear = run("releases", "keys", "--agency", "Pine", "--unencrypted", "--json", "-")
    assert "NOT encrypted" in clear.err
    assert set(json.loads(clear.out)) == keys_of("releases keys")
    assert json.loads(clear.out)["encrypted"] is False


def test_a_redaction_of_another_recording_makes_no_release(run: CommandRunner, folder: Path) -> None:
    other = with_sound(folder / "other.mp4", seconds=1.0)
    assert run("recordings", "add", str(other)).code == 0
    bare = run("releases", "make", "other.mp4", *REQUEST)
    assert bare.code == 3
    assert "no redaction yet" in bare.err
    theirs = json.loads(run("redactions", "list", "--json", "-").out)["id"]
    made = run("releases", "make", "other.mp4", "--redaction", theirs, *REQUEST)
    assert made.code == 2
    assert "another recording" in made.err
    assert run("releases", "list", "--json", "-").out == ""
