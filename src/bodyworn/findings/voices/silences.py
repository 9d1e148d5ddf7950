"""Long silences: there is no speech, though sound was recorded and could be judged."""

from __future__ import annotations

from collections.abc import Sequence

from bodyworn.domain.span import Span, merge


def silences_of(duration_ms: int, spoken: Sequence[Span], unknown: Sequence[Span], least_ms: int) -> list[Span]:
    """Stretches of at least ``least_ms`` without speech.

    What is ``unknown`` (a silent pre-event buffer, muted, lost) is neither silence nor speech: it ends a silence and
    never counts towards one.
    """
    found = []
    at = 0
    for span in [*merge([*spoken, *unknown]), Span(duration_ms, duration_ms)]:
        if span.start_ms - at >= least_ms:
            found.append(Span(at, span.start_ms))
        at = max(at, span.end_ms)
    return found
