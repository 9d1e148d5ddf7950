"""Speech in rooms and noise: clean speech through a room response, with noise at a signal-to-noise ratio."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Sound = NDArray[np.float64]


def read(path: Path) -> Sound:
    """A 16-bit mono 16 kHz WAV as -1..1."""
    with wave.open(str(path), "rb") as reader:
        if (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) != (1, 2, RATE):
            raise ValueError(f"{path.name} is not 16-bit mono at 16 kHz")
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2").astype(np.float64) / 32768


def write(path: Path, sound: Sound) -> Path:
    """16-bit mono WAV; scaled down if it would clip."""
    peak = float(np.abs(sound).max(initial=0))
    data = np.rint(sound * (0.99 / peak if peak > 0.99 else 1.0) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(data.tobytes())
    return path


def in_room(speech: Sound, response: Sound) -> Sound:
    """Speech as heard through a room response, aligned to its direct sound, at the level it had."""
    start = int(np.abs(response).argmax())
    size = len(speech) + len(response)
    heard = np.fft.irfft(np.fft.rfft(speech, size) * np.fft.rfft(response[start:], size), size)[: len(speech)]
    return np.asarray(heard * np.sqrt((speech**2).mean() / max(1e-12, (heard**2).mean())))


def looped(noise: Sound, length: int, seed: int) -> Sound:
    """``length`` samples of noise from a place that depends on ``seed``, going round where it ends."""
    start = int(np.random.default_rng(seed).integers(len(noise)))
    return np.resize(np.roll(noise, -start), length)


def with_noise(speech: Sound, noise: Sound, snr_db: float, voiced: NDArray[np.bool_]) -> Sound:
    """``speech`` plus ``noise`` so that speech power where ``voiced`` over noise power is ``snr_db``."""
    power = (speech[voiced] ** 2).mean()
    gain = np.sqrt(power / (noise**2).mean() / 10 ** (snr_db / 10))
    return speech + gain * noise
