"""Make a clip: in one pass that finds and hides at once, or by a plan that a person has checked.

Pictures and sound are decoded in a child process with limits (:mod:`bodyworn.redactions.jobs`), which may write into
the unfinished clip and nowhere else. What is here checks what was asked, hands it over and gives the clip its name.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bodyworn.domain.codec import Json, from_json, to_json
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.redaction import Clip, HiddenClass, SoundSpan, Style
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.media import sandbox
from bodyworn.media.limits import looking, writing
from bodyworn.media.probe import readable_size
from bodyworn.media.rendered import Encoding, RenderedFile, check_target, new_clip
from bodyworn.redactions import jobs
from bodyworn.redactions.choices import DrawnMask, RedactionChoices
from bodyworn.redactions.jobs import Redacted
from bodyworn.redactions.outputs import new_file


@dataclass(frozen=True)
class RenderResult:
    """A finished clip: the plan it follows, what was written, and its digest."""

    plan: Plan
    rendered: RenderedFile
    target: Digest

    def masked(self) -> Iterator[DrawnMask]:
        """Every mask that was drawn, frame by frame: the plan says it for each moment."""
        for number, at_us in enumerate(self.rendered.times_us):
            yield from (DrawnMask(number, at_us, mask) for mask in self.plan.masks(at_us))


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
    arguments: dict[str, Json] = {"order": order_of(source, request)}
    done = from_json(Redacted, _written(jobs.redact, arguments, source, target, replace_target, progress))
    return RenderResult(Plan.from_json(done.plan), done.rendered, Digest.of_file(target))


def order_of(source: Path, request: RedactionRequest) -> Json:
    """What is asked of ``source`` as a child is told it."""
    readable_size(source)
    choices = request.choices
    return to_json(
        jobs.Order(
            source=os.fspath(source),
            sha256=Digest.of_file(source).sha256,
            classes=tuple(request.classes),
            clip=request.clip,
            style=request.style,
            regions=tuple(choices.regions),
            kept_tracks=tuple(sorted(choices.kept_tracks)),
            person=choices.person,
            sound=tuple(request.sound),
            encoding=request.encoding,
            sound_track=request.sound_track,
        )
    )


def _written(
    job: sandbox.SandboxJob,
    arguments: Mapping[str, Json],
    source: Path,
    target: Path,
    replace_target: bool,
    progress: Progress,
) -> Json:
    """The answer of a ``job`` that writes the clip ``target``, which appears when it is whole."""
    limits = writing(readable_size(source))
    with new_clip(target, replace_target) as draft:
        more: dict[str, Json] = {**arguments, "draft": os.fspath(draft)}
        return sandbox.run(job, more, limits, progress, writable=[draft])


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
    arguments: dict[str, Json] = {
        "source": os.fspath(source),
        "plan": plan.to_json(),
        "encoding": to_json(replace(encoding or Encoding(), copy_untouched=not plan.encode_all)),
    }
    rendered = _written(jobs.render_plan, arguments, source, target, replace_target, progress)
    return RenderResult(plan, from_json(RenderedFile, rendered), Digest.of_file(target))


def is_sound_only(source: Path) -> bool:
    """Whether the recording has sound and no moving pictures."""
    return sandbox.run(jobs.is_sound_only, {"source": os.fspath(source)}, looking(readable_size(source))) is True


def describe(source: Path) -> PlanSource:
    """The recording as a plan names it. One without pictures has no size."""
    readable_size(source)
    sha256 = Digest.of_file(source).sha256
    told = sandbox.run(jobs.describe, {"source": os.fspath(source), "sha256": sha256}, looking(readable_size(source)))
    return from_json(PlanSource, told)


def write_boxes(path: Path, result: RenderResult, replace_file: bool = False) -> None:
    """Write what was masked as CSV: ``frame,time_ms,class,x,y,w,h,track,source``.

    ``frame`` and ``time_ms`` count from the start of the clip, pixels are those of its upright picture.
    """
    start_ms = result.rendered.start_us // 1000
    with new_file(path, replace_file) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["frame", "time_ms", "class", "x", "y", "w", "h", "track", "source"])
        for drawn in result.masked():
            mask = drawn.mask
            place = (mask.x, mask.y, mask.w, mask.h)
            time_ms = drawn.time_us // 1000 - start_ms
            rows.writerow([drawn.frame, time_ms, mask.cls.value, *place, mask.id, mask.source.value])
