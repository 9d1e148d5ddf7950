"""Faces by libfacedetection (https://github.com/ShiqiYu/libfacedetection, BSD-3): the second opinion.

Another architecture, trained by other people on its own schedule: what the first detector cannot see, this one often
can. It is used to check a finished clip and never to make one, so that the check stays independent.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.suppression import unique
from bodyworn.redactions.detectors.whole_picture import whole_picture

if TYPE_CHECKING:
    from bodyworn.models.session import NetworkSession

#: Pixels of the input per cell of the answer, in the network's order.
_STRIDES = (8, 16, 32)
#: Boxes that share more than this part of their union are one face.
_SAME = 0.3


class SecondFaceDetector:
    """Faces from some 10 pixels of the searched size on.

    ``threshold`` is the score from which one counts, ``widest`` the longer side in pixels at which a picture is
    searched at most.
    """

    name = "faces-libfacedetection"
    version = "2"
    model = "libfacedetection"
    classes = (HiddenClass.FACE,)

    def __init__(self, threshold: float = 0.35, widest: int = 1600) -> None:
        self._threshold, self._widest = threshold, widest

    def find(self, picture: Planes) -> list[Found]:
        """Faces in the whole picture."""
        scale = min(1.0, self._widest / max(picture.width, picture.height))
        whole = whole_picture(picture, scale)
        (answer,) = _session().run(None, {"image": whole.blob})
        boxes = unique(_candidates(answer[0], whole.blob.shape[2:], self._threshold), same=_SAME, inside=None)
        left, top = np.maximum(boxes[:, 0], 0), np.maximum(boxes[:, 1], 0)
        wide, high = (
            np.minimum(boxes[:, 0] + boxes[:, 2], whole.wide) - left,
            np.minimum(boxes[:, 1] + boxes[:, 3], whole.high) - top,
        )
        across, down = picture.width / whole.wide, picture.height / whole.high
        return [
            Found(
                HiddenClass.FACE, float(x * across), float(y * down), float(w * across), float(h * down), float(score)
            )
            for x, y, w, h, score in zip(left, top, wide, high, boxes[:, 4], strict=True)
            if w > 0 and h > 0
        ]


def _candidates(answer: NDArray[np.float32], size: tuple[int, ...], threshold: float) -> NDArray[np.float64]:
    """Boxes (n, 5) x, y, w, h, score in pixels of the input of ``size`` (rows, cols), as they come."""
    found, start = [], 0
    for stride in _STRIDES:
        wide = size[1] // stride
        cells = answer[:, start : start + wide * (size[0] // stride)].astype(np.float64)
        start += cells.shape[1]
        score = np.sqrt(1 / ((1 + np.exp(-cells[0])) * (1 + np.exp(-cells[1]))))
        (some,) = np.nonzero(score > threshold)
        x, y, log_w, log_h = cells[2:, some]
        w, h = np.exp(log_w) * stride, np.exp(log_h) * stride
        x, y = (some % wide + x) * stride - w / 2, (some // wide + y) * stride - h / 2
        found.append(np.stack([x, y, w, h, score[some]], axis=1))
    return np.concatenate(found)


@lru_cache(maxsize=1)
def _session() -> NetworkSession:
    """The network."""
    from bodyworn.models.session import load

    return load("libfacedetection")
