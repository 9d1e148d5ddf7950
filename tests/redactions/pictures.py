"""Pictures and a detector for tests: bright squares on a textured ground, found by their brightness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found

WIDTH, HEIGHT = 320, 192


def planes(y: np.ndarray) -> Planes:
    """Gray planes of a luma picture."""
    half = (y.shape[0] // 2, y.shape[1] // 2)
    return Planes(y.astype(np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8))


def ground(seed: int = 1, width: int = 2 * WIDTH, height: int = 2 * HEIGHT) -> np.ndarray:
    """A textured ground of luma 40..160."""
    noise = np.random.default_rng(seed).uniform(0, 1, (height // 8, width // 8)).astype(np.float32)
    return 40 + 120 * cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)


def scene(
    places: Sequence[tuple[float, float] | None], shift: tuple[int, int] = (0, 0), size: int = 20, blind: bool = False
) -> Planes:
    """The ground seen from a camera shifted by ``shift``, with white squares whose middles are ``places``.

    :class:`Squares` sees nothing in a ``blind`` picture, whose corner is black.
    """
    x, y = WIDTH // 2 - shift[0], HEIGHT // 2 - shift[1]
    picture = ground()[y : y + HEIGHT, x : x + WIDTH].copy()
    for place in places:
        if place is not None:
            left, top = round(place[0] - size / 2), round(place[1] - size / 2)
            picture[max(0, top) : max(0, top + size), max(0, left) : max(0, left + size)] = 255
    picture[0, 0] = 0 if blind else 60
    return planes(picture)


class Squares:
    """Finds white squares, but in blind pictures."""

    name = "squares"
    version = "1"
    model = None
    classes = (HiddenClass.FACE,)
    every_ms = 200

    def __init__(self, score: float = 0.9) -> None:
        self.score = score

    def find(self, picture: Planes) -> list[Found]:
        return self._squares(picture)

    def glance(self, picture: Planes) -> list[Found]:
        return self._squares(picture)

    def confirm(self, picture: Planes, expected: Sequence[Found]) -> list[Found | None]:
        seen = self._squares(picture)
        return [next((f for f in seen if _close(f, e)), None) for e in expected]

    def _squares(self, picture: Planes) -> list[Found]:
        if picture.y[0, 0] == 0:
            return []
        count, _, stats, _ = cv2.connectedComponentsWithStats((picture.y > 230).astype(np.uint8))
        boxes = [stats[i, :4] for i in range(1, count) if stats[i, 4] > 40]
        return [Found(HiddenClass.FACE, float(x), float(y), float(w), float(h), self.score) for x, y, w, h in boxes]


def _close(a: Found, b: Found) -> bool:
    return abs(a.center[0] - b.center[0]) < 0.8 * b.w and abs(a.center[1] - b.center[1]) < 0.8 * b.h


class Crowded(Squares):
    """Searches the whole picture from two known things on; a survey doubts what it sees, by ``doubt``."""

    closer = 1

    def __init__(self, doubt: float = 0.9) -> None:
        super().__init__()
        self.doubt = doubt
        self.surveys = 0

    def crowded(self, picture: Planes, known: int) -> bool:
        return known >= 2

    def survey(self, picture: Planes) -> list[Found]:
        self.surveys += 1
        return [replace(found, score=self.doubt) for found in self._squares(picture)]
