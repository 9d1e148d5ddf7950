"""What found things looked like, to find them again in a picture a moment earlier or later without the network.

Correlation of small luma pictures, a fraction of a millisecond each. Pictures are kept for the length of the run,
in memory only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found

#: Pixels of the shorter side of a remembered picture, and its longest side.
_SHORT, _LONG = 14, 96
#: Correlation from which it is the same thing; how many candidates are tried; how many things are remembered.
_ALIKE, _TRIED, _KEPT = 0.6, 3, 200
#: What it costs a candidate that it was last seen one length away: its neighbor may look just like it.
_FARTHER = 0.5


@dataclass
class _Look:
    """One thing: where it was last, its small picture, and pixels of that per pixel of the recording."""

    found: Found
    pixels: NDArray[np.uint8]
    scale: float
    turn: int


class Memory:
    """The latest looks of things, newest last.

    With ``turns`` a thing is forgotten that was not among those remembered in the last so many turns.
    """

    def __init__(self, turns: int | None = None) -> None:
        self._looks: list[_Look] = []
        self._turns, self._turn = turns, 0

    def remember(self, picture: Planes, things: Sequence[Found]) -> None:
        """Take the looks of ``things``, in place of older ones of the same things."""
        self._turn += 1
        if self._turns is not None:
            self._looks = [look for look in self._looks if look.turn > self._turn - self._turns]
        for thing in things:
            self._looks = [look for look in self._looks if look.found.overlap(thing) < 0.4]
            scale = min(1.0, _SHORT / min(thing.w, thing.h), _LONG / max(thing.w, thing.h))
            pixels = _cut(picture, thing.x, thing.y, thing.w, thing.h, scale)
            if min(pixels.shape) >= 4 and float(pixels.std()) > 3:
                self._looks.append(_Look(thing, pixels, scale, self._turn))
        del self._looks[:-_KEPT]

    def again(self, picture: Planes, expected: Found) -> Found | None:
        """The thing where it is now, near ``expected``; ``None`` if nothing there looks like it."""
        alike = [look for look in self._looks if _like(look.found, expected)]
        nearest = sorted(alike, key=lambda look: _away(look.found, expected))[:_TRIED]
        best: tuple[float, _Look | None, Found] = (0.0, None, expected)
        for look in nearest:
            answer = _match(picture, look, expected)
            if answer is None or answer.score <= _ALIKE:
                continue
            value = answer.score - _FARTHER * _away(look.found, expected) / max(expected.w, expected.h)
            if best[1] is None or value > best[0]:
                best = (value, look, answer)
        if best[1] is None:
            return None
        best[1].found = best[2]
        return best[2]


def _match(picture: Planes, look: _Look, expected: Found) -> Found | None:
    import cv2

    w, h, scale = look.found.w, look.found.h, look.scale
    more = 0.7 * min(w, h) + 0.08 * max(w, h) + 6
    cx, cy = expected.center
    left, top = cx - w / 2 - more, cy - h / 2 - more
    field = _cut(picture, left, top, w + 2 * more, h + 2 * more, scale)
    rows, cols = look.pixels.shape
    if field.shape[0] < rows or field.shape[1] < cols:
        return None
    alike = cv2.matchTemplate(field, look.pixels, cv2.TM_CCOEFF_NORMED)
    _, score, _, (x, y) = cv2.minMaxLoc(np.nan_to_num(alike, nan=0.0, posinf=0.0, neginf=0.0))
    place = (left + x * (w + 2 * more) / field.shape[1], top + y * (h + 2 * more) / field.shape[0])
    return Found(expected.cls, *place, w, h, float(score))


def _cut(picture: Planes, x: float, y: float, w: float, h: float, scale: float) -> NDArray[np.uint8]:
    """Part of the luma at ``scale``."""
    return picture.luma(max(1, round(w * scale)), max(1, round(h * scale)), (x, y, w, h))


def _like(a: Found, b: Found) -> bool:
    """Same kind of thing and size."""
    page = HiddenClass.SCREEN in (a.cls, b.cls)
    return (not page or a.cls == b.cls) and 0.5 < a.w / b.w < 2 and 0.5 < a.h / b.h < 2


def _away(a: Found, b: Found) -> float:
    return float(np.hypot(a.center[0] - b.center[0], a.center[1] - b.center[1]))
