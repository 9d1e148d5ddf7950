"""How the camera moves: with the patrol car, on a walking chest, on a breathing one; and what it prints."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import cv2
import numpy as np

from bodyworn.demo.paint import Picture, Sprite
from bodyworn.demo.script import STOPPED_MS

WIDTH, HEIGHT = 1280, 720


def ease(value: float) -> float:
    """0..1 with a soft start and end."""
    value = min(1.0, max(0.0, value))
    return value * value * (3 - 2 * value)


def speed(ms: int) -> float:
    """How fast the patrol car goes, 1 to 0."""
    return 1 - ease((ms - 11_000) / (STOPPED_MS - 11_000))


def distance(ms: int) -> float:
    """How far the patrol car has come, in dash lengths."""
    step = 250
    return sum(speed(at) for at in range(0, ms - ms % step, step)) * step / 1000 * 1.6 + speed(ms) * (ms % step) / 625


def hand_held(scene: Picture, ms: int, zoom: float, aim: tuple[float, float]) -> Picture:
    """``scene`` as a camera on a breathing chest sees it around ``aim``."""
    x = aim[0] + 12 * math.sin(ms / 1370) + 3 * math.sin(ms / 433)
    y = aim[1] + 8 * math.sin(ms / 1710 + 2) + 2 * math.sin(ms / 377)
    return look(scene, (x, y), 0.0, zoom)


def look(scene: Picture, aim: tuple[float, float], roll: float, zoom: float = 1.0) -> Picture:
    """The 1280 x 720 view of ``scene`` around ``aim``, turned by ``roll`` degrees.

    A view that is not turned costs a third of one that is.
    """
    if abs(roll) < 1e-3 and zoom == 1.0:
        return cv2.getRectSubPix(scene, (WIDTH, HEIGHT), aim)
    matrix = cv2.getRotationMatrix2D(aim, roll, zoom)
    matrix[:, 2] += np.array((WIDTH / 2 - aim[0], HEIGHT / 2 - aim[1]))
    return cv2.warpAffine(scene, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)


class Stamp:
    """The line a camera prints into its picture: time in UTC, and that all of this is invented."""

    def __init__(self, started_at: datetime, unit: str = "214") -> None:
        self._started_at, self._unit = started_at, unit
        self._second = -1
        self._strip: Sprite | None = None

    def print_on(self, picture: Picture, ms: int) -> None:
        """Lay the stamp onto the upper right corner; in place."""
        if self._strip is None or self._second != ms // 1000:
            self._second = ms // 1000
            now = self._started_at + timedelta(seconds=self._second)
            self._strip = _stamp((now.strftime("%Y-%m-%d  %H:%M:%SZ"), f"BODYWORN SAMPLE  {self._unit}"))
        self._strip.paste(picture, WIDTH - 396, 22)


def _stamp(lines: tuple[str, ...]) -> Sprite:
    color = np.zeros((70, 380, 3), np.uint8)
    for number, text in enumerate(lines):
        at = (6, 24 + 30 * number)
        cv2.putText(color, text, at, cv2.FONT_HERSHEY_DUPLEX, 0.72, (240, 240, 240), 1, cv2.LINE_AA)
    outline = cv2.dilate(color[..., 0], cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    return Sprite.cut(color, cv2.GaussianBlur(outline, (0, 0), 0.8))
