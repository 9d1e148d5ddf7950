"""One picture out of a finished clip, as a JPEG with a credit line in its comment."""

from __future__ import annotations

from pathlib import Path

from bodyworn.domain.errors import DamagedMedia, InputError

QUALITY = 92
COMMENT_MOST_BYTES = 65_533


def still_jpeg(path: Path, at_ms: int, credit: str) -> bytes:
    """The upright picture shown at ``at_ms`` of the clip; :class:`InputError` where the clip is shorter."""
    import cv2

    from bodyworn.media.footage import Clip, Footage
    from bodyworn.media.frame_numbers import FrameNumbers

    numbers = FrameNumbers(path)
    times_us = numbers.times_us
    if not times_us or at_ms * 1000 < times_us[0] or at_ms * 1000 > times_us[-1] + 1_000_000:
        length = (times_us[-1] // 1000 if times_us else 0) / 1000
        raise InputError(f"the clip has no picture at {at_ms / 1000:g} s", f"Name a time up to {length:g} s")
    shown_us = times_us[numbers.at(at_ms * 1000)]
    with Footage(path) as footage:
        frame = next(footage.frames(Clip(shown_us, shown_us + 1)), None)
        if frame is None:
            raise DamagedMedia("the frame for the still cannot be decoded", "Choose another time")
        planes = frame.planes
        picture = cv2.cvtColor(planes.rgb(planes.width & ~1, planes.height & ~1), cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise DamagedMedia("the still cannot be written as JPEG", "Choose another time")
    return with_comment(data.tobytes(), credit)


def with_comment(jpeg: bytes, text: str) -> bytes:
    """``jpeg`` with ``text`` (UTF-8) as its comment segment (ITU-T T.81, B.2.4.5)."""
    comment = text.encode()[:COMMENT_MOST_BYTES]
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]
