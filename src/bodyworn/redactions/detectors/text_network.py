"""The text networks: mobile detectors of PP-OCRv4, which finds, and PP-OCRv5, which checks.

Both by PaddlePaddle (https://github.com/PaddlePaddle/PaddleOCR, Apache-2.0), trained apart on different pictures.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from bodyworn.models.session import NetworkSession

#: Both sides of the network's input are multiples of this.
WHOLE = 32
#: Mean and spread of blue, green and red that each network was trained with.
_MEAN = {"text": (127.5, 127.5, 127.5), "text-second": (123.675, 116.28, 103.53)}
_SPREAD = {"text": (127.5, 127.5, 127.5), "text-second": (58.395, 57.12, 57.375)}
#: Parts of the picture this wide get a gain of their own, up to the most, that makes their surroundings this bright.
_CELL, _MOST_GAIN, _BRIGHT = 28, 10.0, 190.0


def text_heat(pictures: NDArray[np.uint8], model: str = "text") -> NDArray[np.float32]:
    """Probability of text, (n, height, width), of RGB ``pictures`` (n, height, width, 3), sides in steps of 32.

    ``model`` is a name in the model registry.
    """
    pictures = np.stack([lit(picture) for picture in pictures])
    blob = pictures[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32)
    blob -= np.array(_MEAN[model], np.float32).reshape(3, 1, 1)
    blob *= 1 / np.array(_SPREAD[model], np.float32).reshape(3, 1, 1)
    session = _session(model)
    (heat,) = session.run(None, {session.get_inputs()[0].name: blob})
    return np.asarray(heat[:, 0], np.float32)


def lit(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGB ``picture`` with its dark parts made as bright as day: the network was not trained on the night."""
    import cv2

    high, wide = picture.shape[:2]
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    size = (max(1, wide // _CELL), max(1, high // _CELL))
    cells = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)
    brightest = cv2.blur(cv2.dilate(cells, np.ones((5, 5), np.uint8)).astype(np.float32), (3, 3))
    gain = np.clip(_BRIGHT / np.maximum(brightest, 1), 1, _MOST_GAIN)
    if float(gain.max()) == 1:
        return picture
    smooth = cv2.resize(gain, (wide, high), interpolation=cv2.INTER_LINEAR).reshape(high, wide, 1)
    return np.asarray(np.clip(picture * smooth, 0, 255), np.uint8)


@lru_cache(maxsize=2)
def _session(model: str) -> NetworkSession:
    """The network."""
    from bodyworn.models.session import load

    return load(model)
