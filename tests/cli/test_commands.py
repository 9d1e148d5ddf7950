from __future__ import annotations

import json
from pathlib import Path

import pytest

from bodyworn.access.identity import local_actor
from tests import media_makers as make
from tests.makers.commands import CommandRunner


def test_analyze_shows_moments_and_what_is_unknown(run: CommandRunner, clip: Path, tmp_path: Path) -> None:
    ended = run("analyze", clip, "--json", tmp_path / "out.json")
    assert ended.code == 0, ended.err
    for words in ("time", "words", "role", "kind", "score", "0.50", "proposals of a machine"):
        assert words in ended.out
    assert "audio@1" not in ended.out
    assert "audio@1" in run.well("findings", "list", "clip.mp4", "--verbose").out
    assert "clip.mp4: ingested as rec_" in ended.err
    assert "probe: done" in ended.err
    assert json.loads((tmp_path / "out.json").read_text())["recording"]["name"] == "clip.mp4"
    again = run("analyze", clip)
    assert "in custody since" in again.err
    assert "cues: made before" in again.err


def test_json_on_the_output_stream_stays_alone(run: CommandRunner, clip: Path) -> None:
    ended = run("analyze", clip, "--json", "-")
    assert json.loads(ended.out)["schema"].endswith("analysis-1.json")


def test_unknown_spans_are_said_plainly(run: CommandRunner, tmp_path: Path) -> None:
    ended = run("analyze", make.without_sound(tmp_path / "silent.mp4"))
    assert "unknown  0:00.0 to 0:02.0  no audio" in ended.out
    assert "not made  cues: the recording has no audio" in ended.out


def test_of_a_folder_the_good_are_taken_and_the_bad_are_told(run: CommandRunner, tmp_path: Path) -> None:
    folder = tmp_path / "card"
    folder.mkdir()
    make.with_sound(folder / "a.mp4")
    make.wav_float(folder / "b.wav", [make.tone(1.0)])
    make.text_named_mp4(folder / "c.mp4")
    make.empty(folder / "d.mp4")
    ended = run("analyze", folder, "--json", "-")
    assert ended.code == 2
    lines = [json.loads(line)["recording"]["name"] for line in ended.out.splitlines()]
    assert lines == ["a.mp4", "b.wav"]
    assert "refused: c.mp4" in ended.err
    assert "refused: d.mp4" in ended.err
    assert "2 of the files could not be used" in ended.err


def test_an_error_is_one_sentence_and_what_to_do(run: CommandRunner, tmp_path: Path) -> None:
    ended = run("analyze", tmp_path / "absent.mp4")
    assert ended.code == 2
    assert ended.err == "bodyworn: absent.mp4: there is no such file. Check the path.\n"


