"""One picture out of a finished clip, as a JPEG with a credit line in its comment."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from bisect import bisect_right
from pathlib import Path
from typing import cast

from bodyworn.domain.errors import DamagedMedia, InputError
from bodyworn.media import sandbox

QUALITY = 92
COMMENT_MOST_BYTES = 65_533
LIMITS = sandbox.Limits(cpu_seconds=300, wall_seconds=600, memory_bytes=4096 * sandbox.MIB)


def still_jpeg(path: Path, at_ms: int, credit: str) -> bytes:
    """The upright picture shown at ``at_ms`` of the clip; :class:`InputError` where the clip is shorter.

    It is decoded in a child process with limits.
    """
    data = sandbox.run(read_still, {"path": os.fspath(path), "at_ms": at_ms}, LIMITS)
    return with_comment(b64decode(cast(str, data)), credit)


def read_still(path: str, at_ms: int) -> str:
    """The work of the child: the JPEG in base64."""
    import cv2

    from bodyworn.media.footage import Clip, Footage
    from bodyworn.media.frame_numbers import read_times

    times_us = read_times(path)
    if not times_us or at_ms * 1000 < times_us[0] or at_ms * 1000 > times_us[-1] + 1_000_000:
        length = (times_us[-1] // 1000 if times_us else 0) / 1000
        raise InputError(f"the clip has no picture at {at_ms / 1000:g} s", f"Name a time up to {length:g} s")
    shown_us = times_us[max(0, bisect_right(times_us, at_ms * 1000) - 1)]
    with Footage(Path(path)) as footage:
        frame = next(footage.frames(Clip(shown_us, shown_us + 1)), None)
        if frame is None:
            raise DamagedMedia("the frame for the still cannot be decoded", "Choose another time")
        planes = frame.planes
        picture = cv2.cvtColor(planes.rgb(planes.width & ~1, planes.height & ~1), cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise DamagedMedia("the still cannot be written as JPEG", "Choose another time")
    return b64encode(data.tobytes()).decode()


def with_comment(jpeg: bytes, text: str) -> bytes:
    """``jpeg`` with ``text`` (UTF-8) as its comment segment (ITU-T T.81, B.2.4.5)."""
    comment = text.encode()[:COMMENT_MOST_BYTES]
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]
