"""License plates by a network of our own; less is needed to believe the best one on a vehicle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.plates_search import MOST, candidates, closer, nearest, plate_found
from bodyworn.redactions.detectors.shared_search import SharedSearch
from bodyworn.redactions.detectors.vehicles_search import best_on_vehicles

#: From this part of the picture on a plate must score so much more each time its area doubles: a false one hides more.
_LARGE, _MORE = 0.03, 0.1


class PlateDetector:
    """Plates from some 8 pixels on.

    ``threshold`` is the score from which a plate counts, ``on_vehicle`` the lower one for the best on a vehicle,
    ``known`` that where a plate was seen before. What scores less than ``sure`` is doubted until more pictures show it.
    """

    name = "plates-heatmap"
    version = "3"
    model = "plates"
    classes = (HiddenClass.PLATE,)
    every_ms = 600

    def __init__(
        self,
        threshold: float = 0.6,
        on_vehicle: float = 0.45,
        known: float = 0.2,
        sure: float = 0.8,
        search: SharedSearch | None = None,
    ) -> None:
        self._threshold, self._on_vehicle, self._known, self.sure = threshold, on_vehicle, known, sure
        self._search = search or SharedSearch()

    def find(self, picture: Planes) -> list[Found]:
        """Plates in the whole picture."""
        boxes = self._search.plates(picture)
        least = np.full(len(boxes), self._threshold)
        if ((boxes[:, 4] >= self._on_vehicle) & (boxes[:, 4] < self._threshold)).any():
            least[best_on_vehicles(boxes, self._search.vehicles(picture))] = self._on_vehicle
        share = boxes[:, 2] * boxes[:, 3] / (picture.width * picture.height)
        least += _MORE * np.log2(np.maximum(share, _LARGE) / _LARGE)
        return [plate_found(box) for box in boxes[boxes[:, 4] >= least]]

    def glance(self, picture: Planes) -> list[Found]:
        """A search at half the size, for plates of 16 pixels or more."""
        boxes = candidates(picture, MOST // 4, 0)
        return [plate_found(box) for box in boxes[boxes[:, 4] >= self._threshold]]

    def confirm(self, picture: Planes, expected: Sequence[Found]) -> list[Found | None]:
        """The best plate near the middle of a tile around each expected one."""
        seen = closer(picture, expected, self._known)
        return [nearest([plate_found(box) for box in boxes], item) for item, boxes in zip(expected, seen, strict=True)]
