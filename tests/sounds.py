"""Recorded speech for tests: read, written, and laid under noise."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Sound = NDArray[np.float64]


def read_mono(path: Path) -> NDArray[np.float32]:
    """A WAV of 16 kHz mono, 16-bit or 32-bit float, as -1..1."""
    data = path.read_bytes()
    at, kind = 12, 1
    while data[at : at + 4] != b"data":
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"fmt ":
            kind = int.from_bytes(data[at + 8 : at + 10], "little")
        at += 8 + size + size % 2
    body = data[at + 8 : at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")]
    if kind == 3:
        return np.frombuffer(body[: len(body) // 4 * 4], "<f4")
    return (np.frombuffer(body[: len(body) // 2 * 2], "<i2") / 32768).astype(np.float32)


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


def with_noise(speech: Sound, noise: Sound, snr_db: float) -> Sound:
    """``speech`` plus ``noise`` of its length so that the power of one over the other is ``snr_db``."""
    gain = float(np.sqrt((speech**2).mean() / (noise**2).mean() / 10 ** (snr_db / 10)))
    return speech + gain * noise
