"""From a text network's map of probabilities to boxes (differentiable binarization, https://arxiv.org/abs/1911.08947).

The network marks the shrunken core of each line of text; a core is grown back by area × ratio / perimeter, as the
paper does. For the smallest rectangle around a core that growth is exact without any polygon arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: What belongs to a core, how far a core grows back, and the smallest one, in pixels of the map.
_CORE, _GROWTH, _LEAST_SIDE = 0.3, 1.7, 3.0


@dataclass(frozen=True)
class TextLine:
    """A line of text: upright box ``x, y, w, h`` in pixels, its own ``length`` and ``height`` along it, ``score``."""

    x: float
    y: float
    w: float
    h: float
    length: float
    height: float
    score: float

    @property
    def aspect(self) -> float:
        """Length over height."""
        return self.length / max(self.height, 1e-6)

    def moved(self, x: float, y: float, grow_x: float, grow_y: float) -> TextLine:
        """Scaled about the origin by ``grow_x`` and ``grow_y``, then moved by ``x, y``."""
        grow = (grow_x * grow_y) ** 0.5
        box = (self.x * grow_x + x, self.y * grow_y + y, self.w * grow_x, self.h * grow_y)
        return TextLine(*box, self.length * grow, self.height * grow, self.score)


def lines_of(heat: NDArray[np.float32], threshold: float) -> list[TextLine]:
    """Lines of text in ``heat`` (height, width; 0..1) whose cores score ``threshold`` on average, best first."""
    import cv2

    found: list[TextLine] = []
    contours, _ = cv2.findContours((heat > _CORE).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        center, (a, b), angle = cv2.minAreaRect(contour)
        a, b = a + 1, b + 1
        if min(a, b) < _LEAST_SIDE:
            continue
        score = _score(heat, np.asarray(contour, np.int32))
        if score < threshold:
            continue
        more = 2 * a * b * _GROWTH / (2 * (a + b))
        corners = cv2.boxPoints((center, (a + more, b + more), angle))
        x0, y0 = np.maximum(corners.min(axis=0), 0)
        x1, y1 = np.minimum(corners.max(axis=0), heat.shape[::-1])
        sides = sorted((a + more, b + more))
        found.append(TextLine(float(x0), float(y0), float(x1 - x0), float(y1 - y0), sides[1], sides[0], score))
    return sorted(found, key=lambda line: -line.score)


def _score(heat: NDArray[np.float32], contour: NDArray[np.int32]) -> float:
    """Mean probability inside ``contour``."""
    import cv2

    x, y, w, h = cv2.boundingRect(contour)
    mask = np.zeros((h, w), np.uint8)
    cv2.drawContours(mask, [contour - np.array([[[x, y]]])], -1, 1, cv2.FILLED)
    return float(heat[y : y + h, x : x + w][mask > 0].mean())
