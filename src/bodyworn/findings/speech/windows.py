"""Speech spans joined into windows that the recognizer hears in one go."""

from __future__ import annotations

import numpy as np

from bodyworn.domain.span import Span
from bodyworn.findings.speech.activity import BLOCK_MS, Probabilities

#: The recognizer could hear 30 s, but in long windows it passes over whole sentences, and its cost grows faster than
#: the length.
LONGEST_MS = 13_000


def pack(speech: list[Span], probability: Probabilities, longest_pause_ms: int) -> list[Span]:
    """Windows of at most 13 s. Pauses up to ``longest_pause_ms`` stay in, as people made them."""
    windows: list[Span] = []
    for part in (part for span in speech for part in _split(span, probability)):
        joined = Span(windows[-1].start_ms, part.end_ms) if windows else part
        if windows and part.start_ms - windows[-1].end_ms <= longest_pause_ms and joined.length_ms <= LONGEST_MS:
            windows[-1] = joined
        else:
            windows.append(part)
    return windows


def _split(span: Span, probability: Probabilities) -> list[Span]:
    """Parts of at most 13 s, cut where the voice is weakest between 40 and 100 % of what fits."""
    parts: list[Span] = []
    while span.length_ms > LONGEST_MS:
        first = int((span.start_ms + 0.4 * LONGEST_MS) / BLOCK_MS)
        last = int((span.start_ms + LONGEST_MS) / BLOCK_MS)
        choice = np.convolve(probability[first - 3 : last + 3], np.full(7, 1 / 7), "valid")[: last - first]
        at = round((first + int(np.argmin(choice))) * BLOCK_MS) if len(choice) else span.start_ms + LONGEST_MS
        parts.append(Span(span.start_ms, at))
        span = Span(at, span.end_ms)
    return [*parts, span]


def on_recording(window: Span, start_ms: float, end_ms: float) -> Span:
    """A stretch of the window on the recording's clock, kept inside the window."""
    low = min(window.end_ms, max(window.start_ms, round(window.start_ms + start_ms)))
    high = min(window.end_ms, max(low, round(window.start_ms + end_ms)))
    return Span(low, high)
