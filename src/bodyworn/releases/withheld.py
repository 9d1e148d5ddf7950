"""What a plan withholds from a clip, as the exemption log, the manifest and the captions need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bodyworn.custody.manifest import ManifestEdit
from bodyworn.domain.redaction import Box, Region, SoundAction, Track
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.span import Span
from bodyworn.releases.exemptions import WORDS, Exemption


@dataclass(frozen=True)
class Withheld:
    """``part`` is the clip within the recording and ``masked`` the hidden sound there, in times of the recording.

    ``log`` and ``edits`` are in times of the clip.
    """

    part: Span
    masked: tuple[Span, ...]
    log: tuple[Exemption, ...]
    edits: tuple[ManifestEdit, ...]


def withheld(plan: Plan, times: Sequence[Fraction], basis: Mapping[str, str]) -> Withheld:
    """What ``plan`` hides.

    ``times`` are when the recording's frames are shown, in seconds; ``basis`` names the legal ground of each reason
    code, as the agency's rules have it.
    """
    end_frame = min(plan.end_frame or len(times), len(times))
    frames = range(plan.start_frame, end_frame)
    part = Span(_ms(times, plan.start_frame), _end_ms(plan, times, end_frame))
    log: list[Exemption] = []
    edits: list[ManifestEdit] = []
    for name, reason, first, last, box in _pictures(plan, frames):
        span = _within(Span(_ms(times, first), _end_ms(plan, times, last + 1)), part)
        log.append(Exemption(name, span, "picture", reason, basis.get(reason, "")))
        edits.append(_edit(name, reason, span, box))
    silent = [item for item in plan.sound if item.kept_by is None and item.action is not SoundAction.DISGUISE]
    masked = [Span(item.start_ms, item.end_ms) for item in silent]
    for item in plan.sound:
        if item.kept_by is None and Span(item.start_ms, item.end_ms).overlap_ms(part):
            span = _within(Span(item.start_ms, item.end_ms), part)
            log.append(Exemption(item.id, span, "sound", item.reason.value, basis.get(item.reason.value, "")))
            edits.append(_edit(item.id, item.reason.value, span, None))
    return Withheld(part, tuple(masked), tuple(sorted(log, key=lambda line: line.span)), tuple(edits))


def _pictures(plan: Plan, frames: range) -> Iterator[tuple[str, str, int, int, Box | Region]]:
    """Name, reason, first and last frame inside ``frames``, and the largest box, of all that is hidden there."""
    hidden: dict[str, list[Box]] = {}
    tracks: dict[str, Track] = {}
    for track, box in plan.hidden():
        if box.frame in frames:
            hidden.setdefault(track.id, []).append(box)
            tracks[track.id] = track
    for name, boxes in hidden.items():
        largest = max(boxes, key=lambda box: box.w * box.h)
        yield name, tracks[name].reason.value, boxes[0].frame, boxes[-1].frame, largest
    for region in plan.regions:
        if region.keep:
            continue
        first = max(region.start_frame, frames.start)
        last = min(region.end_frame or frames.stop, frames.stop) - 1
        if first <= last:
            yield region.id, region.reason.value, first, last, region


def _edit(name: str, reason: str, span: Span, box: Box | Region | None) -> ManifestEdit:
    shape = None if box is None else (float(box.x), float(box.y), float(box.w), float(box.h))
    return ManifestEdit(
        name, WORDS.get(reason, WORDS["other"]), reason, span.start_ms / 1000, span.end_ms / 1000, shape
    )


def _ms(times: Sequence[Fraction], frame: int) -> int:
    return round(times[frame] * 1000)


def _end_ms(plan: Plan, times: Sequence[Fraction], end_frame: int) -> int:
    """When the frame after the last is shown; the recording's end where there is none."""
    if end_frame < len(times):
        return _ms(times, end_frame)
    return max(plan.source.duration_ms, _ms(times, len(times) - 1))


def _within(span: Span, part: Span) -> Span:
    start = max(span.start_ms, part.start_ms) - part.start_ms
    return Span(start, max(start, min(span.end_ms, part.end_ms) - part.start_ms))
