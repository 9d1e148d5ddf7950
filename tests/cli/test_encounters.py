from __future__ import annotations

import json
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.cli.reference.json_shapes import SHAPES
from tests.makers.cameras import filmed
from tests.makers.commands import CommandRunner


@pytest.fixture
def two(tmp_path: Path, run: CommandRunner) -> tuple[str, str]:
    """Two recordings of one call; their ids."""
    with open_library(tmp_path / "library", create=True) as library:
        one = filmed(library, "front", dispatch_number="26-0193", unit="12")
        other = filmed(library, "rear", after_s=1, dispatch_number="26-0193", outcome="citation")
    return one.id, other.id


def test_a_proposal_is_shown_with_its_reasons_and_joined_by_a_person(run: CommandRunner, two: tuple[str, str]) -> None:
    shown = run.well("encounters", "list").out
    assert "front.wav" in shown
    assert "proposed as one (0.93)" in shown
    assert "because both have the dispatch number 26-0193" in shown
    joined = json.loads(run.well("encounters", "join", "front.wav", "rear.wav", "--json", "-").out)
    assert [one["recording"] for one in joined["members"]] == list(two)
    assert joined["members"][1]["offset"] == {
        "offset_ms": 1000,
        "source": "clock",
        "confidence": None,
        "because": "by the clocks of the cameras, which nobody compared",
    }
    shown = run.well("encounters", "list").out
    assert "proposed" not in shown
    assert "front.wav, rear.wav" in shown
    assert "Encounters joined: 2 recordings added" in run.well("custody", "log").out


def test_all_facts_are_shown_with_source_and_unknown_ones_are_named(run: CommandRunner, two: tuple[str, str]) -> None:
    run.well("encounters", "join", *two)
    edit = ("--outcome", "warning", "--person", "community=J. Doe", "--why", "the report", "--as", "Ben")
    run.well("encounters", "edit", "front.wav", *edit)
    shown = run.well("encounters", "show", "rear.wav").out
    assert "outcome" in shown
    assert "Ben (os:" in shown
    assert "rear.wav outcome" in shown
    assert "note: sources disagree about the outcome" in shown
    assert "unknown  reason: no source names it" in shown
    document = json.loads(run.well("encounters", "show", "front.wav", "--json", "-").out)
    assert document["disagree"] == ["outcome"]
    assert {"kind": "person", "value": "J. Doe", "role": "community"}.items() <= document["facts"][-1].items()


def test_declining_and_splitting_need_a_reason(run: CommandRunner, two: tuple[str, str]) -> None:
    assert "--why" in run("encounters", "decline", *two).err
    run.well("encounters", "decline", *two, "--why", "two cars")
    assert "proposed" not in run.well("encounters", "list").out
    run.well("encounters", "join", *two, "--why", "it was one after all")
    parted = json.loads(run.well("encounters", "split", two[0], two[1], "--why", "no", "--json", "-").out)
    assert [one["name"] for one in parted["members"]] == ["rear.wav"]


def test_what_is_not_there_is_said_with_the_next_step(run: CommandRunner, two: tuple[str, str]) -> None:
    ended = run("encounters", "show", "enc_zzz")
    assert ended.code == 3
    assert ended.err == "bodyworn: no encounter matches 'enc_zzz'. See: bodyworn encounters list.\n"
    assert "ROLE=NAME" in run("encounters", "edit", two[0], "--person", "J. Doe", "--why", "x").err


def test_a_person_sets_how_recordings_lie_in_time_and_it_is_shown(run: CommandRunner, two: tuple[str, str]) -> None:
    run.well("encounters", "join", *two)
    document = json.loads(run.well("encounters", "sync", "rear.wav", "--set", "rear.wav=2.5", "--json", "-").out)
    assert [one["offset"]["source"] for one in document["members"]] == ["clock", "person"]
    assert "2.500 s" in run.well("encounters", "show", "rear.wav").out
    assert "Recordings of an encounter put in step: 1 offset kept" in run.well("custody", "log").out
    assert "RECORDING=SECONDS" in run("encounters", "sync", "rear.wav", "--set", "2.5").err
    run.well("custody", "verify")


def test_an_import_reports_what_was_taken_and_what_was_not(
    run: CommandRunner, two: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "calls.csv").write_text("no,why\n26-0193,SPEEDING\n26-0194,=1+1\n")
    (tmp_path / "map.toml").write_text('format = "csv"\n[fields]\nnumber = "no"\nreason = "why"\n')
    command = ("encounters", "import", tmp_path / "calls.csv", "--mapping", tmp_path / "map.toml")
    ended = run(*command, "--json", "-")
    assert ended.code == 2
    report = json.loads(ended.out)
    assert set(report) == set(SHAPES["encounters import"].keys)
    assert (report["added"], report["matched"], report["quarantined"][0]["row"]) == (1, 1, 3)
    assert "1 row of the file could not be taken" in ended.err
    assert "1 row quarantined" in run(*command).out
    assert "SPEEDING" in run.well("encounters", "show", two[0]).out
    assert "Add --mapping" in run(*command[:3]).err


def test_transcript_and_findings_say_which_recording_lies_by_its_clock_alone(
    run: CommandRunner, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run.well("encounters", "join", *two)
    for noun in ("transcript", "findings"):
        document = json.loads(run.well("encounters", noun, "rear.wav", "--json", "-").out)
        assert set(document) == set(SHAPES[f"encounters {noun}"].keys)
        assert [one["by_clock"] for one in document["recordings"]] == [True, True]
        monkeypatch.setenv("COLUMNS", "80")
        shown = run.well("encounters", noun, "rear.wav", "--verbose").out
        assert max(map(len, shown.splitlines())) <= 80
        assert "note: rear.wav lies by its clock alone" in shown
    assert "not run yet" in shown
    log = run.well("custody", "log").out
    assert "transcript" in log
    run.well("custody", "verify")
