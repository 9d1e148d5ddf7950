"""Plans as files: canonical JSON, read with care because people edit them."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.errors import InputError, UnreadableInput
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.redaction_plan_2 import FORMAT_2, upgraded
from bodyworn.media.frame_numbers import FrameNumbers

_MOST_BYTES = 512 << 20


def write_plan(path: Path, plan: Plan, replace: bool = False) -> None:
    """Write ``plan`` to a new file, so that its SHA-256 is the plan's digest."""
    if path.exists() and not replace:
        raise InputError(f"{path.name} already exists", "Choose another name, or say --force")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(plan.canonical())
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def read_plan(path: Path) -> Plan:
    """The plan in ``path``; an :class:`InputError` that says what is wrong with it."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError("the plan is larger than any plan", "Check that it is the right file")
        untrusted = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"the plan cannot be read ({error.strerror})", "Check the path") from error
    try:
        return Plan.from_json(json.loads(untrusted))
    except (ValueError, RecursionError) as error:
        raise InputError(f"that is not a plan: {error}", "Make it again with `bodyworn redactions plan`") from error


def plan_from(stored: bytes, recording: Path) -> Plan:
    """The plan that a library keeps as ``stored``; one that counted frames is brought to times by its recording."""
    untrusted = json.loads(stored)
    if isinstance(untrusted, dict) and untrusted.get("format") == FORMAT_2:
        return upgraded(untrusted, FrameNumbers(recording).times_us)
    return Plan.from_json(untrusted)


def write_picture(path: Path, rgb: NDArray[np.uint8]) -> None:
    """Write an RGB picture as PNG or JPEG, by its suffix; nothing but pixels goes in."""
    import cv2

    kind = path.suffix.lower()
    if kind not in (".png", ".jpg", ".jpeg"):
        raise InputError(f"a picture cannot be written as {kind or 'a file without suffix'}", "Name it .png or .jpg")
    _, data = cv2.imencode(kind, rgb[..., ::-1])
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(data.tobytes())
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
