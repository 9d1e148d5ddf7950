"""Speech is found whatever the size of the pieces it is read in; spans follow the rules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bodyworn.domain.span import Span
from bodyworn.findings.speech import activity
from bodyworn.findings.speech.activity import BLOCK_MS, Sensitivity, spans
from bodyworn.findings.speech.transcribe import wordless
from tests import sounds

RULES = Sensitivity(onset=0.5, offset=0.3, min_speech_ms=100, min_pause_ms=320, pad_ms=0)


def blocks(*runs: tuple[float, int]) -> np.ndarray:
    return np.concatenate([np.full(count, value, np.float32) for value, count in runs])


def at(first: int, stop: int) -> Span:
    return Span(round(first * BLOCK_MS), round(stop * BLOCK_MS))


def test_hysteresis_keeps_weak_speech_once_begun() -> None:
    assert spans(blocks((0, 10), (0.9, 10), (0.4, 10), (0, 20)), RULES, 1600) == [at(10, 30)]
    assert spans(blocks((0, 10), (0.4, 30)), RULES, 1280) == []


def test_short_pause_stays_inside_and_a_click_is_no_speech() -> None:
    assert spans(blocks((0.9, 10), (0, 9), (0.9, 10), (0, 20)), RULES, 1568) == [at(0, 29)]
    assert spans(blocks((0, 10), (0.9, 2), (0, 30)), RULES, 1344) == []


def test_padding_never_overlaps_or_leaves_the_recording() -> None:
    padded = Sensitivity(0.5, 0.3, 100, 320, pad_ms=400)
    found = spans(blocks((0.9, 10), (0, 20), (0.9, 10)), padded, 1280)
    assert found == [at(0, 20), at(20, 40)]


def test_speech_to_the_very_end() -> None:
    assert spans(blocks((0, 10), (0.9, 10)), RULES, 640) == [at(10, 20)]


def test_pieces_do_not_change_the_result(shared_media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    speech = sounds.read_mono(shared_media / "speech" / "spk1_snt1.wav")
    path = sounds.write(tmp_path / "a.wav", np.concatenate([np.zeros(16_000), speech, np.zeros(9_000)]))
    whole = activity.probabilities(path, lambda done: None)
    monkeypatch.setattr(activity, "PIECE", 7 * activity.BLOCK)
    told: list[int] = []
    np.testing.assert_allclose(activity.probabilities(path, told.append), whole, atol=1e-4)
    assert whole[:25].max() < 0.2 < 0.9 < whole[40:80].max()
    assert told[-1] == 25_000 + len(speech)


def test_voice_without_words() -> None:
    voices = [Span(0, 1000), Span(2000, 2400), Span(5000, 6000), Span(8000, 9000)]
    assert wordless(voices, [Span(100, 300), Span(6200, 6500)]) == [Span(8000, 9000)]


def test_voice_that_goes_on_after_the_last_word() -> None:
    assert wordless([Span(0, 10_000)], [Span(0, 2000), Span(2100, 3000)]) == [Span(3300, 10_000)]
    assert wordless([Span(0, 4000)], [Span(0, 3000)]) == []
