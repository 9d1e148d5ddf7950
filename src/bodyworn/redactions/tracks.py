"""One thing followed through time: its sightings, and where it must be hidden between, before and after them.

Sightings are kept in the coordinates of a camera that stands still (picture minus the camera's summed shifts), where
what a person does is slow and a straight line between two sightings is right even while the camera shakes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from math import hypot

from bodyworn.domain.redaction import BoxSource, HiddenClass
from bodyworn.redactions.detectors.interface import Found

_BELIEF = 0.85
#: The margin of something slimmer than this, such as a line of text, follows its shorter side.
_SLIM = 2
#: Part of the margin by class: what has sharp edges is boxed better than a face, whose hair and chin are not.
_PART = {HiddenClass.SCREEN: 0.3, HiddenClass.TEXT: 0.7, HiddenClass.PLATE: 0.8, HiddenClass.VEHICLE: 0.2}
#: How far, in its own size, a mask without a sighting is drawn out towards where the thing may have gone.
_REACH, _REACH_OF_LARGE = 0.6, 0.2


@dataclass(frozen=True)
class Sighting:
    """Middle (in still coordinates), size in pixels and score at one frame."""

    frame: int
    x: float
    y: float
    w: float
    h: float
    score: float


@dataclass(frozen=True)
class Rules:
    """How far a mask reaches, in frames and as factors of the found size.

    ``margin`` is the size of the mask over the found box, ``edge`` the same before the first and after the last
    sighting, where the mask is drawn out along the way as well. ``lead`` frames before the first sighting and
    ``linger`` after the last are hidden too. A thing lost where it should still be seen is hidden for ``lost``
    frames, growing up to ``grown``. A hole of up to ``bridge`` frames between two sightings is filled.
    """

    margin: float = 1.45
    edge: float = 1.3
    lead: int = 6
    linger: int = 8
    lost: int = 24
    grown: float = 1.7
    bridge: int = 45
    weak: float = 0.4


@dataclass
class Trace:
    """A track in the making. ``scene`` is the stretch between two cuts it belongs to, as first frame."""

    id: str
    cls: HiddenClass
    scene: int
    scene_end: int | None = None
    sightings: list[Sighting] = field(default_factory=list)
    gone: bool = False

    def add(self, sighting: Sighting) -> None:
        """Insert in order of frames; a second sighting of the same frame replaces the first if it scores higher."""
        at = bisect_left(self.sightings, sighting.frame, key=lambda s: s.frame)
        if at < len(self.sightings) and self.sightings[at].frame == sighting.frame:
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

    def drop_before(self, frame: int) -> None:
        """Forget sightings that no later picture needs, but for one before ``frame`` and three for the speed."""
        at = bisect_right(self.sightings, frame, key=lambda s: s.frame)
        if at > 4:
            del self.sightings[: at - 4]

    def expected(self, frame: int) -> tuple[float, float, float, float]:
        """Middle and size (still coordinates) to look for it at ``frame``, after the last or before the first.

        The speed is believed less and less: after many frames the thing is expected some six frames' way on.
        """
        ahead = frame >= self.last.frame
        anchor = self.last if ahead else self.first
        vx, vy = self.speed(ahead)
        run = (1 - _BELIEF ** abs(frame - anchor.frame)) / (1 - _BELIEF) * (1 if ahead else -1)
        return anchor.x + vx * run, anchor.y + vy * run, anchor.w, anchor.h

    def speed(self, ahead: bool = True) -> tuple[float, float]:
        """Pixels per frame over the last (or first) three sightings."""
        some = self.sightings[-3:] if ahead else self.sightings[:3]
        frames = some[-1].frame - some[0].frame
        if frames <= 0:
            return 0.0, 0.0
        return (some[-1].x - some[0].x) / frames, (some[-1].y - some[0].y) / frames

    def hurries(self, frames: int, ahead: bool = True, part: float = 0.35) -> bool:
        """Whether it may move by ``part`` of its size within ``frames``, or nothing is known of its speed yet."""
        if len(self.sightings) < 3:
            return True
        vx, vy = self.speed(ahead)
        anchor = self.last if ahead else self.first
        return hypot(vx, vy) * frames > part * min(anchor.w, anchor.h)

    def at(self, frame: int, rules: Rules) -> tuple[Found, BoxSource] | None:
        """Where to hide it at ``frame`` (still coordinates, margin included), or ``None``."""
        if frame < self.scene or (self.scene_end is not None and frame >= self.scene_end):
            return None
        at = bisect_left(self.sightings, frame, key=lambda s: s.frame)
        after = self.sightings[at] if at < len(self.sightings) else None
        if after is not None and after.frame == frame:
            return self._box(after.x, after.y, after.w, after.h, rules.margin, after.score), BoxSource.DETECTED
        before = self.sightings[at - 1] if at else None
        if before is not None and after is not None and after.frame - before.frame <= rules.bridge:
            return self._between(before, after, frame, rules), BoxSource.TRACKED
        options = []
        if before is not None:
            options.append(self._after(before, frame, rules, ahead=after is None))
        if after is not None and after.frame - frame <= rules.lead:
            options.append(self._before(after, frame, rules))
        return next((option for option in options if option is not None), None)

    def _between(self, a: Sighting, b: Sighting, frame: int, rules: Rules) -> Found:
        part = (frame - a.frame) / (b.frame - a.frame)
        off = min(frame - a.frame, b.frame - frame)
        margin = min(rules.grown, rules.margin * (1 + 0.02 * max(0, off - 1)))
        x, y = a.x + part * (b.x - a.x), a.y + part * (b.y - a.y)
        w, h = a.w + part * (b.w - a.w), a.h + part * (b.h - a.h)
        return self._box(x, y, w, h, margin, 0.0)

    def _after(self, a: Sighting, frame: int, rules: Rules, *, ahead: bool) -> tuple[Found, BoxSource] | None:
        away = frame - a.frame
        weak = a.score < rules.weak and len(self.sightings) < 3
        limit = rules.linger if weak else rules.lost
        if away > limit:
            return None
        x, y, w, h = self._spread(a, frame) if ahead else (a.x, a.y, a.w, a.h)
        margin = min(rules.grown, rules.edge * (1 + 0.02 * away))
        source = BoxSource.LINGERING if away <= rules.linger else BoxSource.GROWN
        return self._box(x, y, w, h, margin, 0.0), source

    def _before(self, b: Sighting, frame: int, rules: Rules) -> tuple[Found, BoxSource] | None:
        away = b.frame - frame
        x, y, w, h = self._spread(b, frame) if b is self.first else (b.x, b.y, b.w, b.h)
        margin = min(rules.grown, rules.edge * (1 + 0.02 * away))
        return self._box(x, y, w, h, margin, 0.0), BoxSource.LINGERING

    def _spread(self, anchor: Sighting, frame: int) -> tuple[float, float, float, float]:
        """From where it was seen to where it is expected: it may have gone on, stopped, or never moved so fast."""
        x, y, w, h = self.expected(frame)
        reach = _REACH_OF_LARGE if self.cls is HiddenClass.VEHICLE else _REACH
        dx, dy = (max(-reach * w, min(reach * w, x - anchor.x)), max(-reach * h, min(reach * h, y - anchor.y)))
        return anchor.x + dx / 2, anchor.y + dy / 2, w + abs(dx), h + abs(dy)

    def _box(self, x: float, y: float, w: float, h: float, margin: float, score: float) -> Found:
        more = (margin - 1) * _PART.get(self.cls, 1.0)
        w, h = w + max(more * min(w, _SLIM * h), 4), h + max(more * min(h, _SLIM * w), 4)
        return Found(self.cls, x - w / 2, y - h / 2, w, h, score)
