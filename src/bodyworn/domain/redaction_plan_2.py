"""Plans of the format before: they counted frames. Libraries keep them beside the releases made from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bodyworn.domain.codec import JsonRow, from_json, json_name
from bodyworn.domain.redaction import (
    BoxSource,
    Clip,
    HiddenClass,
    NeedsReview,
    Reason,
    Region,
    SoundAction,
    SoundSpan,
    Style,
)
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.track import Box, Track

FORMAT_2 = "bodyworn.redaction-plan/2"


def upgraded(untrusted: object, times_us: Sequence[int]) -> Plan:
    """The plan of format /2 in today's terms; ``ValueError`` on other shapes.

    ``times_us`` are the times of the recording's frames, rising, so that frame 375 is shown at ``times_us[375]``. The
    plan hides the same in each frame as it did. Its digest is another one: what names the plan keeps the stored bytes.
    """
    old = from_json(_Plan2, untrusted)
    if old.format != FORMAT_2:
        raise ValueError(f"not a {FORMAT_2}: {old.format!r}")
    end_us = max(old.source.duration_ms * 1000, times_us[-1] + 1 if times_us else 1)

    def time_of(frame: int) -> int:
        return _time_of(frame, times_us, end_us)

    def end_of(frame: int | None) -> int | None:
        return None if frame is None or frame >= len(times_us) else times_us[frame]

    return Plan(
        PlanSource(old.source.sha256, old.source.width, old.source.height, old.source.duration_ms * 1000),
        old.style,
        Clip(time_of(old.start_frame), end_of(old.end_frame)),
        tuple(_track(track, times_us, end_us) for track in old.tracks),
        tuple(
            Region(r.id, r.x, r.y, r.w, r.h, time_of(r.start_frame), end_of(r.end_frame), r.keep, r.reason, r.added_by)
            for r in old.regions
        ),
        tuple(
            SoundSpan(s.id, s.start_ms * 1000, s.end_ms * 1000, s.action, s.reason, s.added_by, s.kept_by)
            for s in old.sound
        ),
        tuple(NeedsReview(time_of(n.start_frame), time_of(n.end_frame), n.track, n.why) for n in old.looks),
        old.classes,
    )


def _time_of(frame: int, times_us: Sequence[int], end_us: int) -> int:
    """When a frame is shown; one past the last is after the end, apart from others."""
    return times_us[frame] if frame < len(times_us) else end_us + frame - len(times_us)


def _track(old: _Track2, times_us: Sequence[int], end_us: int) -> Track:
    boxes = [Box(_time_of(b.frame, times_us, end_us), b.x, b.y, b.w, b.h, b.source) for b in old.boxes]
    return Track.of_frames(
        old.id, old.cls, boxes, times_us, end_us, reason=old.reason, added_by=old.added_by, kept_by=old.kept_by
    )


@dataclass(frozen=True)
class _Source2:
    sha256: str
    width: int
    height: int
    frames: int
    duration_ms: int


@dataclass(frozen=True)
class _Box2(JsonRow):
    frame: int
    x: int
    y: int
    w: int
    h: int
    source: BoxSource


@dataclass(frozen=True)
class _Track2:
    id: str
    cls: HiddenClass = field(metadata=json_name("class"))
    reason: Reason
    added_by: str
    kept_by: str | None
    boxes: tuple[_Box2, ...]


@dataclass(frozen=True)
class _Region2:
    id: str
    x: int
    y: int
    w: int
    h: int
    start_frame: int
    end_frame: int | None
    keep: bool
    reason: Reason
    added_by: str


@dataclass(frozen=True)
class _SoundSpan2:
    id: str
    start_ms: int
    end_ms: int
    action: SoundAction
    reason: Reason
    added_by: str
    kept_by: str | None


@dataclass(frozen=True)
class _NeedsReview2:
    start_frame: int
    end_frame: int
    track: str | None
    why: str


@dataclass(frozen=True)
class _Plan2:
    format: str
    source: _Source2
    style: Style
    start_frame: int
    end_frame: int | None
    tracks: tuple[_Track2, ...]
    regions: tuple[_Region2, ...]
    sound: tuple[_SoundSpan2, ...]
    looks: tuple[_NeedsReview2, ...]
    classes: tuple[HiddenClass, ...]
