"""Faces by libfacedetection (https://github.com/ShiqiYu/libfacedetection, BSD-3): the second opinion.

Another architecture, trained by other people on its own schedule: what the first detector cannot see, this one often
can. It is used to check a finished clip and never to make one, so that the check stays independent.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.errors import ModelError
from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found

#: Scores (0..100), boxes x, y, w, h, and points of each face.
Detected = tuple[Sequence[float], Sequence[Sequence[float]], object]


class SecondFaceDetector:
    """Faces from some 10 pixels on; ``threshold`` is the score from which one counts."""

    name = "faces-libfacedetection"
    version = "1"
    model = "libfacedetection"
    classes = (HiddenClass.FACE,)

    def __init__(self, threshold: float = 0.35) -> None:
        self._threshold = threshold

    def find(self, picture: Planes) -> list[Found]:
        """Faces in the whole picture at its full size."""
        detect = _detect()
        wide, high = picture.width & ~1, picture.height & ~1
        bgr = np.ascontiguousarray(picture.rgb(wide, high)[..., ::-1])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scores, boxes, _ = detect(bgr, self._threshold)
        return [
            Found(HiddenClass.FACE, float(x), float(y), float(w), float(h), float(score) / 100)
            for score, (x, y, w, h) in zip(scores, boxes, strict=True)
            if w > 0 and h > 0
        ]


@cache
def _detect() -> Callable[[NDArray[np.uint8], float], Detected]:
    """The package's function, once its file is the pinned one."""
    from bodyworn.models.registry import locate

    locate("libfacedetection")
    try:
        from yuface import detect
    except ImportError as error:
        raise ModelError("the second face detector cannot be loaded", "Install the package yuface again") from error
    found: Callable[[NDArray[np.uint8], float], Detected] = detect
    return found
