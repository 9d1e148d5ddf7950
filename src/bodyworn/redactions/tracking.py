"""Follow things through a recording in one pass with a look ahead, forwards and backwards.

The tracker sees each picture once. At looks it asks a detector for the whole picture or only about the things it
follows; a newly found thing is followed backwards through the pictures that still wait to be hidden. When a picture
leaves the queue, a second of what comes after it is known.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from bodyworn.domain.redaction import HiddenClass, NeedsReview
from bodyworn.domain.track import Box
from bodyworn.media.planes import Planes
from bodyworn.redactions.crowds import DOUBTED_US, Likenesses, Surveyor, assigned, believe
from bodyworn.redactions.detectors.interface import Detector, Found
from bodyworn.redactions.doubts import Doubts
from bodyworn.redactions.pace import Pace
from bodyworn.redactions.sightings import (
    WaitingFrame,
    clipped,
    distance,
    expected_in,
    near_enough,
    part,
    same_thing,
    sighting_of,
    taken_by,
    wide_in,
)
from bodyworn.redactions.tracks import Rules, Trace

_AHEAD_US = 2_000_000
#: Memory for the pictures that wait, in bytes: large ones look ahead less.
_AHEAD_BYTES = 512 << 20
_LOOK_US = 100_000
#: What moves by less than this part of itself between two looks, and was seen well, is looked at every other time.
_CALM, _SEEN_WELL = 0.12, 0.5
#: What is no face is told to people as lost only if it was seen as surely as this: false plates come and go.
_SURE = 0.6
_BACK_MISSES = 2


@dataclass(frozen=True)
class Hidden:
    """What must be hidden at one frame, for one track."""

    track: str
    cls: HiddenClass
    box: Box


class Tracker:
    """Follows what one detector finds.

    ``named`` counts the tracks of each class; trackers of one pass share it, so that no two tracks have one name.
    """

    def __init__(
        self,
        detector: Detector,
        rules: Rules | None = None,
        named: Counter[HiddenClass] | None = None,
    ) -> None:
        self.detector = detector
        self._set_rules = rules or Rules()
        self._look_us = min(_LOOK_US, detector.every_ms * 1000)
        self._pace = Pace()
        self._adapt()
        self._room = 0
        self._waiting: deque[WaitingFrame] = deque()
        self._traces: list[Trace] = []
        self._named: Counter[HiddenClass] = Counter() if named is None else named
        self._surveyor = detector if isinstance(detector, Surveyor) else None
        self._looks = Likenesses(asked=self._surveyor is not None)
        self._doubts = Doubts(detector)
        self._scene: int | None = None
        self._camera = (0.0, 0.0)
        self._next_find = 0
        self._next_look = 0
        self._next_glance = 0
        self.needs_review: list[NeedsReview] = []

    def _adapt(self) -> None:
        """Fit all windows to how long a frame lasts here."""
        step = self._pace.step_us
        self._rules = self._set_rules.at_pace(step)
        self._between_us = max(self._look_us, step)
        self._around_us = step // 2

    def see(self, at_us: int, planes: Planes, shift: tuple[float, float], cut: bool) -> None:
        """Take the next picture. ``shift`` is the camera's since the one before, ``cut`` says it is another scene."""
        self._camera = (0.0, 0.0) if cut else (self._camera[0] + shift[0], self._camera[1] + shift[1])
        clock_us = self._pace.push(at_us)
        self._adapt()
        self._room = _AHEAD_BYTES // (planes.width * planes.height * 3 // 2)
        if cut or self._scene is None:
            self._start_scene(at_us, clock_us)
        self._waiting.append(WaitingFrame(at_us, clock_us, planes, *self._camera, self._scene or 0))
        self._look(self._waiting[-1])

    def settled(self) -> bool:
        """Whether enough is known of what comes after the next picture to be hidden."""
        if not self._waiting:
            return False
        ahead = self._pace.clock_us - self._waiting[0].clock_us + self._around_us
        if len(self._waiting) > self._room:
            return ahead >= min(_AHEAD_US, self.detector.every_ms * 1000)
        return ahead >= _AHEAD_US

    def hide(self, at_us: int) -> list[Hidden]:
        """What to hide in the picture shown at ``at_us``, which then leaves the queue; they are asked for in order."""
        now = self._waiting.popleft()
        if now.at_us != at_us:
            raise ValueError(f"the picture at {at_us} us is not next, that at {now.at_us} us is")
        here = [trace for trace in self._traces if trace.scene == now.scene]
        self._doubts.believe(t for t in here if now.clock_us >= t.first.clock_us - self._rules.lead_us)
        found = [(trace, trace.at(now.clock_us, self._rules)) for trace in here]
        hidden = [
            Hidden(trace.id, trace.cls, box)
            for trace, answer in found
            if answer is not None and (box := clipped(answer[0], answer[1], now)) is not None
        ]
        self._forget(now.clock_us)
        return hidden

    def _start_scene(self, at_us: int, clock_us: int) -> None:
        self._doubts.believe(self._traces)
        for trace in self._traces:
            if trace.scene_end is None:
                trace.scene_end = clock_us
                trace.gone = True
        self._scene = clock_us
        self._next_find = self._next_look = self._next_glance = at_us

    def _look(self, now: WaitingFrame) -> None:
        """Look for what is followed, when it is time or the thing hurries, and for new things when it is time."""
        due, finding = now.at_us >= self._next_look, now.at_us >= self._next_find
        known = [t for t in self._traces if not t.gone]
        if self._surveyor is not None and self._surveyor.crowded(now.planes, len(known)):
            if due or finding:
                self._look_over(self._surveyor, known, finding, now)
            return
        active = [t for t in known if finding or (due and not self._calm(t, now)) or self._urgent(t, now)]
        unseen = self._confirm(active, now)
        if finding:
            self._next_find = now.at_us + self.detector.every_ms * 1000
            self._match(self.detector.find(now.planes), unseen, now)
        elif now.at_us >= self._next_glance and any(self._just_lost(trace, now) for trace in unseen):
            self._next_glance = now.at_us + self._look_us
            self._match(self.detector.glance(now.planes), unseen, now)
        if due:
            self._next_look = now.at_us + self._look_us
        for trace in active:
            if now.clock_us - trace.last.clock_us > self._rules.bridge_us:
                self._lose(trace)

    def _look_over(self, surveyor: Surveyor, known: Sequence[Trace], finding: bool, now: WaitingFrame) -> None:
        """Look for everything at once, in the whole picture."""
        self._next_look = now.at_us + self._look_us
        if finding:
            self._next_find = now.at_us + self.detector.every_ms * 1000
        found = self.detector.find(now.planes) if finding else surveyor.survey(now.planes)
        seen, new = assigned(found, known, now)
        for trace, item in seen:
            self._see(trace, item, now)
        unseen = self._looks.longest([trace for trace in known if trace.last.clock_us < now.clock_us])
        left = self._confirm(unseen[: surveyor.closer], now) + unseen[surveyor.closer :]
        for trace in left:
            if not trace.doubted and (alike := self._looks.again(trace, now)) is not None:
                trace.add(sighting_of(alike, now))
        for item in new:
            if finding:
                self._begin(item, now)
            else:
                trace = self._new(item, now)
                trace.doubted = True
        for trace in self._traces:
            if not trace.gone and believe(trace):
                self._follow_back(trace)
        part(known, now)
        for trace in known:
            if now.clock_us - trace.last.clock_us > (DOUBTED_US if trace.doubted else self._rules.bridge_us):
                self._lose(trace)

    def _just_lost(self, trace: Trace, now: WaitingFrame) -> bool:
        """Whether it was seen well a moment ago and should still be in the picture."""
        x, y = expected_in(trace, now).center
        inside = 0 <= x < now.planes.width and 0 <= y < now.planes.height
        return inside and self._recent(trace, now) and trace.last.score >= self._rules.weak

    def _recent(self, trace: Trace, now: WaitingFrame) -> bool:
        """Whether it was seen at one of the last two looks."""
        return now.clock_us - trace.last.clock_us <= 2 * self._between_us + self._around_us

    def _urgent(self, trace: Trace, now: WaitingFrame) -> bool:
        return self._recent(trace, now) and trace.hurries(self._between_us)

    def _calm(self, trace: Trace, now: WaitingFrame) -> bool:
        """Whether it was seen well at the look before this one and hardly moves: then this look is left out."""
        if now.clock_us - trace.last.clock_us > self._between_us + self._around_us or trace.last.score < _SEEN_WELL:
            return False
        return not trace.hurries(2 * self._between_us, part=_CALM)

    def _confirm(self, active: Sequence[Trace], now: WaitingFrame) -> list[Trace]:
        """Look for each of ``active`` where it is expected; those that are not seen."""
        if not active:
            return []
        seen = self.detector.confirm(now.planes, [wide_in(trace, now, self._between_us) for trace in active])
        unseen: list[Trace] = []
        for trace, answer in zip(active, seen, strict=True):
            if answer is None:
                trace.missed += 1
                if not self._doubts.decide(trace).gone:
                    unseen.append(trace)
            else:
                self._see(trace, answer, now)
        part(active, now)
        return unseen

    def _match(self, found: Sequence[Found], unseen: list[Trace], now: WaitingFrame) -> None:
        """Give what was found in the whole picture to the things it belongs to; the rest is new."""
        known = [t for t in self._traces if not t.gone and t.last.clock_us == now.clock_us]
        for item in sorted(found, key=lambda f: -f.score):
            if any(same_thing(item, expected_in(trace, now), 0.5) for trace in known):
                continue
            best = min(
                (t for t in unseen if t.cls == item.cls and near_enough(item, t, now, expected_in(t, now))),
                key=lambda trace: distance(item, expected_in(trace, now)),
                default=None,
            )
            if best is not None:
                self._see(best, item, now)
                unseen.remove(best)
                known.append(best)
            else:
                known.append(self._begin(item, now))

    def _begin(self, item: Found, now: WaitingFrame) -> Trace:
        trace = self._new(item, now)
        self._doubts.begin(trace)
        self._follow_back(trace)
        self._doubts.decide(trace)
        return trace

    def _see(self, trace: Trace, item: Found, now: WaitingFrame) -> None:
        """``trace`` is ``item`` in the picture ``now``, as the detector saw it."""
        trace.add(sighting_of(item, now))
        self._doubts.decide(trace)
        self._looks.remember(trace, item, now)

    def _new(self, item: Found, now: WaitingFrame) -> Trace:
        self._named[item.cls] += 1
        trace = Trace(
            f"{item.cls.value}-{self._named[item.cls]}", item.cls, now.scene, sightings=[sighting_of(item, now)]
        )
        self._traces.append(trace)
        self._looks.remember(trace, item, now)
        return trace

    def _follow_back(self, trace: Trace) -> None:
        """Look for a new thing in the pictures before it was first seen, from late to early."""
        misses, last = 0, trace.first.at_us
        others = [t for t in self._traces if t is not trace and t.scene == trace.scene]
        for earlier in reversed(self._waiting):
            if earlier.scene != trace.scene or misses >= _BACK_MISSES:
                return
            hurry = trace.hurries(self._between_us, ahead=False)
            if earlier.clock_us >= trace.first.clock_us or (not hurry and last - earlier.at_us < self._look_us * 0.9):
                continue
            last = earlier.at_us
            answer = self.detector.confirm(earlier.planes, [wide_in(trace, earlier, self._between_us)])[0]
            if answer is None and self._surveyor is not None and self._surveyor.crowded(earlier.planes, len(others)):
                answer = self._looks.again(trace, earlier)
            if answer is None:
                misses += 1
            elif any(taken_by(answer, other, earlier, self._rules) for other in others):
                return
            else:
                misses = 0
                trace.add(sighting_of(answer, earlier))

    def _lose(self, trace: Trace) -> None:
        self._doubts.believe([trace])
        trace.gone = True
        faint = trace.last.score < self._rules.weak and len(trace.sightings) < 3
        if trace.doubted or faint or (trace.cls is not HiddenClass.FACE and trace.last.score < _SURE):
            return
        start = trace.last.at_us + self._pace.step_us
        end = start + self._set_rules.lost_us
        self.needs_review.append(NeedsReview(start, end, trace.id, "the track was lost in the picture"))

    def _forget(self, clock_us: int) -> None:
        keep = self._rules.bridge_us + self._rules.lost_us
        for trace in self._traces:
            trace.drop_before(clock_us - keep)
        self._traces = [trace for trace in self._traces if not trace.over(clock_us, keep)]
        self._looks.forget(self._traces)
