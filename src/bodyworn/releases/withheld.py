"""What a plan withholds from a clip, as the exemption log, the manifest and the captions need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bodyworn.custody.manifest_signing import ManifestEdit
from bodyworn.domain.redaction import Clip, SoundAction
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


def withheld(plan: Plan, basis: Mapping[str, str], end_us: int | None = None) -> Withheld:
    """What ``plan`` hides: its hidden stretches and its hidden sound, each rounded outward to milliseconds.

    ``basis`` names the legal ground of each reason code, as the agency's rules have it. ``end_us`` is when the last
    frame of the recording ends; ``None`` for the length that the plan knows.
    """
    end_us = max(plan.source.duration_us if end_us is None else end_us, plan.clip.start_us + 1)
    clip = Clip(plan.clip.start_us, min(plan.clip.end_us or end_us, end_us))
    part = Span(clip.start_us // 1000, _up(clip.end_us or end_us))
    log: list[Exemption] = []
    edits: list[ManifestEdit] = []
    for stretch in plan.hidden_stretches():
        span = _within(stretch.start_us, end_us if stretch.end_us is None else stretch.end_us, clip)
        if span is not None:
            reason = stretch.reason.value
            log.append(Exemption(stretch.id, span, "picture", reason, basis.get(reason, "")))
            edits.append(_edit(stretch.id, reason, span, (stretch.x, stretch.y, stretch.w, stretch.h)))
    for item in plan.sound_hidden(clip):
        span = _within(item.start_us, item.end_us, clip)
        if span is not None:
            reason = item.reason.value
            log.append(Exemption(item.id, span, "sound", reason, basis.get(reason, "")))
            edits.append(_edit(item.id, reason, span, None))
    silent = [item for item in plan.sound_hidden(Clip()) if item.action is not SoundAction.DISGUISE]
    masked = tuple(Span(item.start_ms, item.end_ms) for item in silent)
    return Withheld(part, masked, tuple(sorted(log, key=lambda line: line.span)), tuple(edits))


def _edit(name: str, reason: str, span: Span, box: tuple[int, int, int, int] | None) -> ManifestEdit:
    shape = None if box is None else (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
    return ManifestEdit(
        name, WORDS.get(reason, WORDS["other"]), reason, span.start_ms / 1000, span.end_ms / 1000, shape
    )


def _within(start_us: int, end_us: int, clip: Clip) -> Span | None:
    """The stretch in milliseconds of the clip, wider rather than narrower; ``None`` outside of it."""
    start, end = max(start_us, clip.start_us), min(end_us, clip.end_us or end_us)
    if end <= start:
        return None
    return Span((start - clip.start_us) // 1000, _up(end - clip.start_us))


def _up(us: int) -> int:
    return -(-us // 1000)
