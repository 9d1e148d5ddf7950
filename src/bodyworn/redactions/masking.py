"""Make boxes unreadable, in the YUV planes themselves.

``pixelate`` and ``blur`` first reduce a box to a few cells (so that strength follows size), add noise that cannot be
repeated and round to few levels, and only then enlarge: nothing finer than a cell survives for a deconvolution to work
with. Letters are reduced to one cell: from three cells a dictionary of blurred plates still told four apart more often
than by chance. The noise stays the same through a clip, so that it cannot be averaged away over frames. Luma and both
chroma planes get the same treatment.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import HiddenClass, Style
from bodyworn.media.planes import Plane, Planes

#: Cells along the shorter side of a box, by class; for all others the whole box is one cell.
CELLS = {HiddenClass.FACE: 3, HiddenClass.REGION: 3}
_MOST_CELLS = 12
#: Pixels along a side of a cell that are averaged, at least; more would only cost time.
_SAMPLES = 8
#: Standard deviation of the noise and distance between levels, for luma and for color, which is one cell always.
_LUMA, _COLOR = (12.0, 20), (4.0, 8)
_BLACK = 24

#: x, y, w, h in pixels and what it is.
Area = tuple[int, int, int, int, HiddenClass]


class Masker:
    """Draws masks of one style. The noise comes from the system's secret source and is kept nowhere."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._random = np.random.default_rng()
        self._noise: dict[tuple[int, int, int], NDArray[np.float32]] = {}

    def draw(self, planes: Planes, areas: Iterable[Area]) -> None:
        """Hide ``areas`` in ``planes``; what lies outside the picture is cut off."""
        for x, y, w, h, cls in areas:
            left, top = max(0, x) & ~1, max(0, y) & ~1
            right, bottom = min(planes.width, x + w + 1), min(planes.height, y + h + 1)
            if right <= left or bottom <= top:
                continue
            self._plane(planes.y[top:bottom, left:right], CELLS.get(cls, 0), _LUMA, _BLACK)
            for plane in (planes.u, planes.v):
                half = plane[top // 2 : (bottom + 1) // 2, left // 2 : (right + 1) // 2]
                self._plane(half, 0, _COLOR, 128)

    def _plane(self, area: Plane, cells: int, grain: tuple[float, int], solid: int) -> None:
        if area.size == 0:
            return
        if self._style is Style.SOLID:
            area[:] = solid
        elif cells == 0:
            area[:] = self._one_cell(area, *grain)
        else:
            area[:] = self._coarse(area, cells, *grain)

    def _one_cell(self, area: Plane, noise: float, step: int) -> int:
        """The only level of an area that is one cell: as :meth:`_coarse`, without pictures of one pixel."""
        h, w = area.shape
        skip = max(1, min(h, w) // _SAMPLES)
        grain = self._grain(1, 1, noise, step)
        level = round((float(area[::skip, ::skip].mean()) + float(grain[0, 0])) / step) * step
        return max(16, min(235, level))

    def _coarse(self, area: Plane, cells: int, noise: float, step: int) -> Plane:
        import cv2

        h, w = area.shape
        short = min(h, w)
        rows = max(1, min(_MOST_CELLS, round(cells * h / short), h))
        cols = max(1, min(_MOST_CELLS, round(cells * w / short), w))
        skip = max(1, min(h // rows, w // cols) // _SAMPLES)
        some = np.ascontiguousarray(area[::skip, ::skip])
        small = cv2.resize(some, (cols, rows), interpolation=cv2.INTER_AREA).reshape(rows, cols).astype(np.float32)
        rounded = np.clip(np.round((small + self._grain(rows, cols, noise, step)) / step) * step, 16, 235).astype(
            np.uint8
        )
        kind = cv2.INTER_NEAREST if self._style is Style.PIXELATE else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(rounded, (w, h), interpolation=kind), np.uint8).reshape(h, w)

    def _grain(self, rows: int, cols: int, noise: float, step: int) -> NDArray[np.float32]:
        """The noise of cells, drawn once."""
        if (rows, cols, step) not in self._noise:
            self._noise[rows, cols, step] = self._random.normal(0, noise, (rows, cols)).astype(np.float32)
        return self._noise[rows, cols, step]
