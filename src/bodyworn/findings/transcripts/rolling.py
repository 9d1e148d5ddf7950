"""Rolling captions become what was said once: live and automatic captions show every line two or three times."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bodyworn.findings.transcripts.captions import TimedBlock
from bodyworn.findings.transcripts.text import said

#: Captions of a rolling track follow each other without a pause.
_PAUSE_MS = 60
#: A caption this short only holds the lines of the one before.
_FLASH_MS = 50
#: Share of neighboring captions that have to carry lines over before a track counts as rolling.
_SHARE = 0.3


def once(captions: Sequence[TimedBlock]) -> tuple[TimedBlock, ...]:
    """The captions without lines carried over; other tracks come back as they are, repeated words and all."""
    plain = [tuple(text for line in caption.lines if (text := said(line))) for caption in captions]
    if not _rolls(captions, plain):
        return tuple(captions)
    made: list[TimedBlock] = []
    shown: tuple[str, ...] = ()
    for caption, lines in zip(captions, plain, strict=True):
        fresh = lines[_carried(shown, lines) :]
        if fresh and shown and _grows(shown[-1], fresh[0]) and made:
            grown = made.pop()
            fresh = (*grown.lines[:-1], *fresh)
            caption = TimedBlock(grown.start_ms, caption.end_ms, caption.lines)
        if fresh:
            made.append(TimedBlock(caption.start_ms, caption.end_ms, fresh))
        shown = lines or shown
    return tuple(made)


def _rolls(captions: Sequence[TimedBlock], plain: Sequence[tuple[str, ...]]) -> bool:
    pairs = list(zip(pairwise(captions), pairwise(plain), strict=True))
    close = [(a, b, x, y) for (a, b), (x, y) in pairs if b.start_ms - a.end_ms <= _PAUSE_MS and x and y]
    carried = sum(
        _carried(x, y) > 0
        and (len(y) > _carried(x, y) or min(a.end_ms - a.start_ms, b.end_ms - b.start_ms) <= _FLASH_MS)
        for a, b, x, y in close
    ) + sum(_grows(x[-1], y[0]) for _, _, x, y in close)
    return bool(close) and carried >= max(1, _SHARE * len(close))


def _carried(shown: tuple[str, ...], lines: tuple[str, ...]) -> int:
    """How many of the first lines are the last ones shown before."""
    return next((n for n in range(min(len(shown), len(lines)), 0, -1) if shown[-n:] == lines[:n]), 0)


def _grows(line: str, longer: str) -> bool:
    """Whether a line is the one before with further words at its end."""
    return len(longer) > len(line) and longer.startswith(line + " ")
