"""Time inside a recording, in integer milliseconds from its first sample or frame, and the algebra of its stretches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Span:
    """A half-open stretch ``[start_ms, end_ms)`` of a recording, in milliseconds from its start."""

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if self.start_ms < 0 or self.end_ms < self.start_ms:
            raise ValueError(f"not a span: {self.start_ms}..{self.end_ms} ms")

    @property
    def length_ms(self) -> int:
        """Length in milliseconds."""
        return self.end_ms - self.start_ms

    def overlap_ms(self, other: Span) -> int:
        """How many milliseconds the two spans share."""
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))


def merge(spans: Iterable[Span], gap_ms: int = 0) -> list[Span]:
    """Join spans that touch, overlap or lie at most ``gap_ms`` apart; sorted by start."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start_ms - joined[-1].end_ms <= gap_ms:
            joined[-1] = Span(joined[-1].start_ms, max(joined[-1].end_ms, span.end_ms))
        else:
            joined.append(span)
    return joined


def minus(spans: Iterable[Span], holes: Sequence[Span]) -> list[Span]:
    """What is left of each of ``spans`` where ``holes`` are cut out; empty remainders are dropped, the order stays."""
    cuts = merge(holes)
    left: list[Span] = []
    for span in spans:
        at = span.start_ms
        for cut in cuts:
            if cut.end_ms <= at or cut.start_ms >= span.end_ms:
                continue
            if cut.start_ms > at:
                left.append(Span(at, cut.start_ms))
            at = cut.end_ms
        if at < span.end_ms:
            left.append(Span(at, span.end_ms))
    return left


def clipped(spans: Iterable[Span], within: Span) -> list[Span]:
    """The parts of ``spans`` that lie in ``within``; those outside are dropped, the order stays."""
    return [
        Span(max(span.start_ms, within.start_ms), min(span.end_ms, within.end_ms))
        for span in spans
        if span.overlap_ms(within) > 0
    ]


def covered_ms(spans: Iterable[Span], within: Span) -> int:
    """How many milliseconds of ``within`` the ``spans`` cover together."""
    return sum(span.overlap_ms(within) for span in merge(spans))


def in_all(lists: Sequence[Sequence[Span]]) -> list[Span]:
    """The time that is in every one of ``lists``, merged; nothing if there are no lists."""
    shared = merge(lists[0]) if lists else []
    for other in lists[1:]:
        shared = _in_both(shared, merge(other))
    return shared


def _in_both(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """What two merged lists share, in one walk over both."""
    found: list[Span] = []
    at = 0
    for span in one:
        while at < len(other) and other[at].end_ms <= span.start_ms:
            at += 1
        here = at
        while here < len(other) and other[here].start_ms < span.end_ms:
            found += clipped([other[here]], span)
            here += 1
    return found


def runs(flags: Iterable[object]) -> list[tuple[int, int]]:
    """Half-open index ranges ``(first, after)`` of the stretches of ``flags`` that are true."""
    found: list[tuple[int, int]] = []
    first, count = None, 0
    for at, flag in enumerate(flags):
        count = at + 1
        if flag and first is None:
            first = at
        elif not flag and first is not None:
            found.append((first, at))
            first = None
    return found if first is None else [*found, (first, count)]


def clock(ms: int) -> str:
    """``ms`` as ``m:ss.t`` or ``h:mm:ss.t`` for people to read."""
    tenths = ms // 100
    hours, rest = divmod(tenths, 36_000)
    minutes, rest = divmod(rest, 600)
    seconds, tenth = divmod(rest, 10)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{seconds:02d}.{tenth}"


def length(ms: int) -> str:
    """A stretch of time in words: ``0.4 s``, ``30 s``, ``2 min 05 s``, ``1 h 02 min``."""
    if ms < 10_000:
        return f"{ms / 1000:.1f} s"
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"
