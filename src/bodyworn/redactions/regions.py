"""Regions as people type them: ``X,Y,W,H``, with ``@FIRST-LAST`` in frames or ``@START-END`` in times."""

from __future__ import annotations

import re

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import Clip, Reason, Region
from bodyworn.domain.span import clock
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.redactions.clip_times import moment_us

_NUMBER, _MOMENT = "([0-9]{1,9})", "([0-9.:]{1,20}[sf]?)"
_REGION = re.compile(rf"{','.join([_NUMBER] * 4)}(?:@{_MOMENT}-{_MOMENT}?)?\Z")
_ADVICE = "Give X,Y,W,H in pixels, with @1:02-1:04 for a time or @375f-380f for frames"


def looks_like_region(text: str) -> bool:
    """Whether a region is meant and not the name of a track."""
    return "," in text


def parse_region(
    name: str,
    text: str,
    keep: bool,
    person: str,
    reason: Reason = Reason.OTHER,
    *,
    numbers: FrameNumbers | None = None,
) -> Region:
    """The region typed as ``text``: pixels of the upright frame; first and last frame, both included, or two times.

    Plain numbers after ``@`` are frames, as ``375f`` is. ``numbers`` are the frame numbers of the recording; frames
    cannot be meant without them.
    """
    match = _REGION.match(text.strip())
    if match is None:
        raise InputError(f"{text!r} is not a region", _ADVICE)
    x, y, w, h = (int(value) for value in match.group(1, 2, 3, 4))
    start_us = moment_us(match.group(5), numbers, plain_is_frame=True) if match.group(5) else 0
    if start_us is None:
        raise InputError(f"{text!r} begins past the end of the recording", "Choose an earlier frame")
    last = match.group(6)
    if last is not None and (number := last.removesuffix("f")).isdigit():
        last = f"{int(number) + 1}f"  # the last frame is part of it
    end_us = None if last is None else moment_us(last, numbers)
    if not (w and h):
        raise InputError(f"the region {text!r} has no size", "Give it a width and a height of at least 1 pixel")
    if end_us is not None and end_us <= start_us:
        raise InputError(f"the region {text!r} ends before it starts", "Choose a later end")
    return Region(name, x, y, w, h, start_us, end_us, keep, reason, person)


def inside_clip(clip: Clip) -> str:
    """The advice for a time outside of ``clip``."""
    end = clock(clip.end_us // 1000) if clip.end_us is not None else "the end"
    return f"The clip is from {clock(clip.start_us // 1000)} to {end} of the recording; give times of the recording"


def must_show(region: Region, text: str, width: int, height: int, clip: Clip) -> None:
    """:class:`InputError` for a region, typed as ``text``, with no pixel in the picture or no moment in the clip."""
    if not width:
        raise InputError("the recording has no pictures to hide a region in", "Choose spans of sound")
    if region.x >= width or region.y >= height:
        raise InputError(
            f"the region {text!r} lies outside of the picture", f"The picture is {width} x {height} pixels"
        )
    ends_before = region.end_us is not None and region.end_us <= clip.start_us
    if ends_before or (clip.end_us is not None and region.start_us >= clip.end_us):
        raise InputError(f"the region {text!r} lies outside of the clip", inside_clip(clip))
