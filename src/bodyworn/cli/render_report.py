"""What a render made, on a terminal and as JSON, and what a bare number for a time was taken for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.counting import counted
from bodyworn.domain.span import clock, length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bodyworn.domain.codec import Json
    from bodyworn.domain.redaction_plan import Plan
    from bodyworn.redactions.rendering import RenderResult
    from bodyworn.redactions.request import RequestForm

#: So many spans to look at are printed; the JSON has all.
_SHOWN = 10


def part_ms(done: RenderResult) -> tuple[int, int]:
    """Where the clip starts and ends in the recording; its last frame lasts as long as the one before it.

    Without pictures it is the sound that starts and ends.
    """
    times_us = done.rendered.times_us
    if not times_us:
        start_us = done.rendered.start_us
        return start_us // 1000, start_us // 1000 + round(done.rendered.seconds * 1000)
    last_us = times_us[-1] - times_us[-2] if len(times_us) > 1 else 0
    return times_us[0] // 1000, (times_us[-1] + last_us + 500) // 1000


def show_render(target: Path, done: RenderResult) -> None:
    """What was done, in a few lines."""
    from bodyworn.cli.screen import show

    for line in _lines(target, done):
        show(line)


def _lines(target: Path, done: RenderResult) -> Iterator[str]:
    plan, rendered = done.plan, done.rendered
    kept = sum(track.kept_by is not None for track in plan.tracks)
    start_ms, end_ms = part_ms(done)
    pictures = f"{counted(rendered.frames, 'frame')}, {rendered.width}x{rendered.height}"
    yield f"{target}: {pictures if rendered.frames else 'no pictures'}, sound {rendered.sound}"
    yield f"from {clock(start_ms)} to {clock(end_ms)} of the recording, {length(end_ms - start_ms)}"
    hidden = [counted(len(plan.tracks) - kept, "track"), counted(len(plan.regions), "region")]
    yield f"hidden: {', '.join(hidden)}, {counted(len(plan.sound), 'span', 'spans')} of sound"
    yield f"plan {plan.digest}"
    yield f"clip {done.target}"
    if rendered.copied:
        yield f"copied as they were, with nothing to hide in them: {counted(rendered.copied, 'frame')}"
    if kept:
        yield f"kept visible: {counted(kept, 'track')}"
    if rendered.sounds_left:
        yield f"further sound tracks left behind: {rendered.sounds_left}"
    if rendered.pictures_left:
        yield f"further picture tracks left behind: {rendered.pictures_left}"
    if rendered.damaged:
        lost = "did not decode and is missing" if rendered.damaged == 1 else "did not decode and are missing"
        yield f"{counted(rendered.damaged, 'picture')} of the recording {lost}"
    if looks := plan.needs_review:
        spans = ", ".join(f"{clock(one.start_us // 1000)}-{clock(one.end_us // 1000)}" for one in looks[:_SHOWN])
        more = f" and {len(looks) - _SHOWN} more" if len(looks) > _SHOWN else ""
        yield f"please look at {counted(len(looks), 'span')} where a track was lost: {spans}{more}"


def render_json(target: Path, done: RenderResult) -> dict[str, Json]:
    """The clip with its digests, its part of the recording, and how much is hidden in it."""
    from bodyworn.domain.codec import to_json
    from bodyworn.redactions.history import PlanCounts

    rendered, (start_ms, end_ms) = done.rendered, part_ms(done)
    return {
        "clip": str(target),
        "clip_sha256": str(done.target),
        "plan_sha256": str(done.plan.digest),
        "frames": rendered.frames,
        "start_ms": start_ms,
        "end_ms": end_ms,
        "width": rendered.width,
        "height": rendered.height,
        "sound": rendered.sound,
        "copied": rendered.copied,
        "damaged": rendered.damaged,
        "counts": to_json(PlanCounts.of(done.plan)),
        "needs_review": [to_json(one) for one in done.plan.needs_review],
    }


def taken_for(form: RequestForm, plan: Plan) -> Iterator[str]:
    """What plain numbers were taken for: seconds where a clip starts and ends, frames where a region does."""
    from bodyworn.redactions.regions import looks_like_region

    for option, text in (("--start", form.start.strip()), ("--end", form.end.strip())):
        if text.isascii() and text.isdigit() and int(text):
            yield f"{option} {text} was taken for {counted(int(text), 'second')}; frame {text} is typed {text}f"
    typed = [("--keep", text) for text in form.keep if looks_like_region(text)] + [("--hide", one) for one in form.hide]
    for (option, text), region in zip(typed, plan.regions, strict=True):
        numbers = text.partition("@")[2].rstrip("-").split("-")
        if numbers != [""] and all(one.isdigit() for one in numbers):
            end = clock(region.end_us // 1000) if region.end_us is not None else "the end"
            frames = " to ".join(numbers)
            yield f"{option} {text} was taken for frames {frames}, {clock(region.start_us // 1000)} to {end}"
