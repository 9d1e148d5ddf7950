"""Regions as people type them: ``X,Y,W,H``, with ``@FIRST-LAST`` in frames or ``@START-END`` in times."""

from __future__ import annotations

import re

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import Reason, Region
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.redactions.clip_times import moment_us

_REGION = re.compile(r"(\d+),(\d+),(\d+),(\d+)(?:@([\d.:]+s?)-([\d.:]+s?)?)?\Z")
_ADVICE = "Give X,Y,W,H in pixels, with @FIRST-LAST for frames or @2.5s-4s for a time"


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

    ``numbers`` are the frame numbers of the recording; frames cannot be meant without them.
    """
    match = _REGION.match(text.strip())
    if match is None:
        raise InputError(f"{text!r} is not a region", _ADVICE)
    x, y, w, h = (int(value) for value in match.group(1, 2, 3, 4))
    start_us = moment_us(match.group(5), numbers) if match.group(5) else 0
    if start_us is None:
        raise InputError(f"{text!r} begins past the end of the recording", "Choose an earlier frame")
    last = match.group(6)
    if last is not None and last.isdigit():
        last = str(int(last) + 1)  # the last frame is part of it
    end_us = None if last is None else moment_us(last, numbers)
    if not (w and h):
        raise InputError(f"the region {text!r} has no size", "Give it a width and a height of at least 1 pixel")
    if end_us is not None and end_us <= start_us:
        raise InputError(f"the region {text!r} ends before it starts", "Choose a later end")
    return Region(name, x, y, w, h, start_us, end_us, keep, reason, person)
