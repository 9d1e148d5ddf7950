"""Crying-like sound: a row of short voiced bursts, even in time, with hardly any words.

Sobbing is a rhythm of about three to five voiced, breathy bursts a second, between gasps (Vingerhoets & Bylsma 2016).
Laughter has the same rhythm, so the score never exceeds :data:`HIGHEST`, and the finding says *crying-like*, not
*crying*. Quiet weeping, and crying while speaking, are not found this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.domain.span import Span, merge, runs
from bodyworn.findings.voices.prosody import HOP_MS, Prosody

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

HIGHEST = 0.7
_BURST_MS = (60, 320)
_STEP_MS = (150, 480)
_LEAST_BURSTS = 4
_DIP_DB = 5.0
_REPORT = 0.45
_LEAST_EVENNESS = 0.6


@dataclass(frozen=True)
class Sobs:
    """A row of bursts; ``per_second`` is the rate, ``evenness`` 0..1, ``voiced`` the voiced part of the bursts."""

    span: Span
    score: float
    bursts: int
    per_second: float
    evenness: float
    voiced: float


def sobs_of(sound: Prosody, words: Sequence[Span], exclude: Sequence[Span]) -> list[Sobs]:
    """Rows of bursts outside ``exclude``, in which ``words`` are few; sorted by time."""
    rows: list[list[Span]] = []
    for burst in _bursts(sound):
        if any(burst.overlap_ms(span) for span in exclude):
            continue
        step = burst.start_ms - rows[-1][-1].start_ms if rows else 0
        if rows and _STEP_MS[0] <= step <= _STEP_MS[1]:
            rows[-1].append(burst)
        else:
            rows.append([burst])
    found = []
    for row in rows:
        if len(row) >= _LEAST_BURSTS and (sobs := _judge(row, sound, words)) is not None:
            found.append(sobs)
    return found


def _bursts(sound: Prosody) -> list[Span]:
    """Short stretches that stand out by :data:`_DIP_DB` from the dips on both sides."""
    import numpy as np

    if len(sound.level_db) == 0:
        return []
    level = np.convolve(np.pad(sound.level_db, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")
    floor = _running_lowest(level, 15)
    above = level > np.maximum(floor + _DIP_DB, _running_highest(level, 30) - 12)
    spans = [Span(first * HOP_MS, after * HOP_MS) for first, after in runs(above.tolist())]
    return [span for span in spans if _BURST_MS[0] <= span.length_ms <= _BURST_MS[1]]


def _running_lowest(values: Array, reach: int) -> Array:
    """Lowest value within ``reach`` frames on either side."""
    import numpy as np

    padded = np.pad(values, reach, mode="edge")
    lowest: Array = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)
    return lowest


def _running_highest(values: Array, reach: int) -> Array:
    return -_running_lowest(-values, reach)


def _judge(row: Sequence[Span], sound: Prosody, words: Sequence[Span]) -> Sobs | None:
    """The row with its score, or ``None`` if it is spoken, unvoiced, uneven or below any voice's level."""
    import numpy as np

    span = Span(row[0].start_ms, row[-1].end_ms)
    seconds = span.length_ms / 1000
    said = sum(1 for word in words if word.overlap_ms(span))
    frames = np.concatenate([np.arange(b.start_ms // HOP_MS, b.end_ms // HOP_MS) for b in row])
    pitch = sound.pitch_hz[frames]
    voiced = float((pitch > 120).mean())
    steps = np.diff([burst.start_ms for burst in row])
    evenness = float(np.clip(1 - np.std(steps) / np.mean(steps), 0, 1))
    loud = float(np.median(sound.level_db[frames])) > -60
    if said > 1.2 * seconds or voiced < 0.4 or evenness < _LEAST_EVENNESS or not loud or seconds < 0.8:
        return None
    score = HIGHEST * min(1.0, len(row) / 6) * min(1.0, 0.3 + evenness) * min(1.0, 0.4 + voiced) / (1 + 0.5 * said)
    if score < _REPORT:
        return None
    return Sobs(span, score, len(row), len(row) / seconds, evenness, voiced)


def join_rows(rows: Sequence[Sobs], gap_ms: int = 1_500) -> list[tuple[Span, list[Sobs]]]:
    """Rows no further apart than a gasp, together."""
    spans = merge([row.span for row in rows], gap_ms)
    return [(span, [row for row in rows if row.span.overlap_ms(span)]) for span in spans]
