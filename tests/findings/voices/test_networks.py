"""The two networks against figures of their original implementation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bodyworn.findings.voices.embedding import load_embedder, log_mel
from bodyworn.findings.voices.segmentation import FRAMES, VOICES, WINDOW_SAMPLES, load_segmenter
from tests import sounds


def test_log_mel_matches_kaldi() -> None:
    """A 1 kHz tone of amplitude 0.5: figures of torchaudio.compliance.kaldi.fbank, dither 0 (see the docs)."""
    tone = (0.5 * np.sin(2 * np.pi * 1000 * np.arange(1600) / 16000)).astype(np.float32)
    mel = log_mel(tone)
    assert mel.shape == (8, 80)
    assert mel[3, [10, 26, 27, 28, 60]] == pytest.approx([-12.4379, 4.9905, 6.2595, 4.5115, -15.9424], abs=1e-3)
    assert log_mel(tone[:399]).shape == (0, 80)


def glide() -> np.ndarray:
    """Ten seconds of a buzz that glides and pulses, two seconds on, two off."""
    time = np.arange(WINDOW_SAMPLES) / 16000
    phase = 2 * np.pi * np.cumsum(120 + 30 * np.sin(2 * np.pi * 0.7 * time)) / 16000
    buzz = sum(np.sin(n * phase) / n for n in range(1, 20))
    return (buzz * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * time)) * (time % 4 < 2) * 0.05).astype(np.float32)


def test_segmentation_gives_the_figures_of_the_original() -> None:
    """Presence at five frames, as PyTorch 2.13.0 computes it from the same weights and sound."""
    presence = load_segmenter().run(glide()[None])[0][0]
    wanted = [
        [0.0192, 0.9941, 0.0443],
        [0.0808, 0.8661, 0.2249],
        [0.0101, 0.1747, 0.0292],
        [0.0031, 0.184, 0.0056],
        [0.0159, 0.9951, 0.189],
    ]
    assert presence[[50, 100, 150, 400, 500]] == pytest.approx(np.array(wanted), abs=2e-3)


def test_embedding_gives_the_figures_of_the_original() -> None:
    """The first numbers of an embedding of 3.3 s, as PyTorch 2.13.0 computes it from the same weights and sound."""
    vector = load_embedder().run(log_mel(glide())[None, :330])[0]
    assert vector[:6] == pytest.approx([-0.0144, -0.0946, 0.1042, -0.0718, -0.0474, 0.0243], abs=1e-3)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_segmentation_of_silence_hears_no_one() -> None:
    segmenter = load_segmenter()
    noise = np.random.default_rng(1).normal(0, 1e-3, (1, WINDOW_SAMPLES)).astype(np.float32)
    presence, together = segmenter.run(noise)
    assert presence.shape == (1, FRAMES, VOICES)
    assert presence.max() < 0.5
    assert together.shape == (1, FRAMES)
    assert together.max() < 0.05


def test_segmentation_hears_two_people_of_a_meeting(shared_media: Path) -> None:
    sound = sounds.read_mono(shared_media / "diarization" / "sample.wav")[20 * 16000 - WINDOW_SAMPLES : 20 * 16000]
    presence, _ = load_segmenter().run(sound[None])
    assert sorted((presence[0] > 0.5).any(axis=0).tolist()) == [False, True, True]
