"""Where there is speech: Silero VAD (MIT) over any length in constant memory, and spans out of its probabilities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.span import Span
from bodyworn.findings.soundtrack import samples
from bodyworn.models.session import load

MODEL = "silero-vad"
#: The detector judges 512 samples (32 ms) at a time and looks at the 64 samples before them.
BLOCK = 512
CONTEXT = 64
BLOCK_MS = 1000 * BLOCK / samples.RATE
PIECE = 256 * BLOCK
Probabilities = NDArray[np.float32]


@dataclass(frozen=True)
class Sensitivity:
    """When speech begins (probability), when it ends, how long it must last, and how much is kept around it."""

    onset: float
    offset: float
    min_speech_ms: int
    min_pause_ms: int
    pad_ms: int


def probabilities(mono: Path, progress: Callable[[int], None]) -> Probabilities:
    """Probability of speech for each 32 ms of a 16 kHz mono WAV; ``progress`` gets the samples done.

    The recurrent state goes on from piece to piece, so the result does not depend on the size of the pieces.
    """
    session = load(MODEL)
    hidden = np.zeros((1, 1, 128), np.float32)
    cell = np.zeros((1, 1, 128), np.float32)
    before = np.zeros(CONTEXT, np.float32)
    found: list[Probabilities] = []
    done = 0
    for piece in samples.pieces(mono, PIECE):
        x = piece.astype(np.float32) / 32768
        x = np.pad(x, (0, -len(x) % BLOCK))
        joined = np.concatenate([before, x])
        starts = np.arange(len(x) // BLOCK) * BLOCK
        blocks = joined[starts[:, None] + np.arange(CONTEXT + BLOCK)]
        output, hidden, cell = session.run(None, {"input": blocks, "h": hidden, "c": cell})
        found.append(np.asarray(output, np.float32).reshape(-1))
        before = joined[-CONTEXT:]
        done += len(piece)
        progress(done)
    return np.concatenate(found) if found else np.zeros(0, np.float32)


def spans(probability: Probabilities, sensitivity: Sensitivity, duration_ms: int) -> list[Span]:
    """Padded spans of speech; pauses shorter than ``min_pause_ms`` stay inside."""
    raw = _raw(probability, sensitivity)
    pad = sensitivity.pad_ms
    padded: list[Span] = []
    for number, (start, end) in enumerate(raw):
        room_before = (start - raw[number - 1][1]) / 2 if number else start
        room_after = (raw[number + 1][0] - end) / 2 if number + 1 < len(raw) else duration_ms - end
        first = max(0, round(start - min(pad, room_before)))
        last = min(duration_ms, round(end + max(0.0, min(pad, room_after))))
        if last > first:
            padded.append(Span(first, last))
    return padded


def _raw(probability: Probabilities, sensitivity: Sensitivity) -> list[tuple[float, float]]:
    """Spans in ms by hysteresis: on at ``onset``, off once below ``offset`` for ``min_pause_ms``."""
    pause = max(1, round(sensitivity.min_pause_ms / BLOCK_MS))
    found: list[tuple[float, float]] = []
    start: int | None = None
    low = 0
    for index, value in enumerate(probability.tolist()):
        if start is None:
            if value >= sensitivity.onset:
                start, low = index, 0
        else:
            low = low + 1 if value < sensitivity.offset else 0
            if low >= pause:
                found.append((start * BLOCK_MS, (index - low + 1) * BLOCK_MS))
                start = None
    if start is not None:
        found.append((start * BLOCK_MS, (len(probability) - low) * BLOCK_MS))
    return [(a, b) for a, b in found if b - a >= sensitivity.min_speech_ms]


def mean_probability(probability: Probabilities, span: Span) -> float:
    """Mean probability of speech over ``span``; 0 outside the recording."""
    first = int(span.start_ms / BLOCK_MS)
    part = probability[first : max(first + 1, round(span.end_ms / BLOCK_MS))]
    return float(part.mean()) if len(part) else 0.0
