"""What hides things while a clip is rendered: one redactor finds them in the same pass, one follows a plan.

Both ask :meth:`Plan.masks` what to mask in a frame. The first asks a plan of that frame alone, which holds what was
found in it; put together over all frames it is the plan of the clip, which gives the same masks for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bodyworn.domain.redaction import REASON_OF, Clip, HiddenClass, Mask, NeedsReview, Style
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.track import Box, Track
from bodyworn.media.footage import Frame
from bodyworn.media.planes import Planes
from bodyworn.redactions.choices import DrawnMask, RedactionChoices
from bodyworn.redactions.detectors.interface import Detector, added_by
from bodyworn.redactions.masking import Masker
from bodyworn.redactions.one_pass import OnePass

__all__ = ["DrawnMask", "OnePassRedactor", "PlanRedactor", "Proposals", "RedactionChoices"]

_USUAL_STEP_US = 33_333


@dataclass
class Proposals:
    """Collects what trackers hide, frame by frame, into the tracks of a plan."""

    choices: RedactionChoices = field(default_factory=RedactionChoices)
    times_us: list[int] = field(default_factory=list)
    _boxes: dict[str, list[Box]] = field(default_factory=dict)
    _made: dict[str, tuple[HiddenClass, str]] = field(default_factory=dict)

    def add(self, track: str, cls: HiddenClass, maker: str, box: Box) -> None:
        """One more box of a track, in the frame that ``times_us`` ends with."""
        self._boxes.setdefault(track, []).append(box)
        self._made[track] = (cls, maker)

    def tracks(self, clip: Clip) -> tuple[Track, ...]:
        """The tracks, in the order they were first hidden."""
        return self._tracks(self._boxes, self.times_us, self._end_us(clip))

    def now(self) -> tuple[Track, ...]:
        """The tracks with their boxes in the last frame alone."""
        at_us = self.times_us[-1]
        here = {name: boxes[-1:] for name, boxes in self._boxes.items() if boxes[-1].at_us == at_us}
        return self._tracks(here, [at_us], at_us + 1)

    def _end_us(self, clip: Clip) -> int:
        """When the last frame ends: as long after it as it came after the one before, or with the clip."""
        last = self.times_us[-1] if self.times_us else 0
        step = last - self.times_us[-2] if len(self.times_us) > 1 else _USUAL_STEP_US
        return last + step if clip.end_us is None else max(last + 1, min(last + step, clip.end_us))

    def _tracks(self, boxes: dict[str, list[Box]], times_us: Sequence[int], end_us: int) -> tuple[Track, ...]:
        return tuple(
            Track.of_frames(
                name,
                self._made[name][0],
                some,
                times_us,
                end_us,
                reason=REASON_OF[self._made[name][0]],
                added_by=self._made[name][1],
                kept_by=self.choices.person if name in self.choices.kept_tracks else None,
            )
            for name, some in boxes.items()
        )


class OnePassRedactor:
    """Finds, follows and hides in one pass; see :class:`bodyworn.media.render.Redactor`."""

    def __init__(
        self, detectors: Sequence[Detector], source: PlanSource, style: Style, choices: RedactionChoices
    ) -> None:
        self._pass = OnePass(detectors)
        self._source = source
        self._masker = Masker(style)
        self._makers = {id(tracker): added_by(tracker.detector) for tracker in self._pass.trackers}
        self._masks: tuple[Mask, ...] = ()
        self.proposals = Proposals(choices)
        self.drawn: list[DrawnMask] = []

    @property
    def needs_review(self) -> tuple[NeedsReview, ...]:
        """Stretches that a person should look at."""
        return tuple(look for tracker in self._pass.trackers for look in tracker.needs_review)

    def see(self, frame: Frame) -> None:
        """Look at a frame."""
        self._pass.see(frame.time_us, frame.planes)

    def settled(self) -> bool:
        """Whether the trackers know enough of what comes after the next frame."""
        return self._pass.settled()

    def finish(self) -> None:
        """Nothing to do: what is still unknown at the end is decided as it stands."""

    def covers(self, frame: Frame) -> bool:
        """Decide what to hide in the frame."""
        self.proposals.times_us.append(frame.time_us)
        for tracker, hidden in self._pass.hide(frame.time_us):
            self.proposals.add(hidden.track, hidden.cls, self._makers[id(tracker)], hidden.box)
        here = Plan(self._source, tracks=self.proposals.now(), regions=tuple(self.proposals.choices.regions))
        self._masks = here.masks(frame.time_us)
        self.drawn += [DrawnMask(frame.index, frame.time_us, mask) for mask in self._masks]
        return bool(self._masks)

    def hide(self, planes: Planes) -> None:
        """Mask what :meth:`covers` decided."""
        self._masker.draw(planes, [(mask.x, mask.y, mask.w, mask.h, mask.cls) for mask in self._masks])


class PlanRedactor:
    """Hides what a plan says, without looking."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._masker = Masker(plan.style)
        self._masks: tuple[Mask, ...] = ()
        self.drawn: list[DrawnMask] = []

    def see(self, frame: Frame) -> None:
        """A plan needs no look."""

    def settled(self) -> bool:
        """A plan is complete from the start."""
        return True

    def finish(self) -> None:
        """A plan is complete from the start."""

    def covers(self, frame: Frame) -> bool:
        """What the plan has for this frame."""
        self._masks = self._plan.masks(frame.time_us)
        self.drawn += [DrawnMask(frame.index, frame.time_us, mask) for mask in self._masks]
        return bool(self._masks)

    def hide(self, planes: Planes) -> None:
        """Mask what :meth:`covers` found."""
        self._masker.draw(planes, [(mask.x, mask.y, mask.w, mask.h, mask.cls) for mask in self._masks])
