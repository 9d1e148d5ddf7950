"""The safe mode for plates: of every vehicle the place of its plate where it is surely seen, else the whole lower part.

Plates are on the lower part of vehicles. Between searches each part is found again by its looks, which costs little.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.memory import Memory
from bodyworn.redactions.detectors.shared_search import SharedSearch
from bodyworn.redactions.detectors.suppression import unique
from bodyworn.redactions.detectors.vehicles_search import VEHICLE, on_each

#: What part of a vehicle's height is hidden: from here, to a little below it.
_TOP, _BOTTOM = 0.35, 1.05
#: How wide and high the place of a plate is, in the plate's own size.
_AROUND = 1.8
#: A plate is this part of its vehicle's width or more, else it may be another one's, farther off.
_NARROWEST = 0.05
#: A vehicle that the network did not see in so many searches is not looked for any longer.
_TURNS = 3


class VehicleDetector:
    """Lower parts of vehicles of some 80 pixels in width or more; ``threshold`` is the score from which one counts.

    ``sure`` is the score of a plate from which its place alone is hidden.
    """

    name = "vehicles-ssd"
    version = "2"
    model = "vehicles"
    classes = (HiddenClass.VEHICLE,)
    every_ms = 600

    def __init__(self, threshold: float = VEHICLE, sure: float = 0.75, search: SharedSearch | None = None) -> None:
        self._threshold, self._sure = threshold, sure
        self._search = search or SharedSearch()
        self._memory = Memory(_TURNS)

    def find(self, picture: Planes) -> list[Found]:
        """What must be hidden of each vehicle in the whole picture."""
        cars = self._search.vehicles(picture)
        cars = cars[cars[:, 4] >= self._threshold]
        plates = self._search.plates(picture) if len(cars) else np.zeros((0, 5))
        plates = plates[plates[:, 4] >= self._sure]
        seen = plates_of(plates, cars)
        boxes = [_lower(cars[~seen.any(axis=0)]), _around(plates[seen.any(axis=1)])]
        found = [_found(box) for box in unique(np.concatenate(boxes), 0.4)]
        self._memory.remember(picture, found)
        return found

    def glance(self, picture: Planes) -> list[Found]:  # noqa: ARG002 (the protocol's name)
        """Nothing: a look at the whole picture is too dear to be made out of turn."""
        return []

    def confirm(self, picture: Planes, expected: Sequence[Found]) -> list[Found | None]:
        """Where each is now, by its looks."""
        return [self._memory.again(picture, item) for item in expected]


def plates_of(plates: NDArray[np.float64], cars: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each of ``plates`` (n, 5) is the plate of each of ``cars`` (m, 5): (n, m)."""
    low = (plates[:, 1] + plates[:, 3])[:, None] >= (cars[:, 1] + _TOP * cars[:, 3])[None]
    wide = plates[:, 2][:, None] >= _NARROWEST * cars[:, 2][None]
    return np.asarray(on_each(plates, cars) & low & wide, np.bool_)


def _lower(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The lower parts of boxes (n, 5)."""
    low = boxes.copy()
    low[:, 1] += _TOP * boxes[:, 3]
    low[:, 3] *= _BOTTOM - _TOP
    return low


def _around(plates: NDArray[np.float64]) -> NDArray[np.float64]:
    """The places of plates (n, 5)."""
    wide = plates.copy()
    wide[:, :2] -= (_AROUND - 1) / 2 * plates[:, 2:4]
    wide[:, 2:4] *= _AROUND
    return wide


def _found(box: NDArray[np.float64]) -> Found:
    x, y, w, h, score = (float(value) for value in box)
    return Found(HiddenClass.VEHICLE, x, y, w, h, score)
