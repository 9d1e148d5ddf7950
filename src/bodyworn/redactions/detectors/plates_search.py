"""The search for plates in one picture: at several sizes of it, then closer at what may be one.

The network knows plates of some 7 to 30 pixels in height; larger ones are seen in smaller pictures, in which searching
is cheap. What it takes for a plate is looked at again in a tile that shows it at the size the network knows best, all
tiles in one call, and only what both looks see counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.plates_network import WHOLE, answers, boxes_of, planes_in
from bodyworn.redactions.detectors.suppression import unique

#: Pixels searched at most in one look; small pictures are enlarged a little, up to ``FEW`` pixels.
MOST, FEW, _ENLARGED = 2_000_000, 1_000_000, 1.6
#: Each further search is at half the size, down to this height.
_LEAST_HEIGHT = 64
#: Nothing higher than this part of the picture is believed.
_HIGHEST = 0.4
_TILE_WIDE, _TILE_HIGH = 192, 128
#: Height in pixels at which a plate is looked at again.
_SHOWN = 15.0
#: What a first look must give, at least, to be looked at again, and how many are at most.
_WORTH, _CLOSER = 0.2, 32


def candidates(picture: Planes, most: int, few: int) -> NDArray[np.float64]:
    """Boxes (n, 5) of what may be plates, each looked at twice; the score is the middle of both looks' scores."""
    pixels = picture.width * picture.height
    share = min(_ENLARGED, max(1.0, (few / pixels) ** 0.5), (most / pixels) ** 0.5)
    boxes = unique(_search(picture, share))[:_CLOSER]
    again = closer(picture, [plate_found(box) for box in boxes], _WORTH)
    kept = []
    for box, seen in zip(boxes, again, strict=True):
        best = nearest([plate_found(other) for other in seen], plate_found(box))
        if best is not None:
            kept.append((best.x, best.y, best.w, best.h, (best.score * box[4]) ** 0.5))
    return unique(np.array(kept, np.float64).reshape(-1, 5))


def closer(picture: Planes, places: Sequence[Found], threshold: float) -> list[NDArray[np.float64]]:
    """Boxes (n, 5) that the network sees about each of ``places``, shown at the size that it knows best."""
    if not places:
        return []
    areas = [_area(item) for item in places]
    seen = [_planes(picture, _TILE_WIDE, _TILE_HIGH, area) for area in areas]
    out = []
    for (x, y, w, _), answer in zip(areas, answers(*(np.stack(some) for some in zip(*seen, strict=True))), strict=True):
        boxes = boxes_of(answer, threshold)
        boxes[:, :4] *= w / _TILE_WIDE
        boxes[:, :2] += (x, y)
        out.append(boxes[boxes[:, 3] < _HIGHEST * picture.height])
    return out


def _search(picture: Planes, share: float) -> NDArray[np.float64]:
    """Boxes (n, 5) at ever smaller sizes of the picture, none too high to be believed."""
    boxes = []
    while True:
        cols, rows = _whole(picture.width * share), _whole(picture.height * share)
        luma, chroma = _planes(picture, cols, rows, None)
        seen = boxes_of(answers(luma[None], chroma[None])[0], _WORTH)
        seen[:, :4] *= np.tile(np.array([picture.width / cols, picture.height / rows]), 2)
        boxes.append(seen[seen[:, 3] < _HIGHEST * picture.height])
        share /= 2
        if picture.height * share < _LEAST_HEIGHT:
            return np.concatenate(boxes)


def _planes(
    picture: Planes, cols: int, rows: int, area: tuple[float, float, float, float] | None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What the network sees of the picture, or of its ``area``."""
    u, v = picture.chroma(cols // 2, rows // 2, area)
    return planes_in(picture.luma(cols, rows, area), u, v)


def _area(item: Found) -> tuple[float, float, float, float]:
    """The part of the picture around ``item`` that its tile shows."""
    scale = min(_ENLARGED, _SHOWN / (item.w * item.h / 2.5) ** 0.5, 0.5 * _TILE_WIDE / item.w)
    w, h = _TILE_WIDE / scale, _TILE_HIGH / scale
    x, y = item.center
    return 2 * round((x - w / 2) / 2), 2 * round((y - h / 2) / 2), w, h


def nearest(boxes: list[Found], expected: Found) -> Found | None:
    """The box that is most likely the expected one: high score, near its middle, of like size."""
    best, rank = None, 0.0
    x, y = expected.center
    for box in boxes:
        away = float(np.hypot(box.center[0] - x, box.center[1] - y)) / max(expected.w, expected.h)
        ratio = (box.w * box.h) / (expected.w * expected.h)
        value = box.score * (1 - away) * min(ratio, 1 / ratio) ** 0.25
        if away < 0.9 and 0.4 < ratio < 2.5 and value > rank:
            best, rank = box, value
    return best


def plate_found(box: NDArray[np.float64]) -> Found:
    """A box (5,) as a plate."""
    x, y, w, h, score = (float(value) for value in box)
    return Found(HiddenClass.PLATE, x, y, w, h, score)


def _whole(value: float) -> int:
    return max(WHOLE, round(value / WHOLE) * WHOLE)
