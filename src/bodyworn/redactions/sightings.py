"""Where things are in a picture and where they are expected: what the tracker compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot

from bodyworn.domain.redaction import BoxSource
from bodyworn.domain.track import Box
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.tracks import Rules, Sighting, Trace

#: How much wider the place is where something that hurries is looked for.
_WIDER = 1.4


@dataclass
class WaitingFrame:
    """A picture that was seen and not yet hidden; ``x``, ``y`` are the camera's summed shifts."""

    at_us: int
    clock_us: int
    planes: Planes
    x: float
    y: float
    scene: int


def sighting_of(item: Found, now: WaitingFrame) -> Sighting:
    """``item``, found in the picture ``now``, in still coordinates."""
    x, y = item.center
    return Sighting(now.clock_us, now.at_us, x - now.x, y - now.y, item.w, item.h, item.score)


def expected_in(trace: Trace, now: WaitingFrame) -> Found:
    """Where the track is expected in the picture."""
    x, y, w, h = trace.expected(now.clock_us)
    return Found(trace.cls, x + now.x - w / 2, y + now.y - h / 2, w, h, 0.0)


def wide_in(trace: Trace, now: WaitingFrame, between_us: int) -> Found:
    """Where to look for the track, with looks ``between_us`` apart: a wider place for what hurries."""
    there = expected_in(trace, now)
    if not trace.hurries(between_us, ahead=now.clock_us >= trace.last.clock_us):
        return there
    return larger(there, _WIDER)


def larger(item: Found, factor: float) -> Found:
    """``item`` around the same middle at ``factor`` times its size."""
    x, y = item.center
    w, h = item.w * factor, item.h * factor
    return replace(item, x=x - w / 2, y=y - h / 2, w=w, h=h)


def part(active: Sequence[Trace], now: WaitingFrame) -> None:
    """Two tracks on one thing: the younger one ends here, and the other is believed if either was."""
    here = [(t, expected_in(t, now)) for t in active if t.last.clock_us == now.clock_us and not t.gone]
    for i, (elder, there) in enumerate(here):
        for younger, place in here[i + 1 :]:
            if not younger.gone and same_thing(there, place, 0.6):
                younger.gone = True
                elder.doubted = elder.doubted and younger.doubted


def distance(a: Found, b: Found) -> float:
    """Between the middles, in pixels."""
    return hypot(a.center[0] - b.center[0], a.center[1] - b.center[1])


def same_thing(a: Found, b: Found, overlap: float) -> bool:
    """Whether the two overlap by more than ``overlap``, or their middles all but meet."""
    return a.overlap(b) > overlap or distance(a, b) < 0.3 * min(max(a.w, a.h), max(b.w, b.h))


def near_enough(item: Found, trace: Trace, now: WaitingFrame, there: Found) -> bool:
    """Whether ``item`` may be the lost thing, expected ``there``: within its own size, more the longer ago it was seen
    and the faster it went then, for it may have turned."""
    away = now.clock_us - trace.last.clock_us
    reach = (0.8 + 0.6 * away / 1_000_000) * max(there.w, there.h) + hypot(*trace.speed()) * away
    ratio = (item.w * item.h) / (there.w * there.h)
    return distance(item, there) < reach and 0.25 < ratio < 4


def taken_by(item: Found, other: Trace, now: WaitingFrame, rules: Rules) -> bool:
    """Whether ``item`` is where the track ``other`` is known to be."""
    answer = other.at(now.clock_us, rules)
    if answer is None or answer[1] not in (BoxSource.DETECTED, BoxSource.TRACKED):
        return False
    there = replace(answer[0], x=answer[0].x + now.x, y=answer[0].y + now.y)
    return same_thing(item, there, 0.5)


def clipped(item: Found, source: BoxSource, now: WaitingFrame) -> Box | None:
    """The box in whole pixels of the picture ``now``, or ``None`` if it lies outside."""
    x0, y0 = max(0, int(item.x + now.x)), max(0, int(item.y + now.y))
    x1 = min(now.planes.width, int(item.x + now.x + item.w) + 1)
    y1 = min(now.planes.height, int(item.y + now.y + item.h) + 1)
    if x1 <= x0 or y1 <= y0:
        return None
    return Box(now.at_us, x0, y0, x1 - x0, y1 - y0, source)
