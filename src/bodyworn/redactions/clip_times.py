"""Frame numbers from what people type: ``375``, ``12.5s`` or ``1:02.5``."""

from __future__ import annotations

import re
from bisect import bisect_left
from fractions import Fraction
from pathlib import Path

from bodyworn.domain.errors import InputError
from bodyworn.media.footage import Footage

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)s\Z")
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\Z")


def frame_number(source: Path, text: str) -> int:
    """The frame meant by ``text``; a time means the first frame that is shown at it or later."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return int(text)
    if match := _SECONDS.match(text):
        seconds = Fraction(match.group(1))
    elif match := _CLOCK.match(text):
        seconds = int(match.group(1) or 0) * 3600 + int(match.group(2)) * 60 + Fraction(match.group(3))
    else:
        raise InputError(f"{text!r} is neither a frame nor a time", "Give a frame number, or a time as 12.5s or 1:02.5")
    with Footage(source) as footage:
        times = footage.times()
    if times is None:
        raise InputError("the recording does not say when its frames are shown", "Give a frame number instead")
    return bisect_left(times, seconds)
