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
        same = _carried(shown, lines)
        fresh, start_ms = lines[same:], caption.start_ms
        if (more := _grown(shown, lines)) > same and made:
            before = made.pop()
            fresh, start_ms = (*before.lines[:-1], *lines[more - 1 :]), before.start_ms
        if fresh:
            made.append(TimedBlock(start_ms, caption.end_ms, fresh))
        shown = lines or shown
    return tuple(made)


def _rolls(captions: Sequence[TimedBlock], plain: Sequence[tuple[str, ...]]) -> bool:
    pairs = list(zip(pairwise(captions), pairwise(plain), strict=True))
    close = [(a, b, x, y) for (a, b), (x, y) in pairs if b.start_ms - a.end_ms <= _PAUSE_MS and x and y]
    carried = sum(_moves_on(a, b, x, y) for a, b, x, y in close)
    return bool(close) and carried >= max(1, _SHARE * len(close))


def _moves_on(before: TimedBlock, after: TimedBlock, shown: tuple[str, ...], lines: tuple[str, ...]) -> bool:
    """Whether a caption carries lines over and adds to them, or only holds them for a moment."""
    same = _carried(shown, lines)
    if _grown(shown, lines) > same:
        return True
    flash = min(before.end_ms - before.start_ms, after.end_ms - after.start_ms) <= _FLASH_MS
    return same > 0 and (len(lines) > same or flash)


def _carried(shown: tuple[str, ...], lines: tuple[str, ...]) -> int:
    """How many of the first lines are the last ones shown before."""
    return next((n for n in range(min(len(shown), len(lines)), 0, -1) if shown[-n:] == lines[:n]), 0)


def _grown(shown: tuple[str, ...], lines: tuple[str, ...]) -> int:
    """As :func:`_carried`, where the last of them has further words at its end."""
    for n in range(min(len(shown), len(lines)), 0, -1):
        last, longer = shown[-1], lines[n - 1]
        grows = len(longer) > len(last) and longer.startswith(last + " ")
        if grows and shown[len(shown) - n : -1] == lines[: n - 1]:
            return n
    return 0
