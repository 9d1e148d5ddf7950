"""``bodyworn custody``: what holds, what does not, and who did what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import media_makers as make
from tests.makers.commands import CommandRunner
from tests.stores import SqliteStore


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


@pytest.mark.usefixtures("recording")
def test_what_was_kept_elsewhere_is_compared(run: CommandRunner, tmp_path: Path) -> None:
    library, kept = tmp_path / "library", tmp_path / "kept"
    kept.mkdir()
    newest = sorted((library / "checkpoints").iterdir())[-1]
    for path in (newest, library / "keys" / "record.pub"):
        (kept / path.name).write_bytes(path.read_bytes())
    words = ("custody", "verify", "--checkpoint", kept / newest.name, "--key", kept / "record.pub")
    assert "The audit log holds" in run.well(*words).out
    (kept / "record.pub").write_text("another.log+00000000+AAAA\n")
    ended = run(*words)
    assert (ended.code, "not the public key of an audit log" in ended.err) == (2, True)
    ended = run("custody", "verify", "--checkpoint", kept / "absent.txt")
    assert (ended.code, "there is no such file" in ended.err) == (2, True)
    (kept / newest.name).write_text(newest.read_text().replace("\n", "\nx", 1))
    ended = run("custody", "verify", "--checkpoint", kept / newest.name)
    assert (ended.code, f"FAULT  checkpoint: {newest.name}" in ended.out) == (4, True)


@pytest.mark.usefixtures("recording")
def test_the_key_is_replaced(run: CommandRunner, tmp_path: Path) -> None:
    before = (tmp_path / "library" / "keys" / "record.pub").read_text().strip()
    told = run.well("custody", "rekey").out
    after = (tmp_path / "library" / "keys" / "record.pub").read_text().strip()
    assert before != after
    assert after in told
    assert "The audit log holds" in run.well("custody", "verify").out
    (event,) = lines(run.well("custody", "log", "--tag", "audit_log.key_rotated", "--json", "-").out)
    assert event["object"] == "audit_log"


@pytest.mark.usefixtures("recording")
def test_a_log_that_was_rewritten_is_told_by_every_command_that_writes(run: CommandRunner, tmp_path: Path) -> None:
    SqliteStore().tamper(tmp_path / "library", ["DELETE FROM audit WHERE seq > 2"])
    ended = run("recordings", "list")
    assert (ended.code, "clip.mp4" in ended.out) == (4, True), "the work is done, and the fault told"
    assert "the audit log does not hold, so it is not sealed" in ended.err
    assert "bodyworn custody verify" in ended.err
    ended = run("custody", "verify")
    assert (ended.code, "FAULT  newest-row" in ended.out) == (4, True)


@pytest.mark.usefixtures("recording")
def test_an_emptied_library_is_a_report_and_not_a_new_one(run: CommandRunner, tmp_path: Path) -> None:
    (tmp_path / "library" / "library.db").unlink()
    assert run("recordings", "list").code == 4
    ended = run("custody", "verify", "--json", "-")
    report = json.loads(ended.out)
    assert (ended.code, report["holds"]) == (4, False)
    assert [fault["rule"] for fault in report["faults"]] == ["emptied-log"]
