"""Times and frame numbers as people type them: ``1:02.5``, ``12.5s``, ``12`` or ``375f``, turned into microseconds."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil
from pathlib import Path

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import Clip
from bodyworn.media.frame_numbers import FrameNumbers

_SECONDS = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s?\Z")
_CLOCK = re.compile(r"(?:([0-9]{1,9}):)?([0-9]{1,9}):([0-9]{1,9}(?:\.[0-9]{1,9})?)\Z")
_FRAME = re.compile(r"([0-9]{1,9})f\Z")


def parse_clip(source: Path, start: str, end: str) -> Clip:
    """The clip from ``start`` up to ``end``, each a time or a frame; empty for the recording's own.

    A frame means the moment it is shown at. :class:`InputError` for anything else and for an end before the start.
    """
    numbers = FrameNumbers(source)
    start_us = moment_us(start, numbers) if start.strip() else 0
    if start_us is None:
        raise InputError(
            f"frame {start.strip(' f')} is past the end: there are {len(numbers.times_us)}", "Choose an earlier start"
        )
    end_us = moment_us(end, numbers) if end.strip() else None
    if end_us is not None and end_us <= start_us:
        raise InputError("the clip ends before it starts", "Choose a later end, or an earlier start")
    return Clip(start_us, end_us)


def moment_us(text: str, numbers: FrameNumbers | None, *, plain_is_frame: bool = False) -> int | None:
    """Microseconds from the start of the recording; ``None`` for a frame past the last one.

    ``375f`` is a frame; a plain whole number is seconds, or with ``plain_is_frame`` a frame too.
    :class:`InputError` for what is no moment, and for a frame where ``numbers`` are not known.
    """
    text = text.strip()
    frame = text if plain_is_frame and text.isascii() and text.isdigit() else None
    if match := _FRAME.match(text):
        frame = match.group(1)
    if frame is not None:
        if numbers is None:
            raise InputError(
                f"what frame {frame} is depends on the recording", "Name the recording, or give a time as 12.5s"
            )
        return numbers.time_us(int(frame))
    if match := _SECONDS.match(text):
        seconds = Fraction(match.group(1))
    elif match := _CLOCK.match(text):
        seconds = int(match.group(1) or 0) * 3600 + int(match.group(2)) * 60 + Fraction(match.group(3))
    else:
        raise InputError(
            f"{text!r} is neither a time nor a frame", "Give a time as 1:02.5 or 12.5s, or a frame as 375f"
        )
    return ceil(seconds * 1_000_000)