def test_a_file_that_is_not_there_makes_no_library(run: CommandRunner, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for command in (["analyze"], ["recordings", "add"]):
        assert run(*command, tmp_path / "absent.mp4").code == 2
        nothing = run(*command, tmp_path / "empty")
        assert (nothing.code, "there is no file in empty" in nothing.err) == (2, True)
    assert not (tmp_path / "library").exists()


def test_a_place_that_cannot_hold_json_is_refused_before_the_work(
    run: CommandRunner, clip: Path, tmp_path: Path
) -> None:
    ended = run("analyze", clip, "--json", tmp_path / "no" / "such" / "out.json")
    assert ended.code == 2
    assert "there is no such folder" in ended.err
    assert not (tmp_path / "library").exists()


def test_choices_that_cannot_be_are_refused_before_the_work(run: CommandRunner, clip: Path) -> None:
    assert run("analyze", clip, "--role-of-wearer", "suspect").code == 2
    assert run("analyze", clip, "--model", "huge").code == 5
    assert "clip.mp4" not in run("recordings", "list").out


def test_without_a_library(run: CommandRunner) -> None:
    for command in (["recordings", "list"], ["custody", "verify"], ["findings", "list", "x"]):
        ended = run(*command)
        assert ended.code == 3
        assert "there is no library" in ended.err


def test_an_added_recording_is_listed(run: CommandRunner, clip: Path) -> None:
    run.well("recordings", "add", clip)
    assert "clip.mp4" in run.well("recordings", "list").out
    (listed,) = [json.loads(line) for line in run.well("recordings", "list", "--json", "-").out.splitlines()]
    assert (listed["name"], listed["facts"]["duration_ms"]) == ("clip.mp4", 2000)


def test_added_recordings_can_be_had_as_json_lines(run: CommandRunner, clip: Path) -> None:
    added = json.loads(run.well("recordings", "add", clip, "--json", "-").out)
    assert added == json.loads(run.well("recordings", "show", "clip.mp4", "--json", "-").out)


def test_the_facts_of_a_recording_are_shown(run: CommandRunner, clip: Path) -> None:
    run.well("recordings", "add", clip)
    shown = run.well("recordings", "show", "clip.mp4").out
    facts = json.loads(run.well("recordings", "show", "clip.mp4", "--json", "-").out)
    assert facts["sha256"] in shown
    assert "duration_ms" in shown


def test_a_recording_that_is_not_there_is_said_with_the_command_that_lists_them(run: CommandRunner, clip: Path) -> None:
    run.well("recordings", "add", clip)
    ended = run("recordings", "show", "rec_zzz")
    assert ended.code == 3
    assert ended.err == "bodyworn: no recording matches 'rec_zzz'. See: bodyworn recordings list.\n"


def test_what_people_do_with_recordings_is_in_the_audit_log(run: CommandRunner, clip: Path) -> None:
    run.well("recordings", "add", clip)
    run.well("recordings", "list")
    run.well("recordings", "show", "clip.mp4")
    run.well("custody", "verify", "--originals")
    log = run.well("custody", "log").out
    happened = (
        "Recording taken into custody",
        "List of recordings viewed: 1 shown",
        "Recording viewed: facts",
        "Originals checked",
    )
    for sentence in happened:
        assert sentence in log
    assert local_actor("cli").id in log


def test_a_sidecar_goes_with_one_file(run: CommandRunner, clip: Path, tmp_path: Path) -> None:
    sidecar, mapping = tmp_path / "s.json", tmp_path / "m.toml"
    sidecar.write_text('{"unit": "7"}')
    mapping.write_text('format = "json"\n[fields]\nunit = "unit"\n')
    assert run("recordings", "add", clip, clip, "--sidecar", sidecar, "--mapping", mapping).code == 2
    assert run("recordings", "add", clip, "--sidecar", sidecar, "--mapping", mapping).code == 0
    assert "sidecar unit" in run("recordings", "show", "clip.mp4").out


def test_findings_that_are_not_made_are_said_to_be_missing(run: CommandRunner, clip: Path) -> None:
    run.well("recordings", "add", clip)
    assert "not made  cues: not run yet" in run.well("findings", "list", "clip.mp4").out
    assert "waiting" in run.well("findings", "plan", "clip.mp4").out


def test_findings_run_leaves_no_stage_to_run(run: CommandRunner, clip: Path) -> None:
    run.well("recordings", "add", clip)
    run.well("findings", "run", "clip.mp4")
    assert "ready" not in run.well("findings", "plan", "clip.mp4").out
    stages = [json.loads(line) for line in run.well("findings", "plan", "clip.mp4", "--json", "-").out.splitlines()]
    assert {stage["state"] for stage in stages} == {"done"}


def test_a_corrected_role_is_in_the_findings(run: CommandRunner, clip: Path) -> None:
    run.well("analyze", clip)
    told = run.well("findings", "role", "clip.mp4", "S2", "dispatch").out
    assert told.splitlines()[0] == "S2: community before, dispatch now"
    assert "nothing changed" in run.well("findings", "role", "clip.mp4", "S2", "dispatch").out
    document = json.loads(run.well("findings", "list", "clip.mp4", "--json", "-").out)
    assert document["speakers"]["S2"]["role"] == "dispatch"


def test_two_speakers_become_one_and_two_again(run: CommandRunner, clip: Path) -> None:
    run.well("analyze", clip)
    told = run.well("findings", "merge", "clip.mp4", "S2", "S1").out
    assert told.splitlines()[0] == "S2: community before, not a speaker now"
    document = json.loads(run.well("findings", "list", "clip.mp4", "--json", "-").out)
    assert list(document["speakers"]) == ["S1"]
    assert "S2: not a speaker before, community now" in run.well("findings", "merge", "clip.mp4", "S2", "--undo").out
    log = run.well("custody", "log", "--tag", "choice.made", "--json", "-").out
    details = [json.loads(line)["detail"] for line in log.splitlines()]
    assert [(detail["name"], detail["value"]) for detail in details] == [("same_as:S2", ""), ("same_as:S2", "S1")]


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("S9", "S1"), 3, "no speaker 'S9'"),
        (("S1", "S9"), 3, "no speaker 'S9'"),
        (("S1", "S1"), 2, "one speaker already"),
        (("S1",), 2, "not clear who the speaker is"),
        (("S1", "S2", "--undo"), 2, "not clear who the speaker is"),
    ],
)
def test_speakers_that_cannot_be_joined_are_refused(
    run: CommandRunner, clip: Path, words: tuple[str, ...], code: int, why: str
) -> None:
    run.well("analyze", clip)
    ended = run("findings", "merge", "clip.mp4", *words)
    assert (ended.code, why in ended.err) == (code, True), ended.err


def test_a_speaker_who_is_not_there_has_no_role(run: CommandRunner, clip: Path) -> None:
    run.well("analyze", clip)
    assert run("findings", "role", "clip.mp4", "S9", "dispatch").code == 3


def test_a_file_is_no_library(run: CommandRunner, clip: Path) -> None:
    ended = run("analyze", clip, "--library", clip)
    assert ended.code == 3
    assert "a library is a folder" in ended.err


def test_doctor(run: CommandRunner, clip: Path) -> None:
    run("analyze", clip)
    ended = run("doctor")
    for words in (
        "Python 3",
        "PyAV",
        "free disk",
        "model whisper-tiny.en",
        "as pinned",
        "sound",
        "audit log",
        "holds:",
    ):
        assert words in ended.out, ended.out
    assert ended.code == 0


def test_text_from_outside_cannot_style_the_table(run: CommandRunner, clip: Path) -> None:
    hostile = clip.rename(clip.with_name("[red]x\x1b[31m.mp4"))
    ended = run("analyze", hostile)
    assert "\x1b" not in ended.out + ended.err
    assert "[red]x\ufffd[31m" in ended.out


@pytest.mark.parametrize("value", ["many", "-1", "65"])
def test_a_setting_that_cannot_be(run: CommandRunner, clip: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BODYWORN_WORKERS", value)
    ended = run("analyze", clip)
    assert ended.code == 3
    assert "the setting workers is" in ended.err


def test_the_list_asks_the_database_as_often_for_many_recordings_as_for_one(
    run: CommandRunner, clip: Path, tmp_path: Path
) -> None:
    from sqlalchemy import Engine, event

    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    def asked_by_list() -> int:
        asked.clear()
        run.well("recordings", "list")
        return len(asked)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        run.well("recordings", "add", clip)
        one = asked_by_list()
        run.well("recordings", "add", *(make.with_sound(tmp_path / f"{n}.mp4", seconds=0.2 * n) for n in range(1, 5)))
        assert asked_by_list() == one
    finally:
        event.remove(Engine, "before_cursor_execute", count)
