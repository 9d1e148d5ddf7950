"""What a render made, on a terminal and as JSON, and what a bare number for a time was taken for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.counting import counted
from bodyworn.domain.span import clock, length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bodyworn.domain.codec import Json
    from bodyworn.domain.redaction import Clip
    from bodyworn.redactions.rendering import RenderResult

#: So many spans to look at are printed; the JSON has all.
_SHOWN = 10


def part_ms(done: RenderResult) -> tuple[int, int]:
    """Where the clip starts and ends in the recording; its last frame lasts as long as the one before it."""
    times_us = done.rendered.times_us
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
    yield f"{target}: {rendered.frames} frames, {rendered.width}x{rendered.height}, sound {rendered.sound}"
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


def taken_for(start: str, end: str, clip: Clip) -> Iterator[str]:
    """What a bare number was taken for, because people mean seconds as often as frames."""
    for option, text, at_us in (("--start", start, clip.start_us), ("--end", end, clip.end_us)):
        number = text.strip()
        if number.isascii() and number.isdigit() and int(number):
            where = "past the last frame" if at_us is None else f"at {clock(at_us // 1000)}"
            yield f"{option} {number} was taken for frame {number}, {where}; {number} seconds are typed {number}s"
