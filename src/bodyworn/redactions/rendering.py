"""Make a clip: in one pass that finds and hides at once, or by a plan that a person has seen."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import Code, InputError
from bodyworn.domain.progress import Progress
from bodyworn.domain.redaction import HiddenClass, SoundSpan, Style
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.media.footage import Clip, Footage
from bodyworn.media.picture_out import Encoding
from bodyworn.media.render import RenderedFile, check_target, render
from bodyworn.redactions.detectors import detectors_for
from bodyworn.redactions.hiding import Masked, OnePassRedactor, PlanRedactor, RedactionChoices
from bodyworn.redactions.sound_masking import hiding


@dataclass(frozen=True)
class RenderResult:
    """A finished clip: the plan it follows, what was written, its digest, and every box that was masked."""

    plan: Plan
    rendered: RenderedFile
    target: Digest
    masked: tuple[Masked, ...]

    def record(self) -> dict[str, Any]:
        """What the audit log says of this render: digests and counts, nothing of what is hidden."""
        return {
            "source_sha256": self.plan.source.sha256,
            "plan_sha256": str(self.plan.digest),
            "target_sha256": str(self.target),
            "frames": self.rendered.frames,
            "tracks": len(self.plan.tracks),
            "regions": len(self.plan.regions),
            "sound_spans": len(self.plan.sound),
            "looks": len(self.plan.needs_review),
            "damaged_frames": self.rendered.damaged,
        }


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
    order: RedactionRequest,
    *,
    replace_target: bool = False,
    progress: Progress | None = None,
) -> RenderResult:
    """Find, follow and hide in one pass over ``source``; write the clip to the new file ``target``.

    Raises an :class:`~bodyworn.domain.errors.InputError` for input that cannot be used, before anything is written.
    """
    check_target(source, target, replace_target)
    detectors = detectors_for(order.classes)
    described, rate = describe(source)
    redactor = OnePassRedactor(detectors, rate, order.style, order.choices)
    rendered = render(
        source,
        target,
        redactor,
        clip=order.clip,
        edit_sound=hiding(order.sound),
        encoding=order.encoding,
        sound_track=order.sound_track,
        replace=replace_target,
        progress=progress,
    )
    if order.clip == Clip():
        described = replace(described, frames=rendered.frames)
    plan = Plan(
        described,
        order.style,
        order.clip.start,
        order.clip.end,
        redactor.proposals.tracks(order.choices),
        tuple(order.choices.regions),
        tuple(order.sound),
        redactor.needs_review,
        tuple(order.classes),
    )
    return RenderResult(plan, rendered, Digest.of_file(target), tuple(redactor.masked))


def render_plan(
    plan: Plan,
    source: Path,
    target: Path,
    *,
    encoding: Encoding | None = None,
    replace_target: bool = False,
    progress: Progress | None = None,
) -> RenderResult:
    """Write the clip that ``plan`` describes; :class:`InputError` if ``source`` is not the plan's recording."""
    check_target(source, target, replace_target)
    if Digest.of_file(source).sha256 != plan.source.sha256:
        raise InputError("the plan was made for another recording", "Name the recording it was made for")
    redactor = PlanRedactor(plan)
    rendered = render(
        source,
        target,
        redactor,
        clip=Clip(plan.start_frame, plan.end_frame),
        edit_sound=hiding(plan.sound),
        encoding=encoding,
        replace=replace_target,
        progress=progress,
    )
    return RenderResult(plan, rendered, Digest.of_file(target), tuple(redactor.masked))


def describe(source: Path) -> tuple[PlanSource, Any]:
    """The recording as a plan names it, and its rate in pictures per second."""
    with Footage(source) as footage:
        facts = footage.facts()
    digest = Digest.of_file(source).sha256
    return PlanSource(digest, facts.width, facts.height, facts.frames, facts.duration_ms), facts.rate


def write_boxes(path: Path, outcome: RenderResult, replace_file: bool = False) -> None:
    """Write what was masked as CSV: ``frame,time_ms,class,x,y,w,h,track,source``.

    ``frame`` and ``time_ms`` count from the start of the clip, pixels are those of its upright picture.
    """
    if path.exists() and not replace_file:
        raise InputError(f"{path.name} already exists", "Choose another name", Code.FILE_EXISTS, name=path.name)
    first, first_ms = outcome.plan.start_frame, outcome.rendered.first_ms
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["frame", "time_ms", "class", "x", "y", "w", "h", "track", "source"])
            for frame, time_ms, cls, box, track in outcome.masked:
                place = (box.x, box.y, box.w, box.h)
                rows.writerow([frame - first, time_ms - first_ms, cls.value, *place, track, box.source.value])
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
