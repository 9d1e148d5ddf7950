"""Diarization error rate: missed speech, false alarm and confusion over reference speech, on a 10 ms grid.

As NIST defined it (Fiscus et al. 2006, "The Rich Transcription 2006 spring meeting recognition evaluation"): a collar
around each reference boundary is not scored, overlap is, and speakers are mapped one to one so that the error is
least. Checked against pyannote.metrics 4.2.0 (``docs/findings/voices.md``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np

Segment = tuple[float, float, str]
STEP_S = 0.01


@dataclass(frozen=True)
class Error:
    """Seconds of each error, and of reference speech (two at once count twice)."""

    missed: float
    false_alarm: float
    confused: float
    speech: float

    @property
    def rate(self) -> float:
        """Diarization error rate; 0 for no speech and no error."""
        wrong = self.missed + self.false_alarm + self.confused
        return wrong / self.speech if self.speech else float(wrong > 0)

    def __add__(self, other: Error) -> Error:
        return Error(
            self.missed + other.missed,
            self.false_alarm + other.false_alarm,
            self.confused + other.confused,
            self.speech + other.speech,
        )


def score(reference: Sequence[Segment], found: Sequence[Segment], duration_s: float, collar_s: float = 0.25) -> Error:
    """Error of ``found`` against ``reference``; ``collar_s`` on each side of each reference boundary."""
    frames = round(duration_s / STEP_S)
    keep = np.ones(frames, bool)
    for start, end, _ in reference:
        for edge in (start, end):
            keep[max(0, round((edge - collar_s) / STEP_S)) : max(0, round((edge + collar_s) / STEP_S))] = False
    said, heard = _grid(reference, frames)[keep], _grid(found, frames)[keep]
    voices, claims = said.sum(axis=1), heard.sum(axis=1)
    right = _best_match(said.T.astype(int) @ heard.astype(int))
    return Error(
        STEP_S * float(np.maximum(voices - claims, 0).sum()),
        STEP_S * float(np.maximum(claims - voices, 0).sum()),
        STEP_S * float(np.minimum(voices, claims).sum() - right),
        STEP_S * float(voices.sum()),
    )


def read_rttm(path: Path) -> dict[str, list[Segment]]:
    """Segments by recording."""
    segments: dict[str, list[Segment]] = {}
    for line in path.read_text("utf-8").splitlines():
        fields = line.split()
        if fields and fields[0] == "SPEAKER":
            start = float(fields[3])
            segments.setdefault(fields[1], []).append((start, start + float(fields[4]), fields[7]))
    return segments


def _grid(segments: Sequence[Segment], frames: int) -> np.ndarray:
    names = sorted({name for _, _, name in segments})
    grid = np.zeros((frames, max(1, len(names))), bool)
    for start, end, name in segments:
        grid[round(start / STEP_S) : round(end / STEP_S), names.index(name)] = True
    return grid


def _best_match(shared: np.ndarray) -> int:
    """Most frames that a one-to-one mapping can share: exact for up to 8 on the smaller side."""
    table = shared if shared.shape[0] <= shared.shape[1] else shared.T
    few, many = table.shape
    if few > 8 or many > 9:
        return _greedy(table)
    return max(sum(int(table[row, column]) for row, column in enumerate(p)) for p in permutations(range(many), few))


def _greedy(table: np.ndarray) -> int:
    """Take the largest pair again and again; a lower bound, for more speakers than a permutation can try."""
    left, total = table.copy(), 0
    while left.size and left.max() > 0:
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        total += int(left[row, column])
        left[row, :], left[:, column] = 0, 0
    return total
