"""The search for vehicles in one picture: in the whole of it and in overlapping tiles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.suppression import unique
from bodyworn.redactions.detectors.vehicles_network import SIDE, vehicles

#: Pixels along a side of the smallest tiles; a vehicle with a plate of 12 pixels is about a quarter as wide.
_TILE = 600
#: Part of a tile that the next one does not share, at most.
_STEP = 0.7
_MOST_TILES = 40
#: From this part of the picture on a vehicle must score so much more each time its area doubles: a false one costs
#: more.
_LARGE, _MORE = 0.04, 0.08
#: Score from which a vehicle counts.
VEHICLE = 0.3
#: How far below a vehicle's box, in its height, a plate may still be on it.
_BELOW = 0.05


def vehicles_in(picture: Planes) -> NDArray[np.float64]:
    """Boxes (n, 5) x, y, w, h, score of whole vehicles, in pixels of the picture; one vehicle may have several."""
    found: list[NDArray[np.float64]] = []
    for x, y, w, h in tiles(picture.width, picture.height):
        boxes = vehicles(picture.rgb(SIDE, SIDE, (x, y, w, h)), VEHICLE)
        boxes[:, :4] *= (w, h, w, h)
        boxes[:, :2] += (x, y)
        share = boxes[:, 2] * boxes[:, 3] / (picture.width * picture.height)
        more = _MORE * np.log2(np.maximum(share, _LARGE) / _LARGE)
        found.append(unique(boxes[boxes[:, 4] >= VEHICLE + more], 0.5))
    return np.concatenate(found)


def best_on_vehicles(boxes: NDArray[np.float64], cars: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of ``boxes`` (n, 5) score best of those on one of ``cars`` (m, 5): a vehicle shows one plate."""
    scores = np.where(on_each(boxes, cars), boxes[:, 4][:, None], 0.0)
    return np.asarray(((scores > 0) & (scores == scores.max(axis=0, initial=0.0))).any(axis=1), np.bool_)


def on_each(boxes: NDArray[np.float64], cars: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the middle of each of ``boxes`` lies on each of ``cars`` (n, m)."""
    x, y = (boxes[:, 0] + boxes[:, 2] / 2)[:, None], (boxes[:, 1] + boxes[:, 3] / 2)[:, None]
    left, top, wide, high = cars[:, :4].T
    inside = (left <= x) & (x <= left + wide) & (top <= y) & (y <= top + (1 + _BELOW) * high)
    return np.asarray(inside, np.bool_)


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
