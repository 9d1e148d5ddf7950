"""One thing followed through time: its sightings, and where it must be hidden between, before and after them.

Sightings are kept in the coordinates of a camera that stands still (picture minus the camera's summed shifts), where
what a person does is slow and a straight line between two sightings is right even while the camera shakes.

Times are microseconds on the clock of the tracker (see :mod:`bodyworn.redactions.pace`), which rises with every frame.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from math import hypot

from bodyworn.domain.redaction import BoxSource, HiddenClass
from bodyworn.redactions.detectors.interface import Found

#: The factors below are for so many microseconds: they were set at 30 frames a second.
_BEAT_US = 1_000_000 / 30
#: How much less the speed is believed with each beat.
_BELIEF = 0.85
#: How much a mask grows with each beat without a sighting.
_GROWTH = 0.02
#: The margin of something slimmer than this, such as a line of text, follows its shorter side.
_SLIM = 2
#: Part of the margin by class: what has sharp edges is boxed better than a face, whose hair and chin are not.
_PART = {HiddenClass.SCREEN: 0.3, HiddenClass.TEXT: 0.7, HiddenClass.PLATE: 0.8, HiddenClass.VEHICLE: 0.2}
#: How far, in its own size, a mask without a sighting is drawn out towards where the thing may have gone.
_REACH, _REACH_OF_LARGE = 0.6, 0.2


@dataclass(frozen=True)
class Sighting:
    """Middle (in still coordinates), size in pixels and score at one frame, shown at ``at_us`` of the recording."""

    clock_us: int
    at_us: int
    x: float
    y: float
    w: float
    h: float
    score: float


@dataclass(frozen=True)
class Rules:
    """How far a mask reaches, in microseconds and as factors of the found size.

    ``margin`` is the size of the mask over the found box, ``edge`` the same before the first and after the last
    sighting, where the mask is drawn out along the way as well. It is hidden for ``lead_us`` before the first sighting
    and ``linger_us`` after the last, too. A thing lost where it should still be seen is hidden for ``lost_us``, growing
    up to ``grown``. A hole of up to ``bridge_us`` between two sightings is filled.
    """

    margin: float = 1.45
    edge: float = 1.3
    lead_us: int = 200_000
    linger_us: int = 270_000
    lost_us: int = 800_000
    grown: float = 1.7
    bridge_us: int = 1_500_000
    weak: float = 0.4

    def at_pace(self, step_us: int) -> Rules:
        """The same where a frame lasts ``step_us``: every stretch is two frames or more and ends between frames."""

        def fitting(stretch_us: int) -> int:
            return max(stretch_us, 2 * step_us) + step_us // 2

        return replace(
            self,
            lead_us=fitting(self.lead_us),
            linger_us=fitting(self.linger_us),
            lost_us=fitting(self.lost_us),
            bridge_us=fitting(self.bridge_us),
        )


@dataclass
class Trace:
    """A track in the making. ``scene`` is when the stretch between two cuts began that it belongs to.

    A ``doubted`` one hides nothing until more is seen of it; ``missed`` counts the looks that did not see it.
    """

    id: str
    cls: HiddenClass
    scene: int
    scene_end: int | None = None
    sightings: list[Sighting] = field(default_factory=list)
    gone: bool = False
    doubted: bool = False
    missed: int = 0

    def add(self, sighting: Sighting) -> None:
        """Insert in order of time; a second sighting of the same frame replaces the first if it scores higher."""
        at = bisect_left(self.sightings, sighting.clock_us, key=lambda s: s.clock_us)
        if at < len(self.sightings) and self.sightings[at].clock_us == sighting.clock_us:
            if sighting.score > self.sightings[at].score:
                self.sightings[at] = sighting
        else:
            self.sightings.insert(at, sighting)

    @property
    def first(self) -> Sighting:
        """The earliest sighting."""
        return self.sightings[0]

    @property
    def last(self) -> Sighting:
        """The latest sighting."""
        return self.sightings[-1]

    def drop_before(self, clock_us: int) -> None:
        """Forget sightings that no later picture needs, but for one before ``clock_us`` and three for the speed."""
        at = bisect_right(self.sightings, clock_us, key=lambda s: s.clock_us)
        if at > 4:
            del self.sightings[: at - 4]

    def over(self, clock_us: int, keep_us: int) -> bool:
        """Whether no picture from ``clock_us`` on needs it, if a lost thing is kept for ``keep_us``."""
        ended = self.scene_end is not None and clock_us >= self.scene_end
        return ended or (self.gone and clock_us - self.last.clock_us > keep_us)

    def expected(self, clock_us: int) -> tuple[float, float, float, float]:
        """Middle and size (still coordinates) to look for it at ``clock_us``, after the last or before the first.

        The speed is believed less and less: after a long time the thing is expected some 0.2 s way on.
        """
        ahead = clock_us >= self.last.clock_us
        anchor = self.last if ahead else self.first
        vx, vy = self.speed(ahead)
        beats = abs(clock_us - anchor.clock_us) / _BEAT_US
        run = _BEAT_US * (1 - _BELIEF**beats) / (1 - _BELIEF) * (1 if ahead else -1)
        return anchor.x + vx * run, anchor.y + vy * run, anchor.w, anchor.h

    def speed(self, ahead: bool = True) -> tuple[float, float]:
        """Pixels per microsecond over the last (or first) three sightings."""
        some = self.sightings[-3:] if ahead else self.sightings[:3]
        time = some[-1].clock_us - some[0].clock_us
        if time <= 0:
            return 0.0, 0.0
        return (some[-1].x - some[0].x) / time, (some[-1].y - some[0].y) / time

    def hurries(self, time_us: int, ahead: bool = True, part: float = 0.35) -> bool:
        """Whether it may move by ``part`` of its size within ``time_us``, or nothing is known of its speed yet."""
        if len(self.sightings) < 3:
            return True
        vx, vy = self.speed(ahead)
        anchor = self.last if ahead else self.first
        return hypot(vx, vy) * time_us > part * min(anchor.w, anchor.h)

    def at(self, clock_us: int, rules: Rules) -> tuple[Found, BoxSource] | None:
        """Where to hide it at ``clock_us`` (still coordinates, margin included), or ``None``."""
        if self.doubted or clock_us < self.scene or (self.scene_end is not None and clock_us >= self.scene_end):
            return None
        at = bisect_left(self.sightings, clock_us, key=lambda s: s.clock_us)
        after = self.sightings[at] if at < len(self.sightings) else None
        if after is not None and after.clock_us == clock_us:
            return self._box(after.x, after.y, after.w, after.h, rules.margin, after.score), BoxSource.DETECTED
        before = self.sightings[at - 1] if at else None
        if before is not None and after is not None and after.clock_us - before.clock_us <= rules.bridge_us:
            return self._between(before, after, clock_us, rules), BoxSource.TRACKED
        options = []
        if before is not None:
            options.append(self._after(before, clock_us, rules, ahead=after is None))
        if after is not None and after.clock_us - clock_us <= rules.lead_us:
            options.append(self._before(after, clock_us, rules))
        return next((option for option in options if option is not None), None)

    def _between(self, a: Sighting, b: Sighting, clock_us: int, rules: Rules) -> Found:
        part = (clock_us - a.clock_us) / (b.clock_us - a.clock_us)
        off = min(clock_us - a.clock_us, b.clock_us - clock_us)
        margin = min(rules.grown, rules.margin * (1 + _GROWTH * max(0.0, off / _BEAT_US - 1)))
        x, y = a.x + part * (b.x - a.x), a.y + part * (b.y - a.y)
        w, h = a.w + part * (b.w - a.w), a.h + part * (b.h - a.h)
        return self._box(x, y, w, h, margin, 0.0)

    def _after(self, a: Sighting, clock_us: int, rules: Rules, *, ahead: bool) -> tuple[Found, BoxSource] | None:
        away = clock_us - a.clock_us
        weak = a.score < rules.weak and len(self.sightings) < 3
        limit = rules.linger_us if weak else rules.lost_us
        if away > limit:
            return None
        x, y, w, h = self._spread(a, clock_us) if ahead else (a.x, a.y, a.w, a.h)
        margin = min(rules.grown, rules.edge * (1 + _GROWTH * away / _BEAT_US))
        source = BoxSource.LINGERING if away <= rules.linger_us else BoxSource.GROWN
        return self._box(x, y, w, h, margin, 0.0), source

    def _before(self, b: Sighting, clock_us: int, rules: Rules) -> tuple[Found, BoxSource] | None:
        away = b.clock_us - clock_us
        x, y, w, h = self._spread(b, clock_us) if b is self.first else (b.x, b.y, b.w, b.h)
        margin = min(rules.grown, rules.edge * (1 + _GROWTH * away / _BEAT_US))
        return self._box(x, y, w, h, margin, 0.0), BoxSource.LINGERING

    def _spread(self, anchor: Sighting, clock_us: int) -> tuple[float, float, float, float]:
        """From where it was seen to where it is expected: it may have gone on, stopped, or never moved so fast."""
        x, y, w, h = self.expected(clock_us)
        reach = _REACH_OF_LARGE if self.cls is HiddenClass.VEHICLE else _REACH
        dx, dy = (max(-reach * w, min(reach * w, x - anchor.x)), max(-reach * h, min(reach * h, y - anchor.y)))
        return anchor.x + dx / 2, anchor.y + dy / 2, w + abs(dx), h + abs(dy)

    def _box(self, x: float, y: float, w: float, h: float, margin: float, score: float) -> Found:
        more = (margin - 1) * _PART.get(self.cls, 1.0)
        w, h = w + max(more * min(w, _SLIM * h), 4), h + max(more * min(h, _SLIM * w), 4)
        return Found(self.cls, x - w / 2, y - h / 2, w, h, score)
