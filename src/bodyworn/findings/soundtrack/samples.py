"""16-bit mono WAV files read and written in pieces, so that memory does not grow with length."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
#: One minute: a whole number of every step used here (20, 50 and 100 ms).
PIECE = 60 * RATE
Int16 = NDArray[np.int16]


def pieces(path: Path, size: int = PIECE) -> Iterator[Int16]:
    """The samples of a 16-bit mono WAV, ``size`` at a time; the last piece may be shorter."""
    with wave.open(str(path), "rb") as reader:
        while data := reader.readframes(size):
            yield np.frombuffer(data, "<i2")


def read(path: Path, start: int, stop: int) -> Int16:
    """Samples ``start`` to ``stop`` (exclusive), fewer at the end of the file."""
    with wave.open(str(path), "rb") as reader:
        start = min(start, reader.getnframes())
        reader.setpos(start)
        return np.frombuffer(reader.readframes(max(0, stop - start)), "<i2")


def count(path: Path) -> int:
    """Number of samples."""
    with wave.open(str(path), "rb") as reader:
        return reader.getnframes()


def writer(path: Path) -> wave.Wave_write:
    """A 16-bit mono 16 kHz WAV to write to; close it."""
    out = wave.open(str(path), "wb")  # noqa: SIM115  the caller closes it
    out.setnchannels(1)
    out.setsampwidth(2)
    out.setframerate(RATE)
    return out
