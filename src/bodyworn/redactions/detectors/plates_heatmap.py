"""License plates by a small network of our own, at several sizes of the picture.

It knows plates of some 7 to 30 pixels in height; larger ones are seen in smaller pictures, in which searching is
cheap. Known plates are looked at again in tiles that show them at the size it knows best, all tiles in one call.
On the lower part of a vehicle, where plates are, less is needed to believe one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.plates_network import STRIDE, answers, boxes_of, evened
from bodyworn.redactions.detectors.suppression import unique
from bodyworn.redactions.detectors.vehicles_ssd import VEHICLE, lower_parts

#: Pixels searched at most in one look; small pictures are enlarged a little, up to ``_FEW`` pixels.
_MOST, _FEW, _ENLARGED = 3_000_000, 1_400_000, 2.0
#: Each further search is at half the size, down to this height.
_LEAST_HEIGHT = 120
#: Nothing higher than this part of the picture is believed: hoods and windows, seen small, look like plates.
_HIGHEST = 0.15
#: From this height on a plate must score so much more each time the height doubles: a false one hides more.
_LARGE, _MORE = 28.0, 0.12
_TILE_WIDE, _TILE_HIGH = 144, 96
#: Height in pixels at which a known plate is shown.
_SHOWN = 15.0


class PlateDetector:
    """Plates from some 8 pixels on. ``threshold`` is the score from which a plate counts, ``on_vehicle`` the lower one
    on the lower part of a vehicle, ``known`` that where a plate was seen before.
    """

    name = "plates-heatmap"
    version = "2"
    model = "plates"
    classes = (HiddenClass.PLATE,)
    every_ms = 600

    def __init__(self, threshold: float = 0.4, on_vehicle: float = 0.3, known: float = 0.15) -> None:
        self._threshold, self._on_vehicle, self._known = threshold, on_vehicle, known

    def find(self, picture: Planes) -> list[Found]:
        """Plates in the whole picture."""
        pixels = picture.width * picture.height
        share = min(_ENLARGED, max(1.0, (_FEW / pixels) ** 0.5), (_MOST / pixels) ** 0.5)
        parts = lower_parts(picture, VEHICLE)
        return [_found(box) for box in unique(self._search(picture, share, parts))]

    def glance(self, picture: Planes) -> list[Found]:
        """A search at half the size, for plates of 16 pixels or more."""
        share = min(0.5, (_MOST / 4 / (picture.width * picture.height)) ** 0.5)
        return [_found(box) for box in unique(self._search(picture, share, np.zeros((0, 5))))]

    def confirm(self, picture: Planes, expected: Sequence[Found]) -> list[Found | None]:
        """The best plate near the middle of a tile around each expected one."""
        if not expected:
            return []
        areas = [_area(item) for item in expected]
        tiles = np.stack([evened(picture.luma(_TILE_WIDE, _TILE_HIGH, area)) for area in areas])
        found: list[Found | None] = []
        for item, (x, y, w, _), answer in zip(expected, areas, answers(tiles), strict=True):
            boxes = boxes_of(answer, self._known)
            boxes[:, :4] *= w / _TILE_WIDE
            boxes[:, :2] += (x, y)
            boxes = boxes[boxes[:, 3] < _HIGHEST * picture.height]
            found.append(_nearest([_found(box) for box in boxes], item))
        return found

    def _search(self, picture: Planes, share: float, parts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Boxes (n, 5) at ever smaller sizes of the picture; ``parts`` are the lower parts of vehicles (n, 5)."""
        least = min(self._threshold, self._on_vehicle) if len(parts) else self._threshold
        boxes = []
        while True:
            cols, rows = _whole(picture.width * share), _whole(picture.height * share)
            seen = boxes_of(answers(evened(picture.luma(cols, rows))[None])[0], least)
            grow = np.array([picture.width / cols, picture.height / rows])
            seen[:, :4] *= np.tile(grow, 2)
            boxes.append(self._believed(seen, parts, picture))
            share /= 2
            if picture.height * share < _LEAST_HEIGHT:
                break
        return np.concatenate(boxes)

    def _believed(self, boxes: NDArray[np.float64], parts: NDArray[np.float64], picture: Planes) -> NDArray[np.float64]:
        """Those that are not too high; off vehicles they must score the more the larger they are."""
        more = _MORE * np.log2(np.maximum(boxes[:, 3], _LARGE) / _LARGE)
        x, y = (boxes[:, 0] + boxes[:, 2] / 2)[:, None], (boxes[:, 1] + boxes[:, 3] / 2)[:, None]
        left, top, wide, high = parts[:, :4].T
        inside = ((left <= x) & (x <= left + wide) & (top <= y) & (y <= top + high)).any(axis=1)
        least = np.where(inside, self._on_vehicle, self._threshold + more)
        return boxes[(boxes[:, 3] < _HIGHEST * picture.height) & (boxes[:, 4] >= least)]


def _area(item: Found) -> tuple[float, float, float, float]:
    """The part of the picture around ``item`` that its tile shows."""
    scale = min(_ENLARGED, _SHOWN / item.h, 0.35 * _TILE_WIDE / item.w)
    w, h = _TILE_WIDE / scale, _TILE_HIGH / scale
    x, y = item.center
    return round(x - w / 2), round(y - h / 2), w, h


def _nearest(boxes: list[Found], expected: Found) -> Found | None:
    """The box that is most likely the expected one: high score, near its middle, of like size."""
    best, rank = None, 0.0
    x, y = expected.center
    for box in boxes:
        away = float(np.hypot(box.center[0] - x, box.center[1] - y)) / max(expected.w, expected.h)
        ratio = (box.w * box.h) / (expected.w * expected.h)
        value = box.score * (1 - away) * min(ratio, 1 / ratio) ** 0.25
        if away < 0.9 and 0.5 < ratio < 2 and value > rank:
            best, rank = box, value
    return best


def _found(box: np.ndarray) -> Found:
    x, y, w, h, score = (float(value) for value in box)
    return Found(HiddenClass.PLATE, x, y, w, h, score)


def _whole(value: float) -> int:
    return max(STRIDE, round(value / STRIDE) * STRIDE)
