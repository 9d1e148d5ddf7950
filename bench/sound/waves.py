"""WAV files of 16 kHz mono, read and written."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np


def read_sound(path: Path) -> np.ndarray:
    """A WAV of 16 kHz mono, 16-bit or 32-bit float, as float32."""
    data = path.read_bytes()
    at, kind, bits = 12, 1, 16
    while data[at : at + 4] != b"data":
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"fmt ":
            kind = int.from_bytes(data[at + 8 : at + 10], "little")
            bits = int.from_bytes(data[at + 22 : at + 24], "little")
        at += 8 + size + size % 2
    body = data[at + 8 : at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")]
    if kind == 3 or bits == 32:
        return np.frombuffer(body[: len(body) // 4 * 4], "<f4")
    return np.frombuffer(body[: len(body) // 2 * 2], "<i2").astype(np.float32) / 32768


def write_mono(sound: np.ndarray, path: Path) -> None:
    """Write 16-bit PCM as the audio stage does."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
