"""The plan of a redaction: the one thing that detectors propose, people edit, the renderer follows and the audit log
keeps by digest. It says completely what a clip is: what is cut, what is masked and how, and how it is encoded.

What is masked has one answer. :meth:`Plan.masks` and :meth:`Plan.kept` say it for one moment,
:meth:`Plan.hidden_stretches` for the whole clip, :meth:`Plan.sound_hidden` for the sound. Rendering, the leak check,
previews and the exemption log ask these and work nothing out themselves: clip, kept tracks, gaps, keep-regions and
regions without an end are dealt with here only.

A plan holds integers and strings only, so that the sorted, compact JSON used here is the canonical JSON of RFC 8785
and the same plan always has the same digest.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bodyworn.domain.codec import Json, from_json, to_json
from bodyworn.domain.digest import Digest
from bodyworn.domain.redaction import (
    BoxSource,
    Clip,
    HiddenClass,
    HiddenStretch,
    Mask,
    NeedsReview,
    Region,
    SoundSpan,
    Style,
)
from bodyworn.domain.track import Box, Track

FORMAT = "bodyworn.redaction-plan/3"


@dataclass(frozen=True)
class PlanSource:
    """The recording a plan is for: its digest, upright size of its first frame in pixels (0: it has no pictures),
    length in microseconds (0: unknown) and when its first frame is shown.
    """

    sha256: str
    width: int
    height: int
    duration_us: int
    first_us: int = 0

    @property
    def is_sound_only(self) -> bool:
        """Whether the recording has no pictures."""
        return not (self.width and self.height)


@dataclass(frozen=True)
class Plan:
    """Everything to hide in one recording, and the clip to render of it.

    ``style`` is one style for the whole plan. ``sound_track`` counts the sound tracks of the recording from 0.
    ``encode_all`` encodes every frame, also those that could be copied. ``needs_review`` is for people and changes no
    frame. ``classes`` are what was looked for: the leak check looks for the same.
    """

    source: PlanSource
    style: Style = Style.BLUR
    clip: Clip = field(default_factory=Clip)
    tracks: tuple[Track, ...] = ()
    regions: tuple[Region, ...] = ()
    sound: tuple[SoundSpan, ...] = ()
    needs_review: tuple[NeedsReview, ...] = ()
    classes: tuple[HiddenClass, ...] = (HiddenClass.FACE,)
    sound_track: int = 0
    encode_all: bool = False
    format: str = field(default=FORMAT, kw_only=True)

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise ValueError(f"not a {FORMAT}: {self.format!r}")
        if self.sound_track < 0:
            raise ValueError(f"there is no sound track {self.sound_track}")
        ids = [t.id for t in self.tracks] + [r.id for r in self.regions] + [s.id for s in self.sound]
        if len(ids) != len(set(ids)):
            raise ValueError("two entries of the plan have the same id")

    def to_json(self) -> dict[str, Json]:
        """The plan as the published schema has it."""
        return to_json(self)

    @classmethod
    def from_json(cls, untrusted: object) -> Plan:
        """Inverse of :meth:`to_json`; ``ValueError`` on anything else, other formats included."""
        if not isinstance(untrusted, Mapping) or untrusted.get("format") != FORMAT:
            found = untrusted.get("format") if isinstance(untrusted, Mapping) else None
            raise ValueError(f"not a {FORMAT}: {found!r}")
        return from_json(cls, untrusted)

    def canonical(self) -> bytes:
        """Canonical JSON (RFC 8785) in UTF-8."""
        return json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def digest(self) -> Digest:
        """SHA-256 of :meth:`canonical`; what the audit log and a release name."""
        return Digest.of_bytes(self.canonical())

    @property
    def first_us(self) -> int:
        """When the first frame of the clip is shown, where the clip starts with a frame."""
        return max(self.clip.start_us, self.source.first_us)

    def masks(self, at_us: int) -> tuple[Mask, ...]:
        """What is hidden in the frame shown at ``at_us`` of the recording: tracks first, then regions, in plan order.

        Nothing outside the clip. Rectangles may reach over the frame's edge. Microseconds a call: tracks are found by
        time, not tried one by one.
        """
        if not self.clip.covers(at_us):
            return ()
        opened = [region for region in self._keeping if region.covers(at_us)]
        found = [_mask(t, box) for t, box in self._boxes(at_us) if t.kept_by is None and not _opens(opened, box)]
        found += [_drawn(region) for region in self._hiding if region.covers(at_us)]
        return tuple(found)

    def kept(self, at_us: int) -> tuple[Mask, ...]:
        """What detectors proposed in the frame shown at ``at_us`` and a person left visible, by track or by region."""
        if not self.clip.covers(at_us):
            return ()
        opened = [region for region in self._keeping if region.covers(at_us)]
        return tuple(_mask(t, box) for t, box in self._boxes(at_us) if t.kept_by is not None or _opens(opened, box))

    def hidden_stretches(self) -> tuple[HiddenStretch, ...]:
        """Every stretch of the clip in which one track or region hides something, in order of its start.

        A moment lies in a stretch of an id exactly if :meth:`masks` has that id then. Stretches of one id do not touch.
        """
        found: list[HiddenStretch] = []
        for track in self.tracks:
            if track.kept_by is None:
                found += self._stretches(track)
        for region in self._hiding:
            part = _within(region.start_us, region.end_us, self.clip)
            if part is not None:
                place = (region.x, region.y, region.w, region.h)
                found.append(HiddenStretch(region.id, HiddenClass.REGION, region.reason, *part, *place))
        return tuple(sorted(found, key=lambda one: one.start_us))

    def sound_hidden(self, clip: Clip | None = None) -> tuple[SoundSpan, ...]:
        """The spans of sound that no person kept, cut to ``clip`` (the plan's own if ``None``), in order of start."""
        found = []
        for span in self.sound:
            part = _within(span.start_us, span.end_us, clip or self.clip)
            if span.kept_by is None and part is not None and part[1] is not None:
                found.append(replace(span, start_us=part[0], end_us=part[1]))
        return tuple(sorted(found, key=lambda span: (span.start_us, span.end_us)))

    def with_regions(self, regions: Sequence[Region]) -> Plan:
        """The plan with further regions; ``ValueError`` if an id is taken."""
        return replace(self, regions=(*self.regions, *regions))

    def with_sound(self, spans: Sequence[SoundSpan]) -> Plan:
        """The plan with further spans of sound; ``ValueError`` if an id is taken."""
        return replace(self, sound=(*self.sound, *spans))

    def keeping(self, name: str, person: str) -> Plan:
        """The plan with the track, span of sound or drawn region ``name`` left as it is by ``person``.

        A region is taken out, for nobody but a person drew it. ``KeyError`` without one of that name.
        """
        if name in {region.id for region in self._hiding}:
            return self._without_region(name)
        return self._kept_by(name, person)

    def hiding_again(self, name: str) -> Plan:
        """The opposite of :meth:`keeping`, for what was kept; a region that leaves visible is taken out."""
        if name in {region.id for region in self._keeping}:
            return self._without_region(name)
        return self._kept_by(name, None)

    def _kept_by(self, name: str, person: str | None) -> Plan:
        known = {t.id for t in self.tracks} | {s.id for s in self.sound}
        if name not in known:
            raise KeyError(name)
        tracks = tuple(replace(t, kept_by=person) if t.id == name else t for t in self.tracks)
        sound = tuple(replace(s, kept_by=person) if s.id == name else s for s in self.sound)
        return replace(self, tracks=tracks, sound=sound)

    def _without_region(self, name: str) -> Plan:
        return replace(self, regions=tuple(region for region in self.regions if region.id != name))

    @cached_property
    def _keeping(self) -> tuple[Region, ...]:
        return tuple(region for region in self.regions if region.keep)

    @cached_property
    def _hiding(self) -> tuple[Region, ...]:
        return tuple(region for region in self.regions if not region.keep)

    @cached_property
    def _present(self) -> tuple[list[int], list[tuple[Track, ...]]]:
        """Times at which a track begins or ends, and the tracks there are from each on, in plan order."""
        begin: dict[int, list[int]] = {}
        end: dict[int, list[int]] = {}
        for number, track in enumerate(self.tracks):
            begin.setdefault(track.boxes[0].at_us, []).append(number)
            end.setdefault(track.until_us, []).append(number)
        times = sorted({*begin, *end})
        here: set[int] = set()
        present = []
        for time in times:
            here.difference_update(end.get(time, ()))
            here.update(begin.get(time, ()))
            present.append(tuple(self.tracks[number] for number in sorted(here)))
        return times, present

    def _boxes(self, at_us: int) -> Iterator[tuple[Track, Box]]:
        times, present = self._present
        at = bisect_right(times, at_us) - 1
        for track in present[at] if at >= 0 else ():
            box = track.box_at(at_us)
            if box is not None:
                yield track, box

    def _stretches(self, track: Track) -> Iterator[HiddenStretch]:
        """The stretches of one track: what its boxes hold, less what keep-regions open, joined where they touch."""
        start = end = -1
        largest: Box | None = None
        for box, first, last in self._hidden(track):
            if largest is not None and first == end:
                end = last
                largest = max(largest, box, key=lambda one: one.w * one.h)
                continue
            if largest is not None:
                yield _stretch(track, start, end, largest)
            start, end, largest = first, last, box
        if largest is not None:
            yield _stretch(track, start, end, largest)

    def _hidden(self, track: Track) -> Iterator[tuple[Box, int, int]]:
        """Each box of a track with the stretches in which it hides something, in order of time."""
        for box, until in track.held():
            part = _within(box.at_us, until, self.clip)
            if part is None:
                continue
            at, end = part[0], until if part[1] is None else part[1]
            for region in sorted(self._keeping, key=lambda one: one.start_us):
                opens = region.contains(*box.center)
                opened = _within(region.start_us, region.end_us, Clip(at, end)) if opens and at < end else None
                if opened is not None:
                    if at < opened[0]:
                        yield box, at, opened[0]
                    at = end if opened[1] is None else opened[1]
            if at < end:
                yield box, at, end


def _within(start_us: int, end_us: int | None, clip: Clip) -> tuple[int, int | None] | None:
    """The part of ``[start_us, end_us)`` inside ``clip``, or ``None``."""
    start = max(start_us, clip.start_us)
    ends = [end for end in (end_us, clip.end_us) if end is not None]
    end = min(ends) if ends else None
    return None if end is not None and end <= start else (start, end)


def _opens(regions: Sequence[Region], box: Box) -> bool:
    return any(region.contains(*box.center) for region in regions)


def _mask(track: Track, box: Box) -> Mask:
    return Mask(track.id, track.cls, track.reason, box.x, box.y, box.w, box.h, box.source)


def _drawn(region: Region) -> Mask:
    place = (region.x, region.y, region.w, region.h)
    return Mask(region.id, HiddenClass.REGION, region.reason, *place, BoxSource.DRAWN)


def _stretch(track: Track, start: int, end: int, box: Box) -> HiddenStretch:
    return HiddenStretch(track.id, track.cls, track.reason, start, end, box.x, box.y, box.w, box.h)
