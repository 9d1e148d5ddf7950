"""One mono track out of all channels of all streams, as loud as its loudest part was.

Channels that hold the same sound (correlation of at least 0.99 at any gain) count once; silent ones do not count, so a
dead second microphone never halves the level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bodyworn.findings.soundtrack import samples

#: Below this root mean square (of 32768) a channel is silent throughout: the last two bits of 16.
SILENT_RMS = 3.0
SAME_SOUND = 0.99
CEILING = 32_000.0


@dataclass(frozen=True)
class Mixdown:
    """Which channels went in: indexes of ``silent`` ones, one index for each ``distinct`` sound, and the gain."""

    silent: tuple[int, ...]
    distinct: tuple[int, ...]
    gain: float


def mix(channels: list[Path], target: Path, length: int) -> Mixdown:
    """Write ``length`` samples to ``target``, cut or padded with silence; reads each channel 2 or 3 times."""
    energy, frames = _products(channels)
    rms = np.sqrt(np.diag(energy) / max(1, frames))
    silent = tuple(int(i) for i in np.flatnonzero(rms <= SILENT_RMS))
    distinct = _distinct(energy, [i for i in np.argsort(-rms) if i not in silent])
    chosen = [channels[i] for i in distinct] or channels[:1]
    gain = 1.0
    if len(chosen) > 1:
        peak = max((float(np.abs(_sum(parts)).max(initial=0)) for parts in _together(chosen)), default=0.0)
        gain = max(1 / len(chosen), min(1.0, CEILING / max(peak, 1.0)))
    _write(chosen, target, length, gain)
    return Mixdown(silent, distinct, gain)


def _products(channels: list[Path]) -> tuple[NDArray[np.float64], int]:
    """Matrix of inner products between channels, and the number of samples."""
    total = np.zeros((len(channels), len(channels)))
    frames = 0
    for parts in _together(channels):
        block = np.stack(parts).astype(np.float64)
        total += block @ block.T
        frames += block.shape[1]
    return total, frames


def _together(channels: list[Path]) -> Iterator[list[samples.Int16]]:
    """Pieces of all channels side by side, the shorter ones filled with zeros."""
    readers = [samples.pieces(path) for path in channels]
    while True:
        parts = [next(reader, np.zeros(0, np.int16)) for reader in readers]
        longest = max(len(part) for part in parts)
        if longest == 0:
            return
        yield [np.pad(part, (0, longest - len(part))) for part in parts]


def _distinct(energy: NDArray[np.float64], loudest_first: list[int]) -> tuple[int, ...]:
    kept: list[int] = []
    for i in loudest_first:
        alike = (abs(energy[i, j]) / np.sqrt(energy[i, i] * energy[j, j]) for j in kept)
        if not any(value >= SAME_SOUND for value in alike):
            kept.append(int(i))
    return tuple(kept)


def _sum(parts: list[samples.Int16]) -> NDArray[np.float32]:
    total: NDArray[np.float32] = np.stack(parts).astype(np.float32).sum(axis=0)
    return total


def _write(chosen: list[Path], target: Path, length: int, gain: float) -> None:
    left = length
    with samples.writer(target) as out:
        for parts in _together(chosen):
            block = parts[0] if len(parts) == 1 else np.rint(_sum(parts) * gain).clip(-32768, 32767).astype("<i2")
            out.writeframesraw(block[:left].tobytes())
            left -= min(left, len(block))
        while left > 0:
            step = min(left, samples.PIECE)
            out.writeframesraw(bytes(2 * step))
            left -= step
