"""One upright picture as YUV 4:2:0 planes. Numpy only: detectors and masks never see a decoder's frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]


@dataclass
class Planes:
    """``y`` is (height, width); ``u`` and ``v`` are (ceil(height / 2), ceil(width / 2)); all 8 bit.

    ``full_range`` tells 0..255 from the usual 16..235. The planes are writable only where a mask may be drawn.
    """

    y: Plane
    u: Plane
    v: Plane
    full_range: bool = False

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.y.shape[0])

    def rgb(self, width: int, height: int, area: tuple[float, float, float, float] | None = None) -> NDArray[np.uint8]:
        """The picture, or its ``area`` (x, y, w, h in pixels), as RGB of (height, width, 3); both even.

        What lies outside the picture is black. Planes are resized before color is converted, which costs a third of
        the reverse.
        """
        import cv2

        i420 = np.empty((height * 3 // 2, width), np.uint8)
        half_w, half_h = width // 2, height // 2
        i420[:height] = _sample(self.y, width, height, area, 1.0, 16)
        chroma = i420[height:].reshape(2, half_h, half_w)
        chroma[:] = self.chroma(half_w, half_h, area)
        return np.asarray(cv2.cvtColor(i420, cv2.COLOR_YUV2RGB_I420), np.uint8)

    def luma(self, width: int, height: int, area: tuple[float, float, float, float] | None = None) -> Plane:
        """The luma plane, or its ``area`` (x, y, w, h in pixels), at another size, (height, width); black outside."""
        return _sample(self.y, width, height, area, 1.0, 16)

    def chroma(
        self, width: int, height: int, area: tuple[float, float, float, float] | None = None
    ) -> tuple[Plane, Plane]:
        """U and V at another size, (height, width) each; ``area`` is in pixels of the picture, gray outside."""
        return _sample(self.u, width, height, area, 0.5, 128), _sample(self.v, width, height, area, 0.5, 128)


def _sample(
    plane: Plane, width: int, height: int, area: tuple[float, float, float, float] | None, scale: float, outside: int
) -> Plane:
    import cv2

    if area is None:
        shrink = plane.shape[1] >= width
        return np.asarray(cv2.resize(plane, (width, height), interpolation=_kind(shrink)), np.uint8)
    x, y, w, h = (value * scale for value in area)
    left, top, right, bottom = round(x), round(y), round(x + w), round(y + h)
    rows, cols = plane.shape
    inner = plane[max(0, top) : max(0, min(rows, bottom)), max(0, left) : max(0, min(cols, right))]
    if inner.size == 0 or right <= left or bottom <= top:
        return np.full((height, width), outside, np.uint8)
    if left < 0 or top < 0 or right > cols or bottom > rows:
        sides = (max(0, -top), max(0, bottom - rows), max(0, -left), max(0, right - cols))
        inner = np.asarray(cv2.copyMakeBorder(inner, *sides, cv2.BORDER_CONSTANT, value=outside), np.uint8)
    return np.asarray(cv2.resize(inner, (width, height), interpolation=_kind(inner.shape[1] >= width)), np.uint8)


def _kind(shrink: bool) -> int:
    import cv2

    return int(cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)
