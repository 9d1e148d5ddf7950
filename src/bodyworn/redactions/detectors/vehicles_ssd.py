"""The safe mode for plates: the lower part of every vehicle, where plates are, whether one is seen there or not.

Vehicles are searched in the whole picture and in overlapping tiles. Between searches each part is found again by its
looks, which costs little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.memory import Memory
from bodyworn.redactions.detectors.suppression import unique
from bodyworn.redactions.detectors.vehicles_network import SIDE, vehicles

#: Pixels along a side of the smallest tiles; a vehicle with a plate of 12 pixels is about a quarter as wide.
_TILE = 600
#: Part of a tile that the next one does not share, at most.
_STEP = 0.7
_MOST_TILES = 40
#: What part of a vehicle's height is hidden: from here, to a little below it.
_TOP, _BOTTOM = 0.35, 1.05
#: From this part of the picture on a vehicle must score so much more each time its area doubles: a false one costs
#: more.
_LARGE, _MORE = 0.04, 0.08
#: Score from which a vehicle counts.
VEHICLE = 0.3
#: A vehicle that the network did not see in so many searches is not looked for any longer.
_TURNS = 3


class VehicleDetector:
    """Lower parts of vehicles of some 80 pixels in width or more; ``threshold`` is the score from which one counts."""

    name = "vehicles-ssd"
    version = "1"
    model = "vehicles"
    classes = (HiddenClass.VEHICLE,)
    every_ms = 700

    def __init__(self, threshold: float = VEHICLE) -> None:
        self._threshold = threshold
        self._memory = Memory(_TURNS)

    def find(self, picture: Planes) -> list[Found]:
        """Lower parts of vehicles in the whole picture."""
        found = [_found(box) for box in lower_parts(picture, self._threshold)]
        self._memory.remember(picture, found)
        return found

    def glance(self, picture: Planes) -> list[Found]:  # noqa: ARG002 (the protocol's name)
        """Nothing: a look at the whole picture is too dear to be made out of turn."""
        return []

    def confirm(self, picture: Planes, expected: Sequence[Found]) -> list[Found | None]:
        """Where each is now, by its looks."""
        return [self._memory.again(picture, item) for item in expected]


def lower_parts(picture: Planes, threshold: float) -> NDArray[np.float64]:
    """Boxes (n, 5) x, y, w, h, score of the lower parts of vehicles, in pixels of the picture."""
    parts: list[NDArray[np.float64]] = []
    for x, y, w, h in tiles(picture.width, picture.height):
        boxes = vehicles(picture.rgb(SIDE, SIDE, (x, y, w, h)), threshold)
        boxes[:, :4] *= (w, h, w, h)
        boxes[:, :2] += (x, y)
        share = boxes[:, 2] * boxes[:, 3] / (picture.width * picture.height)
        more = _MORE * np.log2(np.maximum(share, _LARGE) / _LARGE)
        parts.append(_lower(unique(boxes[boxes[:, 4] >= threshold + more], 0.5)))
    return unique(np.concatenate(parts), 0.4)


def tiles(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """The whole picture, then squares (x, y, w, h) that cover it, ever smaller down to 600 pixels."""
    yield 0, 0, width, height
    count, side = 1, min(width, height)
    while side >= _TILE or count == 1:
        lefts, tops = _starts(width, side), _starts(height, side)
        count += len(lefts) * len(tops)
        if count > _MOST_TILES:
            return
        yield from ((x, y, side, side) for y in tops for x in lefts)
        side = max(side // 2, _TILE) if side > _TILE else 0


def _starts(length: int, side: int) -> list[int]:
    steps = int(np.ceil(max(0, length - side) / (_STEP * side)))
    return [round(place) for place in np.linspace(0, length - side, steps + 1)]


def _lower(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The lower parts of boxes (n, 5)."""
    low = boxes.copy()
    low[:, 1] += _TOP * boxes[:, 3]
    low[:, 3] *= _BOTTOM - _TOP
    return low


def _found(box: NDArray[np.float64]) -> Found:
    x, y, w, h, score = (float(value) for value in box)
    return Found(HiddenClass.VEHICLE, x, y, w, h, score)
