"""The text network: PP-OCRv4 mobile detector (https://github.com/PaddlePaddle/PaddleOCR, Apache-2.0)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Both sides of the network's input are multiples of this.
WHOLE = 32
#: Parts of the picture this wide get a gain of their own, up to the most, that makes their surroundings this bright.
_CELL, _MOST_GAIN, _BRIGHT = 28, 10.0, 190.0


def text_heat(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probability of text, (n, height, width), of RGB ``pictures`` (n, height, width, 3), sides in steps of 32."""
    pictures = np.stack([lit(picture) for picture in pictures])
    blob = pictures[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32)
    blob *= np.float32(2 / 255)
    blob -= np.float32(1)
    (heat,) = _session().run(None, {"x": blob})
    return np.asarray(heat[:, 0], np.float32)


def lit(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGB ``picture`` with its dark parts made as bright as day: the network was not trained on the night."""
    import cv2

    high, wide = picture.shape[:2]
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    cells: Any = cv2.resize(gray, (max(1, wide // _CELL), max(1, high // _CELL)), interpolation=cv2.INTER_AREA)
    brightest = cv2.blur(cv2.dilate(cells, np.ones((5, 5), np.uint8)).astype(np.float32), (3, 3))
    gain: Any = np.clip(_BRIGHT / np.maximum(brightest, 1), 1, _MOST_GAIN)
    if float(gain.max()) == 1:
        return picture
    gain = cv2.resize(gain, (wide, high), interpolation=cv2.INTER_LINEAR).reshape(high, wide, 1)
    return np.asarray(np.clip(picture * gain, 0, 255), np.uint8)


@lru_cache(maxsize=1)
def _session() -> Any:
    """The network on one thread that does not spin while it waits."""
    import onnxruntime

    from bodyworn.models.registry import locate

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(locate("text")), options, providers=["CPUExecutionProvider"])
