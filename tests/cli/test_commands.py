from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import media_makers as make
from tests.cli.conftest import Run


def test_help_answers_at_once() -> None:
    """Under 0.3 s of processor time, the best of three."""

    def cost() -> float:
        before = os.times()
        subprocess.run([sys.executable, "-m", "bodyworn", "--help"], check=True, capture_output=True)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert min(cost() for _ in range(3)) < 0.3


def test_analyze_shows_moments_and_what_is_unknown(run: Run, clip: Path, tmp_path: Path) -> None:
    ended = run("analyze", clip, "--json", tmp_path / "out.json")
    assert ended.code == 0, ended.err
    for words in ("time", "role", "kind", "words", "score", "made by", "audio@1", "0.50", "proposals of a machine"):
        assert words in ended.out
    assert "clip.mp4: taken in as rec_" in ended.err
    assert "probe: done" in ended.err
    assert json.loads((tmp_path / "out.json").read_text())["recording"]["name"] == "clip.mp4"
    again = run("analyze", clip)
    assert "in custody since" in again.err
    assert "cues: made before" in again.err


def test_json_on_the_output_stream_stays_alone(run: Run, clip: Path) -> None:
    ended = run("analyze", clip, "--json", "-")
    assert json.loads(ended.out)["schema"].endswith("analysis-1.json")


def test_unknown_spans_are_said_plainly(run: Run, tmp_path: Path) -> None:
    ended = run("analyze", make.without_sound(tmp_path / "silent.mp4"))
    assert "unknown  0:00.0 to 0:02.0  no audio" in ended.out
    assert "not made  cues: the recording has no audio" in ended.out


def test_of_a_folder_the_good_are_taken_and_the_bad_are_told(run: Run, tmp_path: Path) -> None:
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


def test_an_error_is_one_sentence_and_what_to_do(run: Run, tmp_path: Path) -> None:
    ended = run("analyze", tmp_path / "absent.mp4")
    assert ended.code == 2
    assert ended.err.splitlines()[-1].startswith("bodyworn: absent.mp4: ")
    assert "Traceback" not in ended.err


def test_a_place_for_json_that_cannot_be_is_refused_before_the_work(run: Run, clip: Path, tmp_path: Path) -> None:
    ended = run("analyze", clip, "--json", tmp_path / "no" / "such" / "out.json")
    assert ended.code == 2
    assert "there is no such folder" in ended.err
    assert not (tmp_path / "library").exists()


def test_choices_that_cannot_be_are_refused_before_the_work(run: Run, clip: Path) -> None:
    assert run("analyze", clip, "--role-of-wearer", "suspect").code == 2
    assert run("analyze", clip, "--model", "huge").code == 5
    assert "clip.mp4" not in run("recordings", "list").out


def test_without_a_library(run: Run) -> None:
    for command in (["recordings", "list"], ["custody", "verify"], ["findings", "list", "x"]):
        ended = run(*command)
        assert ended.code == 3
        assert "there is no library" in ended.err


def test_recordings(run: Run, clip: Path) -> None:
    assert run("recordings", "add", clip).code == 0
    assert "clip.mp4" in run("recordings", "list").out
    (listed,) = [json.loads(run("recordings", "list", "--json", "-").out)]
    shown = run("recordings", "show", "clip.mp4")
    assert listed["sha256"] in shown.out
    assert "duration_ms" in shown.out
    assert "All 1 originals are as they were taken in" in run("recordings", "verify").out
    assert run("recordings", "show", "rec_zzz").code == 3
    log = run("custody", "log").out
    for happened in (
        "Recording taken into custody",
        "List of recordings viewed",
        "Recording viewed",
        "Originals checked",
    ):
        assert happened in log


def test_a_sidecar_goes_with_one_file(run: Run, clip: Path, tmp_path: Path) -> None:
    sidecar, mapping = tmp_path / "s.json", tmp_path / "m.toml"
    sidecar.write_text('{"unit": "7"}')
    mapping.write_text('format = "json"\n[fields]\nunit = "unit"\n')
    assert run("recordings", "add", clip, clip, "--sidecar", sidecar, "--mapping", mapping).code == 2
    assert run("recordings", "add", clip, "--sidecar", sidecar, "--mapping", mapping).code == 0
    assert "sidecar unit" in run("recordings", "show", "clip.mp4").out


def test_findings(run: Run, clip: Path) -> None:
    run("recordings", "add", clip)
    assert "not made  cues: not run yet" in run("findings", "list", "clip.mp4").out
    assert "waiting" in run("findings", "plan", "clip.mp4").out
    assert run("findings", "run", "clip.mp4").code == 0
    assert "ready" not in run("findings", "plan", "clip.mp4").out
    assert run("findings", "role", "clip.mp4", "S2", "dispatch").code == 0
    document = json.loads(run("findings", "list", "clip.mp4", "--json", "-").out)
    assert document["speakers"]["S2"]["role"] == "dispatch"
    assert run("findings", "role", "clip.mp4", "S9", "dispatch").code == 3


def test_custody_verify_names_what_is_wrong(run: Run, clip: Path, tmp_path: Path) -> None:
    run("analyze", clip)
    assert "The audit log holds" in run("custody", "verify").out
    document = json.loads(run("findings", "list", "clip.mp4", "--json", "-").out)
    digest = document["recording"]["sha256"]
    (tmp_path / "library" / "objects" / "sha256" / digest[:2] / digest[2:4] / digest).unlink()
    ended = run("custody", "verify")
    assert ended.code == 4
    assert f"FAULT  stored-file: row 2: the stored file {digest} is missing" in ended.out
    assert run("recordings", "verify").code == 4


def test_a_file_is_no_library(run: Run, clip: Path) -> None:
    ended = run("analyze", clip, "--library", clip)
    assert ended.code == 3
    assert "a library is a folder" in ended.err


def test_doctor(run: Run, clip: Path) -> None:
    run("analyze", clip)
    ended = run("doctor")
    for words in ("Python 3", "PyAV", "free disk", "model whisper-tiny.en", "as pinned", "sound", "holds:"):
        assert words in ended.out, ended.out
    assert ended.code == 0


def test_text_from_outside_cannot_style_the_table(run: Run, clip: Path) -> None:
    hostile = clip.rename(clip.with_name("[red]x\x1b[31m.mp4"))
    ended = run("analyze", hostile)
    assert "\x1b" not in ended.out + ended.err
    assert "[red]x\ufffd[31m" in ended.out


@pytest.mark.parametrize("value", ["many", "-1", "65"])
def test_a_setting_that_cannot_be(run: Run, clip: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BODYWORN_WORKERS", value)
    ended = run("analyze", clip)
    assert ended.code == 3
    assert "the setting workers is" in ended.err
