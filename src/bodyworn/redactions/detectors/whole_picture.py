"""A whole picture as networks for faces take it: red first, at a size of even sides, filled up to whole cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bodyworn.media.planes import Planes

#: Sides of the input are whole in these pixels.
CELL = 32


@dataclass(frozen=True)
class WholePicture:
    """``blob`` ``(1, 3, rows, cols)`` of 0..255, filled up; the picture itself takes ``wide`` by ``high`` of it."""

    blob: NDArray[np.float32]
    wide: int
    high: int


def whole_picture(picture: Planes, scale: float) -> WholePicture:
    """``picture`` at ``scale`` times its size."""
    import cv2

    cols, rows = _even(picture.width * scale), _even(picture.height * scale)
    blob = np.zeros((1, 3, _filled(rows), _filled(cols)), np.float32)
    for plane, color in zip(blob[0], cv2.split(picture.rgb(cols, rows)), strict=True):
        plane[:rows, :cols] = color
    return WholePicture(blob, cols, rows)


def _even(value: float) -> int:
    return max(2, 2 * round(value / 2))


def _filled(value: int) -> int:
    return -(-value // CELL) * CELL
