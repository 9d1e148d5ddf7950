"""Regions as people type them: ``X,Y,W,H`` or ``X,Y,W,H@FIRST-LAST``."""

from __future__ import annotations

import re

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import Reason, Region

_REGION = re.compile(r"(\d+),(\d+),(\d+),(\d+)(?:@(\d+)-(\d+)?)?\Z")


def looks_like_region(text: str) -> bool:
    """Whether somebody meant a region and not the name of a track."""
    return "," in text


def parse_region(name: str, text: str, keep: bool, person: str, reason: Reason = Reason.OTHER) -> Region:
    """The region typed as ``text``: pixels of the upright picture; frames first and last, both included."""
    match = _REGION.match(text.strip())
    if match is None:
        raise InputError(f"{text!r} is not a region", "Give X,Y,W,H in pixels, with @FIRST-LAST for frames")
    x, y, w, h = (int(value) for value in match.group(1, 2, 3, 4))
    first = int(match.group(5) or 0)
    last = None if match.group(6) is None else int(match.group(6)) + 1
    try:
        return Region(name, x, y, w, h, first, last, keep, reason, person)
    except ValueError as error:
        raise InputError(f"{text!r} is not a region: {error}", "Give it a size and an end after its start") from error
