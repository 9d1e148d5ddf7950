"""``bodyworn custody``: what holds, what does not, and who did what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import media_makers as make
from tests.makers.commands import CommandRunner


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def recording(run: CommandRunner, clip: Path) -> dict[str, str]:
    """A recording in custody, as its facts."""
    run.well("analyze", clip)
    return dict(json.loads(run.well("recordings", "show", "clip.mp4", "--json", "-").out))


def original(library: Path, digest: str) -> Path:
    return library / "objects" / "sha256" / digest[:2] / digest[2:4] / digest


@pytest.mark.usefixtures("recording")
def test_a_library_that_holds_says_how_much_was_checked(run: CommandRunner) -> None:
    assert "The audit log holds" in run.well("custody", "verify").out
    report = json.loads(run.well("custody", "verify", "--json", "-").out)
    assert (report["holds"], report["faults"]) == (True, [])
    assert report["rows"] > 3


def test_a_missing_original_is_named_with_its_rule_and_row(
    run: CommandRunner, recording: dict[str, str], tmp_path: Path
) -> None:
    original(tmp_path / "library", recording["sha256"]).unlink()
    ended = run("custody", "verify")
    assert ended.code == 4
    assert f"FAULT  stored-file: row 2: the stored file {recording['sha256']} is missing" in ended.out
    report = json.loads(run("custody", "verify", "--json", "-").out)
    assert not report["holds"]
    assert [(fault["rule"], fault["row"]) for fault in report["faults"]] == [("stored-file", 2)]


def test_the_originals_alone_can_be_verified(run: CommandRunner, recording: dict[str, str], tmp_path: Path) -> None:
    assert "1 original checked: it is as ingested." in run.well("custody", "verify", "--originals").out
    original(tmp_path / "library", recording["sha256"]).unlink()
    ended = run("custody", "verify", "--originals", "--json", "-")
    assert ended.code == 4
    (fault,) = json.loads(ended.out)["faults"]
    assert (fault["recording"], fault["name"]) == (recording["id"], "clip.mp4")


def test_the_original_of_one_recording_can_be_verified(
    run: CommandRunner, recording: dict[str, str], tmp_path: Path
) -> None:
    run.well("recordings", "add", make.with_sound(tmp_path / "other.mp4", seconds=1.0))
    original(tmp_path / "library", recording["sha256"]).unlink()
    assert "1 original checked: it is" in run.well("custody", "verify", "--recording", "other.mp4").out
    assert run("custody", "verify", "--recording", "clip.mp4").code == 4
    assert run("custody", "verify", "--recording", "absent").code == 3


@pytest.mark.usefixtures("recording")
def test_the_log_is_filtered_by_event_object_and_actor(run: CommandRunner, recording: dict[str, str]) -> None:
    run.well("recordings", "list")
    of_tag = lines(run.well("custody", "log", "--tag", "recordings.listed", "--json", "-").out)
    assert [event["tag"] for event in of_tag] == ["recordings.listed"]
    of_object = lines(run.well("custody", "log", "--object", recording["id"], "--json", "-").out)
    assert {event["object"] for event in of_object} == {recording["id"]}
    everyone = lines(run.well("custody", "log", "--json", "-").out)
    by_one = lines(run.well("custody", "log", "--actor", everyone[0]["actor"], "--json", "-", "-n", 100).out)
    assert {event["actor"] for event in by_one} == {everyone[0]["actor"]}
    assert run.well("custody", "log", "--actor", "nobody at all", "--json", "-").out == ""


@pytest.mark.usefixtures("recording")
def test_the_log_is_filtered_by_time(run: CommandRunner) -> None:
    (newest,) = lines(run.well("custody", "log", "-n", 1, "--json", "-").out)
    day = str(newest["at"])[:10]
    assert lines(run.well("custody", "log", "--since", day, "--until", day, "--json", "-").out)
    assert run.well("custody", "log", "--until", "2001-01-01", "--json", "-").out == ""
    assert run.well("custody", "log", "--since", "2101-01-01T10:00", "--json", "-").out == ""
    ended = run("custody", "log", "--since", "yesterday")
    assert (ended.code, "'yesterday' is not a time" in ended.err) == (2, True)


@pytest.mark.usefixtures("recording")
def test_the_log_has_pages(run: CommandRunner) -> None:
    first = run.well("custody", "log", "-n", 2)
    last = int(first.out.splitlines()[-1].split()[0])
    assert f"older entries: --before {last}" in first.err
    rows = [event["seq"] for event in lines(run.well("custody", "log", "-n", 2, "--before", last, "--json", "-").out)]
    assert rows == [last - 1, last - 2]
    assert "older entries" not in run.well("custody", "log", "--before", 2).err


@pytest.mark.usefixtures("recording")
def test_looking_at_the_log_is_an_entry(run: CommandRunner) -> None:
    run.well("custody", "log", "-n", 1)
    (newest,) = lines(run.well("custody", "log", "-n", 1, "--json", "-").out)
    assert newest["tag"] == "audit_log.viewed"
