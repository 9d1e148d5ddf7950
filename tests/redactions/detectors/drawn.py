"""Pictures with letters drawn for tests."""

from __future__ import annotations

import cv2
import numpy as np

from bodyworn.media.planes import Planes


def planes(picture: np.ndarray) -> Planes:
    """BGR with even sides as planes."""
    high, wide = picture.shape[:2]
    coded = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)
    u, v = coded[high:].reshape(2, high // 2, wide // 2)
    return Planes(coded[:high].copy(), u.copy(), v.copy())


def ground(width: int = 640, height: int = 384, seed: int = 3) -> np.ndarray:
    """A soft gray texture, BGR."""
    noise = np.random.default_rng(seed).uniform(70, 120, (height // 32, width // 32)).astype(np.float32)
    gray = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.repeat(gray[..., None], 3, axis=2).astype(np.uint8)


def write(picture: np.ndarray, text: str, at: tuple[int, int], letter: int, ink: int = 240) -> np.ndarray:
    """``text`` with capitals ``letter`` high, its base line starting at ``at``."""
    size = round(letter * 1.37)
    return cv2.putText(picture, text, at, (ink, ink, ink), cv2.FontFace("sans"), size, 500)[1]


def page(picture: np.ndarray, box: tuple[int, int, int, int], lines: int, letter: int = 14) -> np.ndarray:
    """A white page with ``lines`` of text in ``box`` (x, y, w, h)."""
    x, y, w, h = box
    cv2.rectangle(picture, (x, y), (x + w, y + h), (235, 235, 235), -1)
    for row in range(lines):
        picture = write(picture, "Address and telephone", (x + 12, y + 30 + 2 * letter * row), letter, 30)
    return picture
