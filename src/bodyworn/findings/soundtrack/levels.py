"""Level curve, waveform peaks and the fine-grained loudness that silences are found in, in one read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bodyworn.findings.soundtrack import samples

LEVEL_STEP_MS = 100
PEAK_STEP_MS = 50
FINE_STEP_MS = 20
FLOOR_DB = -96.0


@dataclass(frozen=True)
class Levels:
    """``rms_db`` (full scale) each 100 ms; ``low``/``high`` as int8 each 50 ms; ``fine_*`` of 32768 each 20 ms."""

    rms_db: NDArray[np.float64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    fine_rms: NDArray[np.float64]
    fine_peak: NDArray[np.float64]


def measure(path: Path) -> Levels:
    """Levels of a 16-bit mono 16 kHz WAV."""
    columns: list[list[NDArray[np.float64]]] = [[], [], [], [], []]
    for piece in samples.pieces(path):
        x = piece.astype(np.float64)
        for column, values in zip(columns, _of_piece(x), strict=True):
            column.append(values)
    joined = [np.concatenate(column) if column else np.zeros(0) for column in columns]
    db = 20 * np.log10(np.maximum(joined[0], 1e-9) / 32768)
    return Levels(
        rms_db=np.round(np.maximum(db, FLOOR_DB), 1),
        low=np.floor(joined[1] / 256).astype(np.int64),
        high=np.floor(joined[2] / 256).astype(np.int64),
        fine_rms=joined[3],
        fine_peak=joined[4],
    )


def _blocks(x: NDArray[np.float64], step_ms: int) -> NDArray[np.float64]:
    size = samples.RATE * step_ms // 1000
    return np.pad(x, (0, -len(x) % size), mode="edge").reshape(-1, size)


def _of_piece(x: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    peaks, fine = _blocks(x, PEAK_STEP_MS), _blocks(x, FINE_STEP_MS)
    return [
        np.sqrt((_blocks(x, LEVEL_STEP_MS) ** 2).mean(axis=1)),
        peaks.min(axis=1),
        peaks.max(axis=1),
        np.sqrt((fine**2).mean(axis=1)),
        np.abs(fine).max(axis=1),
    ]
