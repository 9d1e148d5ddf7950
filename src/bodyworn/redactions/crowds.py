"""Many faces at once: the whole picture is searched at each look, and what the search misses is followed by its looks.

Looking closely at each known face costs more than one search of the picture once there are many, and finds no new
ones. A search at that size sees small and turned faces now and then only: what it doubts counts where the same face is
seen surely before or after (Zhang et al., "ByteTrack", 2022), and between two sightings the picture of the face itself
is found again by correlation, forwards and backwards in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.memory import Memory
from bodyworn.redactions.sightings import WaitingFrame, distance, expected_in, larger, near_enough, same_thing
from bodyworn.redactions.tracks import Trace

#: Score from which a thing is surely one, and how many doubted sightings together are as good.
SURE, _DOUBTED = 0.4, 4
#: Score of a sighting by likeness: no network saw it.
_ALIKE = 0.3
#: Correlation from which it still looks like itself: in clutter something is always a little alike.
_LIKE = 0.7
#: How much larger than its look a thing is hidden then: the place is less exact, and it may have come nearer.
_ROOM = 1.15
#: How much of what is around it belongs to its look: hair and shoulders go with a face.
_AROUND = 1.5
#: How long a thing is followed by its likeness alone, in microseconds.
_FOLLOWED_US = 2_500_000
#: How much later than others a doubted thing is looked at closely, and how long it may be out of sight.
_LATER_US, DOUBTED_US = 300_000, 500_000


@runtime_checkable
class Surveyor(Protocol):
    """A detector that can search the whole picture at each look."""

    def crowded(self, picture: Planes, known: int) -> bool:
        """Whether it should, with so many ``known`` things."""
        ...

    @property
    def closer(self) -> int:
        """How many of those that the search missed it looks at closely, in turn."""
        ...

    def survey(self, picture: Planes) -> list[Found]:
        """Everything it sees in the whole picture at middling size, doubtful things too."""
        ...


class Likenesses:
    """How each track looked when a network last saw it; nothing is kept where it is never ``asked``."""

    def __init__(self, *, asked: bool) -> None:
        self._asked = asked
        self._looks: dict[str, tuple[Memory, int]] = {}

    def remember(self, trace: Trace, item: Found, now: WaitingFrame) -> None:
        """Take the look of ``item``, which is ``trace``."""
        if not self._asked:
            return
        look = Memory()
        look.remember(now.planes, [larger(item, _AROUND)])
        self._looks[trace.id] = look, now.clock_us

    def again(self, trace: Trace, now: WaitingFrame) -> Found | None:
        """The track where it is in the picture ``now``, if it still looks like itself."""
        look, clock_us = self._looks.get(trace.id, (None, 0))
        if look is None or abs(now.clock_us - clock_us) > _FOLLOWED_US:
            return None
        there = expected_in(trace, now)
        x, y = there.center
        if not (0 <= x < now.planes.width and 0 <= y < now.planes.height):
            return None
        found = look.again(now.planes, larger(there, _AROUND))
        return None if found is None or found.score < _LIKE else replace(larger(found, _ROOM / _AROUND), score=_ALIKE)

    def longest(self, traces: Sequence[Trace]) -> list[Trace]:
        """``traces``, those first that no network saw for the longest time, doubted ones later."""
        return sorted(traces, key=lambda trace: self._looks[trace.id][1] + trace.doubted * _LATER_US)

    def forget(self, kept: Sequence[Trace]) -> None:
        """Drop all tracks but those ``kept``."""
        names = {trace.id for trace in kept}
        self._looks = {name: look for name, look in self._looks.items() if name in names}


def assigned(
    found: Sequence[Found], traces: Sequence[Trace], now: WaitingFrame
) -> tuple[list[tuple[Trace, Found]], list[Found]]:
    """Which of ``found`` is which of ``traces``, nearest pairs first, and what is none of them."""
    places = [expected_in(trace, now) for trace in traces]
    pairs = sorted(
        (trace.doubted, distance(item, place) / max(item.w, item.h), i, k)
        for i, item in enumerate(found)
        for k, (trace, place) in enumerate(zip(traces, places, strict=True))
        if trace.cls == item.cls and near_enough(item, trace, now, place)
    )
    taken: dict[int, int] = {}
    for _, _, i, k in pairs:
        if i not in taken and k not in taken.values():
            taken[i] = k
    seen = [(traces[k], found[i]) for i, k in taken.items()]
    left = [item for i, item in enumerate(found) if i not in taken]
    return seen, [f for f in left if not any(same_thing(f, place, 0.3) for place in places)]


def believe(trace: Trace) -> bool:
    """Whether a track that was doubted is believed from here on."""
    scores = [sighting.score for sighting in trace.sightings if sighting.score != _ALIKE]
    if not trace.doubted or (max(scores, default=0.0) < SURE and len(scores) < _DOUBTED):
        return False
    trace.doubted = False
    return True
