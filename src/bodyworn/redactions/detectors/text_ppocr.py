"""Readable text, papers and screens: PP-OCRv4's detector finds lines; lines that lie together are one page or screen.

The search is at the size at which letters of 14 pixels still show. What is found is a line (TEXT), or a whole page:
three lines or more together, or lines in a bright quadrilateral (SCREEN).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.memory import Memory
from bodyworn.redactions.detectors.screens_pages import pages_of
from bodyworn.redactions.detectors.text_boxes import TextLine, lines_of
from bodyworn.redactions.detectors.text_network import WHOLE, text_heat

#: Part of the picture's width that is searched: letters of 14 pixels become 11, and at 8 the network starts to miss.
_SHARE = 0.8
#: Pixels searched at most in one look: larger pictures are searched less finely.
_MOST = 1_400_000
_TILE_WIDE, _TILE_HIGH = 192, 96
#: What is by itself, large and as high as wide is a wheel or a lamp, or one letter at most.
_WHEEL, _LARGE = 1.35, 40.0
#: Tiles of one call.
_AT_ONCE = 8


class TextDetector:
    """Lines of text with letters of some 11 pixels or more, and pages of them.

    ``wanted`` are the classes to report: a page is only built where SCREEN is asked for, else its lines are TEXT.
    ``share`` is the part of the picture's width that is searched, ``threshold`` the score from which a line counts,
    ``known`` the lower one where one is expected.
    """

    name = "text-ppocr"
    version = "2"
    model = "text"
    every_ms = 700

    def __init__(
        self, wanted: Collection[HiddenClass], share: float = _SHARE, threshold: float = 0.5, known: float = 0.4
    ) -> None:
        self._wanted, self._share = frozenset(wanted), share
        self._threshold, self._known = threshold, known
        self._memory = Memory()

    @property
    def classes(self) -> tuple[HiddenClass, ...]:
        """What it was asked to find."""
        order = (HiddenClass.TEXT, HiddenClass.SCREEN)
        return tuple(cls for cls in order if cls in self._wanted)

    def find(self, picture: Planes) -> list[Found]:
        """Text in the whole picture."""
        found = self._sorted(picture, self._lines(picture))
        self._memory.remember(picture, found)
        return found

    def glance(self, picture: Planes) -> list[Found]:  # noqa: ARG002 (the protocol's name)
        """Nothing: a look at the whole picture is too dear to be made out of turn."""
        return []

    def confirm(self, picture: Planes, expected: Sequence[Found]) -> list[Found | None]:
        """Where each is now: by its looks, else, for lines, by the text in a tile around it."""
        answers = [self._memory.again(picture, item) for item in expected]
        unseen = [n for n, answer in enumerate(answers) if answer is None and expected[n].cls != HiddenClass.SCREEN]
        for start in range(0, len(unseen), _AT_ONCE):
            some = unseen[start : start + _AT_ONCE]
            areas = [_area(expected[n]) for n in some]
            heats = text_heat(np.stack([picture.rgb(_TILE_WIDE, _TILE_HIGH, area) for area in areas]))
            for n, heat, area in zip(some, heats, areas, strict=True):
                answers[n] = _again(heat, area, expected[n], self._known)
        return answers

    def _lines(self, picture: Planes) -> list[TextLine]:
        share = min(self._share, (_MOST / (picture.width * picture.height)) ** 0.5)
        cols, rows = _whole(picture.width * share), _whole(picture.height * share)
        heat = text_heat(picture.rgb(cols, rows)[None])[0]
        grow = (picture.width / cols, picture.height / rows)
        return [line.moved(0, 0, *grow) for line in lines_of(heat, self._threshold)]

    def _sorted(self, picture: Planes, lines: list[TextLine]) -> list[Found]:
        """Pages and single lines, as asked for."""
        found: list[Found] = []
        if HiddenClass.SCREEN in self._wanted:
            pages, lines = pages_of(picture, lines)
            found += pages
        for line in lines if HiddenClass.TEXT in self._wanted else ():
            if line.aspect >= _WHEEL or line.height <= _LARGE:
                found.append(Found(HiddenClass.TEXT, line.x, line.y, line.w, line.h, line.score))
        return found


def _area(item: Found) -> tuple[int, int, int, int]:
    """The part of the picture, in the tile's proportions and even, that shows ``item`` with room to move around it."""
    least = _TILE_HIGH * 0.35
    high = max(1.8 * item.h + 8, (1.35 * item.w + 8) * _TILE_HIGH / _TILE_WIDE, least)
    size = (2 * round(high * _TILE_WIDE / _TILE_HIGH / 2), 2 * round(high / 2))
    x, y = item.center
    return 2 * round((x - size[0] / 2) / 2), 2 * round((y - size[1] / 2) / 2), *size


def _again(heat: NDArray[np.float32], area: tuple[int, int, int, int], item: Found, threshold: float) -> Found | None:
    """The line in the tile that fits ``item`` best."""
    x, y, w, h = area
    grow_x, grow_y = w / heat.shape[1], h / heat.shape[0]
    best: tuple[float, Found | None] = (0.0, None)
    for line in lines_of(heat, threshold):
        seen = line.moved(x, y, grow_x, grow_y)
        found = Found(item.cls, seen.x, seen.y, seen.w, seen.h, seen.score)
        away = np.hypot((found.center[0] - item.center[0]) / item.w, (found.center[1] - item.center[1]) / item.h)
        like = min(found.w / item.w, item.w / found.w) * min(found.h / item.h, item.h / found.h)
        value = float(seen.score * max(0.0, 1 - away) * like**0.5)
        if like > 0.25 and value > best[0]:
            best = (value, found)
    return best[1]


def _whole(value: float) -> int:
    return max(WHOLE, round(value / WHOLE) * WHOLE)
