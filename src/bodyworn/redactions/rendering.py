"""Make a clip: in one pass that finds and hides at once, or by a plan that a person has checked."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.redaction import Clip, HiddenClass, SoundSpan, Style
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.media.footage import Footage
from bodyworn.media.opening import is_sound_only
from bodyworn.media.picture_out import Encoding
from bodyworn.media.render import RenderedFile, check_target, render
from bodyworn.media.sound_file import render_sound, sound_length_us
from bodyworn.redactions.detectors import detectors_for
from bodyworn.redactions.hiding import DrawnMask, OnePassRedactor, PlanRedactor, RedactionChoices
from bodyworn.redactions.outputs import new_file
from bodyworn.redactions.sound_masking import hiding


@dataclass(frozen=True)
class RenderResult:
    """A finished clip: the plan it follows, what was written, its digest, and every mask that was drawn."""

    plan: Plan
    rendered: RenderedFile
    target: Digest
    masked: tuple[DrawnMask, ...]


@dataclass(frozen=True)
class RedactionRequest:
    """What to hide and how: classes, clip, style, a person's choices, spans of sound, encoding, sound track from 0."""

    classes: Sequence[HiddenClass] = (HiddenClass.FACE,)
    clip: Clip = field(default_factory=Clip)
    style: Style = Style.BLUR
    choices: RedactionChoices = field(default_factory=RedactionChoices)
    sound: Sequence[SoundSpan] = ()
    encoding: Encoding = field(default_factory=Encoding)
    sound_track: int = 0


def redact(
    source: Path,
    target: Path,
    request: RedactionRequest,
    *,
    replace_target: bool = False,
    progress: Progress = no_progress,
) -> RenderResult:
    """Find, follow and hide in one pass over ``source``; write the clip to the new file ``target``.

    Raises an :class:`~bodyworn.domain.errors.InputError` for input that cannot be used, before anything is written.
    """
    check_target(source, target, replace_target)
    described = describe(source)
    if described.is_sound_only:
        return _render_sound(plan_of_sound(request, described), source, target, replace_target, progress)
    detectors = detectors_for(request.classes)
    redactor = OnePassRedactor(detectors, described, request.style, request.choices)
    asked = Plan(described, clip=request.clip, sound=tuple(request.sound))
    rendered = render(
        source,
        target,
        redactor,
        clip=request.clip,
        edit_sound=hiding(asked.sound_hidden()),
        encoding=request.encoding,
        sound_track=request.sound_track,
        replace=replace_target,
        progress=progress,
    )
    plan = plan_of(request, described, redactor)
    return RenderResult(plan, rendered, Digest.of_file(target), tuple(redactor.drawn))


def plan_of(request: RedactionRequest, source: PlanSource, redactor: OnePassRedactor) -> Plan:
    """The plan that ``redactor`` followed, having decided about every frame. Its clip starts with its first frame."""
    clip, times_us = request.clip, redactor.proposals.times_us
    if clip.start_us and times_us:
        clip = Clip(times_us[0], clip.end_us)
    return Plan(
        source=source,
        style=request.style,
        clip=clip,
        tracks=redactor.proposals.tracks(clip),
        regions=tuple(request.choices.regions),
        sound=tuple(request.sound),
        needs_review=redactor.needs_review,
        classes=tuple(request.classes),
        sound_track=request.sound_track,
        encode_all=not request.encoding.copy_untouched,
    )


def render_plan(
    plan: Plan,
    source: Path,
    target: Path,
    *,
    encoding: Encoding | None = None,
    replace_target: bool = False,
    progress: Progress = no_progress,
) -> RenderResult:
    """Write the clip that ``plan`` describes; :class:`InputError` if ``source`` is not the plan's recording.

    ``encoding`` is how frames are encoded that are not copied; whether any are copied is the plan's choice.
    """
    check_target(source, target, replace_target)
    if Digest.of_file(source).sha256 != plan.source.sha256:
        raise InputError("the plan was made for another recording", "Name the recording it was made for")
    if plan.source.is_sound_only:
        return _render_sound(plan, source, target, replace_target, progress)
    redactor = PlanRedactor(plan)
    rendered = render(
        source,
        target,
        redactor,
        clip=plan.clip,
        edit_sound=hiding(plan.sound_hidden()),
        encoding=replace(encoding or Encoding(), copy_untouched=not plan.encode_all),
        sound_track=plan.sound_track,
        replace=replace_target,
        progress=progress,
    )
    return RenderResult(plan, rendered, Digest.of_file(target), tuple(redactor.drawn))


def plan_of_sound(request: RedactionRequest, source: PlanSource) -> Plan:
    """The plan for a recording without pictures; :class:`InputError` where something in a picture is to be hidden."""
    if request.choices.regions:
        raise InputError("the recording has no pictures to hide a region in", "Choose spans of sound")
    return Plan(
        source=source,
        style=request.style,
        clip=request.clip,
        sound=tuple(request.sound),
        classes=(),
        sound_track=request.sound_track,
        encode_all=not request.encoding.copy_untouched,
    )


def _render_sound(plan: Plan, source: Path, target: Path, replace_target: bool, progress: Progress) -> RenderResult:
    rendered = render_sound(
        source,
        target,
        clip=plan.clip,
        edit_sound=hiding(plan.sound_hidden()),
        sound_track=plan.sound_track,
        replace=replace_target,
        progress=progress,
    )
    return RenderResult(plan, rendered, Digest.of_file(target), ())


def describe(source: Path) -> PlanSource:
    """The recording as a plan names it. One without pictures has no size."""
    if is_sound_only(source):
        return PlanSource(Digest.of_file(source).sha256, 0, 0, sound_length_us(source))
    with Footage(source) as footage:
        facts = footage.facts
    return PlanSource(Digest.of_file(source).sha256, facts.width, facts.height, facts.duration_us, facts.first_us)


def write_boxes(path: Path, result: RenderResult, replace_file: bool = False) -> None:
    """Write what was masked as CSV: ``frame,time_ms,class,x,y,w,h,track,source``.

    ``frame`` and ``time_ms`` count from the start of the clip, pixels are those of its upright picture.
    """
    start_ms = result.rendered.start_us // 1000
    with new_file(path, replace_file) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["frame", "time_ms", "class", "x", "y", "w", "h", "track", "source"])
        for drawn in result.masked:
            mask = drawn.mask
            place = (mask.x, mask.y, mask.w, mask.h)
            time_ms = drawn.time_us // 1000 - start_ms
            rows.writerow([drawn.frame, time_ms, mask.cls.value, *place, mask.id, mask.source.value])
