"""The plate network: a small convolutional one of our own, trained on real and drawn plates (``training/plates/``).

It sees luma as it is and with local mean and contrast evened out, so that day and night look alike, and chroma at half
the size. It answers at a quarter of the size: is here the middle of a plate, how large is it, and how far away is its
middle.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bodyworn.redactions.detectors.suppression import unique

if TYPE_CHECKING:
    from bodyworn.models.session import NetworkSession

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

#: Pixels of the input per cell of the answer.
STRIDE = 4
#: The sides of its input are whole in these pixels.
WHOLE = 16
#: Pixels at which logarithms of sizes are zero.
UNIT = 16.0
_AROUND, _QUIET = 11, 5.0


def evened(luma: Bytes) -> Floats:
    """``luma`` (height, width) minus its mean, over its spread, both of some 44 pixels around; about -3..3."""
    import cv2

    high, wide = luma.shape
    small = (max(1, wide // 4), max(1, high // 4))
    values = luma.astype(np.float32)
    coarse = np.asarray(cv2.resize(values, small, interpolation=cv2.INTER_AREA), np.float32)
    coarse_squares = cv2.resize(values * values, small, interpolation=cv2.INTER_AREA)
    mean = np.asarray(cv2.blur(coarse, (_AROUND, _AROUND)), np.float32)
    spread = np.sqrt(np.maximum(cv2.blur(coarse_squares, (_AROUND, _AROUND)) - mean * mean, 0)) + _QUIET
    mean = np.asarray(cv2.resize(mean, (wide, high), interpolation=cv2.INTER_LINEAR), np.float32)
    spread = np.asarray(cv2.resize(spread, (wide, high), interpolation=cv2.INTER_LINEAR), np.float32)
    return np.asarray((values - mean) / spread, np.float32)


def planes_in(y: Bytes, u: Bytes, v: Bytes) -> tuple[Floats, Floats]:
    """What the network sees: luma (2, rows, cols), evened and plain, and chroma (2, half of each); about -3..3."""
    luma = np.stack([evened(y), (y.astype(np.float32) - 128) / 64])
    return luma, np.asarray((np.stack([u, v]).astype(np.float32) - 128) / 32, np.float32)


def boxes_of(answer: Floats, threshold: float) -> NDArray[np.float64]:
    """Boxes (n, 5) x, y, w, h, score in pixels of the input, best first, one per plate, of ``answer`` (5, rows, cols).

    The planes are: logit, log width, log height, way to the middle in x and in y.
    """
    least = np.log(threshold / (1 - threshold))
    rows, cols = np.nonzero(answer[0] > least)
    logit, log_w, log_h, dx, dy = answer[:, rows, cols].astype(np.float64)
    score = 1 / (1 + np.exp(-logit))
    w, h = np.exp(np.clip(log_w, -3, 3)) * UNIT, np.exp(np.clip(log_h, -3, 3)) * UNIT
    x, y = (cols + 0.5) * STRIDE + dx * UNIT - w / 2, (rows + 0.5) * STRIDE + dy * UNIT - h / 2
    return unique(np.stack([x, y, w, h, score], axis=1))


def answers(luma: Floats, chroma: Floats) -> Floats:
    """The network's answers (n, 5, rows / 4, cols / 4) to pictures as :func:`planes_in` gives them, stacked."""
    (out,) = _session().run(None, {"luma": luma, "chroma": chroma})
    return np.asarray(out, np.float32)


@lru_cache(maxsize=1)
def _session() -> NetworkSession:
    """The network."""
    from bodyworn.models.session import load

    return load("plates")
