"""One search of a picture for plates and for vehicles, whoever asks for them."""

from __future__ import annotations

from collections.abc import Callable
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.plates_search import FEW, MOST, candidates
from bodyworn.redactions.detectors.vehicles_search import vehicles_in

Boxes = NDArray[np.float64]


class SharedSearch:
    """What was found in the latest picture is kept until another one is asked about."""

    def __init__(self) -> None:
        self._plates = _Latest(lambda picture: candidates(picture, MOST, FEW))
        self._vehicles = _Latest(vehicles_in)

    def plates(self, picture: Planes) -> Boxes:
        """Boxes (n, 5) of what may be plates, doubtful ones too: x, y, w, h, score in pixels of the picture."""
        return self._plates.of(picture)

    def vehicles(self, picture: Planes) -> Boxes:
        """Boxes (n, 5) of whole vehicles."""
        return self._vehicles.of(picture)


class _Latest:
    """The answer to the latest picture."""

    def __init__(self, search: Callable[[Planes], Boxes]) -> None:
        self._search = search
        self._picture: Callable[[], Planes | None] = lambda: None
        self._boxes: Boxes = np.zeros((0, 5))

    def of(self, picture: Planes) -> Boxes:
        """As before if it is the same picture, else by a search."""
        if self._picture() is not picture:
            self._boxes = self._search(picture)
            self._picture = ref(picture)
        return self._boxes
