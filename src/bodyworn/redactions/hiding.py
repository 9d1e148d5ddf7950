"""The two who hide things while a clip is rendered: one finds them in the same pass, one follows a plan.

Both keep what they masked, frame by frame, for the list of boxes and for the plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bodyworn.domain.redaction import REASON_OF, Box, BoxSource, HiddenClass, NeedsReview, Region, Style, Track
from bodyworn.domain.redaction_plan import Plan
from bodyworn.media.footage import Frame
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Detector, added_by
from bodyworn.redactions.masking import Area, Masker
from bodyworn.redactions.tracking import OnePass

#: Every masked box: frame of the source, milliseconds from its start, class, box, track.
Masked = tuple[int, int, HiddenClass, Box, str]


@dataclass(frozen=True)
class RedactionChoices:
    """What a person chose: regions to hide or keep, tracks to keep, and who the person is."""

    regions: Sequence[Region] = ()
    kept_tracks: frozenset[str] = frozenset()
    person: str = "person:unnamed"


@dataclass
class Proposals:
    """Collects what trackers hide into the tracks of a plan."""

    boxes: dict[str, list[Box]] = field(default_factory=lambda: defaultdict(list))
    made: dict[str, tuple[HiddenClass, str]] = field(default_factory=dict)

    def add(self, track: str, cls: HiddenClass, maker: str, box: Box) -> None:
        """One more box of a track."""
        self.boxes[track].append(box)
        self.made[track] = (cls, maker)

    def tracks(self, choices: RedactionChoices) -> tuple[Track, ...]:
        """The tracks, in the order they were first hidden."""
        return tuple(
            Track(
                name,
                self.made[name][0],
                tuple(boxes),
                REASON_OF[self.made[name][0]],
                self.made[name][1],
                choices.person if name in choices.kept_tracks else None,
            )
            for name, boxes in self.boxes.items()
        )


class OnePassRedactor:
    """Finds, follows and hides in one pass; see :class:`bodyworn.media.render.Redactor`."""

    def __init__(self, detectors: Sequence[Detector], rate: Fraction, style: Style, choices: RedactionChoices) -> None:
        self._pass = OnePass(detectors, rate)
        self._masker = Masker(style)
        self._choices = choices
        self._makers = {id(tracker): added_by(tracker.detector) for tracker in self._pass.trackers}
        self._areas: list[Area] = []
        self.proposals = Proposals()
        self.masked: list[Masked] = []

    @property
    def look_ahead(self) -> int:
        """Pictures to see before the first is hidden."""
        return self._pass.look_ahead

    @property
    def needs_review(self) -> tuple[NeedsReview, ...]:
        """Spans that a person should look at."""
        return tuple(look for tracker in self._pass.trackers for look in tracker.needs_review)

    def see(self, shot: Frame) -> None:
        """Look at a picture."""
        self._pass.see(shot.index, shot.time_ms, shot.planes)

    def finish(self) -> None:
        """Nothing to do: what is still unknown at the end is decided as it stands."""

    def covers(self, shot: Frame) -> bool:
        """Decide what to hide in the picture."""
        shown = [r for r in self._choices.regions if r.keep and r.covers(shot.index)]
        self._areas = []
        for tracker, hidden in self._pass.hide(shot.index):
            self.proposals.add(hidden.track, hidden.cls, self._makers[id(tracker)], hidden.box)
            if hidden.track in self._choices.kept_tracks or any(region.opens(hidden.box) for region in shown):
                continue
            self._mask(shot, hidden.cls, hidden.box, hidden.track)
        for region in self._choices.regions:
            if not region.keep and region.covers(shot.index):
                self._mask(shot, HiddenClass.REGION, _drawn(region, shot.index), region.id)
        return bool(self._areas)

    def hide(self, planes: Planes) -> None:
        """Mask what :meth:`covers` decided."""
        self._masker.draw(planes, self._areas)

    def _mask(self, shot: Frame, cls: HiddenClass, box: Box, track: str) -> None:
        self._areas.append((box.x, box.y, box.w, box.h, cls))
        self.masked.append((shot.index, shot.time_ms, cls, box, track))


class PlanRedactor:
    """Hides what a plan says, without looking."""

    look_ahead = 0

    def __init__(self, plan: Plan) -> None:
        self._regions = [region for region in plan.regions if not region.keep]
        self._masker = Masker(plan.style)
        self._boxes: dict[int, list[tuple[Track, Box]]] = defaultdict(list)
        for track, box in plan.hidden():
            self._boxes[box.frame].append((track, box))
        self._areas: list[Area] = []
        self.masked: list[Masked] = []

    def see(self, shot: Frame) -> None:
        """A plan needs no look."""

    def finish(self) -> None:
        """A plan is complete from the start."""

    def covers(self, shot: Frame) -> bool:
        """What the plan has for this picture."""
        self._areas = []
        for track, box in self._boxes.get(shot.index, ()):
            self._areas.append((box.x, box.y, box.w, box.h, track.cls))
            self.masked.append((shot.index, shot.time_ms, track.cls, box, track.id))
        for region in self._regions:
            if region.covers(shot.index):
                box = _drawn(region, shot.index)
                self._areas.append((box.x, box.y, box.w, box.h, HiddenClass.REGION))
                self.masked.append((shot.index, shot.time_ms, HiddenClass.REGION, box, region.id))
        return bool(self._areas)

    def hide(self, planes: Planes) -> None:
        """Mask what :meth:`covers` found."""
        self._masker.draw(planes, self._areas)


def _drawn(region: Region, frame: int) -> Box:
    return Box(frame, region.x, region.y, region.w, region.h, BoxSource.DRAWN)
