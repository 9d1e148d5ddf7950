"""One thing followed through a recording: boxes that hold for a time. Times and pixels as in :mod:`.redaction`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from bodyworn.domain.codec import JsonRow, json_name, omit_default
from bodyworn.domain.redaction import BoxSource, HiddenClass, Reason


@dataclass(frozen=True, order=True)
class Box(JsonRow):
    """A rectangle from ``at_us`` on, in pixels of the upright frame.

    It holds until the next box of its track, a gap or the track's end: a step function, so that it hides every frame
    shown meanwhile, however uneven their times are.
    """

    at_us: int
    x: int
    y: int
    w: int
    h: int
    source: BoxSource = BoxSource.DETECTED

    def __post_init__(self) -> None:
        if self.at_us < 0 or self.w < 1 or self.h < 1:
            raise ValueError(f"not a box: at {self.at_us} us, {self.w}x{self.h}")

    @property
    def center(self) -> tuple[float, float]:
        """The point in its middle."""
        return self.x + self.w / 2, self.y + self.h / 2


@dataclass(frozen=True)
class TrackGap(JsonRow):
    """Inside a track, nothing is hidden in ``[start_us, end_us)``; at ``end_us`` its next box begins."""

    start_us: int
    end_us: int


@dataclass(frozen=True)
class Track:
    """One thing followed through time: boxes in order of time, the last of which holds until ``until_us``.

    ``added_by`` is ``detector@version (model digest)`` or a person's id. ``kept_by`` is who chose to leave it visible.
    """

    id: str
    cls: HiddenClass = field(metadata=json_name("class"))
    boxes: tuple[Box, ...]
    until_us: int
    reason: Reason
    added_by: str
    kept_by: str | None = None
    gaps: tuple[TrackGap, ...] = field(default=(), metadata=omit_default())

    def __post_init__(self) -> None:
        if not self.boxes:
            raise ValueError(f"track {self.id} has no boxes")
        if any(a.at_us >= b.at_us for a, b in pairwise(self.boxes)):
            raise ValueError(f"track {self.id}: boxes are not in order of time")
        if self.until_us <= self.boxes[-1].at_us:
            raise ValueError(f"track {self.id} ends before its last box")
        last = self.boxes[0].at_us
        for gap in self.gaps:
            at = bisect_right(self._starts, gap.start_us)
            after = self._starts[at] if at < len(self._starts) else None
            if not last < gap.start_us < gap.end_us or gap.end_us != after:
                raise ValueError(f"track {self.id}: a gap lies within a box's time and ends where the next one begins")
            last = gap.end_us

    @classmethod
    def of_frames(
        cls,
        name: str,
        kind: HiddenClass,
        boxes: Sequence[Box],
        times_us: Sequence[int],
        end_us: int,
        *,
        reason: Reason,
        added_by: str,
        kept_by: str | None = None,
    ) -> Track:
        """The track that hides each of ``boxes`` in its own frame and nothing in the frames between them.

        ``times_us`` are the times of all frames, rising; ``end_us`` is when the last of them ends.
        """
        gaps = []
        for box, after in pairwise(boxes):
            ends = _next(times_us, box.at_us, end_us)
            if ends < after.at_us:
                gaps.append(TrackGap(ends, after.at_us))
        until = max(boxes[-1].at_us + 1, _next(times_us, boxes[-1].at_us, end_us))
        return cls(name, kind, tuple(boxes), until, reason, added_by, kept_by, tuple(gaps))

    @cached_property
    def _starts(self) -> list[int]:
        return [box.at_us for box in self.boxes]

    @cached_property
    def _ends(self) -> list[int]:
        """Until when each box holds."""
        ends = [*self._starts[1:], self.until_us]
        for gap in self.gaps:
            ends[bisect_right(self._starts, gap.start_us) - 1] = gap.start_us
        return ends

    def box_at(self, at_us: int) -> Box | None:
        """The box that holds at ``at_us``, or ``None``."""
        at = bisect_right(self._starts, at_us) - 1
        return self.boxes[at] if at >= 0 and at_us < self._ends[at] else None

    def held(self) -> Iterator[tuple[Box, int]]:
        """Each box and until when it holds, in order of time."""
        return zip(self.boxes, self._ends, strict=True)


def _next(times_us: Sequence[int], at_us: int, end_us: int) -> int:
    """When the frame after the one at ``at_us`` is shown; ``end_us`` after the last."""
    at = bisect_right(times_us, at_us)
    return times_us[at] if at < len(times_us) else end_us
