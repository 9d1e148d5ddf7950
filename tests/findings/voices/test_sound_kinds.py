"""Sounds told by the recognizer's encoder: windows, stretches, and what the shipped layers make of real recordings."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from bodyworn.domain.span import Span
from bodyworn.findings.speech.encoder import load_encoder
from bodyworn.findings.voices import sound_kinds
from bodyworn.findings.voices.sound_kinds import SoundLayer, layers, pooled, sounds_of, stretches, windowed
from bodyworn.findings.voices.wave_file import RATE, Wave

LAYER = SoundLayer("crying_like", 3, 2, 0.5, 0.0, ())


def found(sound: np.ndarray) -> list[str]:
    return [one.kind for one in sounds_of(Wave(sound.astype(np.float32)), lambda done: None)]


def decoded(path: Path) -> np.ndarray:
    with av.open(str(path)) as file:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        parts = [part.to_ndarray()[0] for frame in file.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate(parts)


def test_windows_have_the_mean_the_highest_value_and_the_deviation_of_their_seconds() -> None:
    frames = np.random.default_rng(1).normal(2, 3, (6, 50, 4)).astype(np.float32)
    (first, *others) = windowed(pooled(frames), 3)
    whole = frames[:3].reshape(150, 4)
    assert len(others) == 3
    assert first == pytest.approx(np.concatenate([whole.mean(0), whole.max(0), whole.std(0)]), abs=1e-4)


def test_a_stretch_is_where_the_windows_share_it() -> None:
    scores = np.zeros(30, np.float32)
    scores[10:17] = [0.6, 0.7, 0.9, 0.9, 0.8, 0.7, 0.6]
    (one,) = stretches(scores, LAYER, 30_000)
    assert one.span == Span(9_000, 16_000)
    assert one.score == pytest.approx(0.9)
    assert one.mean == pytest.approx(0.743, abs=1e-3)


def test_stretches_a_breath_apart_are_one() -> None:
    scores = np.zeros(30, np.float32)
    scores[6:9], scores[11:14], scores[26:28] = 0.6, 0.8, 0.7
    found = stretches(scores, LAYER, 30_000)
    assert [one.span for one in found] == [Span(5_000, 13_000), Span(25_000, 27_000)]
    assert found[0].score == pytest.approx(0.8)


def test_a_single_window_is_too_little_and_nothing_reaches_past_the_end() -> None:
    scores = np.zeros(12, np.float32)
    scores[4] = 0.9
    assert stretches(scores, LAYER, 12_000) == []
    scores[9:12] = 0.9
    assert [one.span.end_ms for one in stretches(scores, LAYER, 10_500)] == [10_500]


def test_what_was_heard_before_the_ten_seconds_counts_in_their_first_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer that weighs the mean of one output only, on sound whose level changes at 9 s."""
    sound = np.random.default_rng(2).normal(0, 0.1, 20 * RATE)
    sound[: 9 * RATE] *= 0.01
    width = load_encoder().hear(np.zeros(RATE, np.float32)).shape[-1]
    layer = SoundLayer("crying_like", 3, 1, 0.5, 0.0, (1.0, *[0.0] * (3 * width - 1)))
    heard = [load_encoder().hear(sound[at : at + 10 * RATE].astype(np.float32)) for at in (0, 10 * RATE)]
    means = np.concatenate([part.mean(axis=1)[:, 0] for part in heard])
    (scores,) = sound_kinds.scores_of(Wave(sound.astype(np.float32)), [layer], lambda done: None)
    assert scores[11] == pytest.approx(1 / (1 + np.exp(-means[9:12].mean())), abs=1e-3)
    assert scores[:2].tolist() == [0.0, 0.0]
    assert len(scores) == 20


def test_babies_who_were_not_trained_on_are_heard_to_cry(shared_media: Path) -> None:
    names = ("035c6b30-a145-42b9-8d0f-445cd9003d2c-1435948197257-1.7-m-04-hu",
             "2a0e6a88-b049-4f46-a3d6-d73ffae470d5-1430770161530-1.7-m-04-hu")  # fmt: skip
    for name in names:
        sound = np.pad(decoded(shared_media / "sounds" / "cry" / f"donateacry_{name}.flac"), RATE)
        (one,) = sounds_of(Wave(sound), lambda done: None)
        assert one.kind == "crying_like"
        assert one.score > 0.9
        assert one.span.length_ms > 5_000


def test_a_meeting_and_a_read_sentence_are_none_of_the_kinds(shared_media: Path) -> None:
    for path in (shared_media / "diarization" / "sample.wav", *sorted((shared_media / "speech").glob("*.wav"))[:3]):
        assert found(decoded(path)) == []


def test_silence_costs_nothing_and_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_kinds, "load_encoder", lambda: None)
    assert found(np.zeros(25 * RATE)) == []
    assert found(np.zeros(0)) == []


def test_tones_noise_and_knocks_are_none_of_the_kinds() -> None:
    time = np.arange(10 * RATE) / RATE
    chance = np.random.default_rng(4)
    knocks = chance.normal(0, 0.3, len(time)) * (time % 0.5 < 0.02)
    for sound in (0.3 * np.sin(2 * np.pi * 440 * time), chance.normal(0, 0.1, len(time)), knocks):
        assert found(sound) == []


def test_the_layers_are_of_known_kinds() -> None:
    width = load_encoder().hear(np.zeros(RATE, np.float32)).shape[-1]
    for layer in layers():
        assert len(layer.weights) == 3 * width
        assert 0.05 < layer.report < 0.99
