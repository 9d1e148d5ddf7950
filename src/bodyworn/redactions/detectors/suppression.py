"""One box for one thing: of boxes that overlap, the best is kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def unique(boxes: NDArray[np.float64], same: float = 0.3, inside: float | None = 0.7) -> NDArray[np.float64]:
    """Greedy suppression of boxes (n, 5) x, y, w, h, score, best first.

    A box goes if its intersection over union with a better one is over ``same``, or if more than the share ``inside``
    of it lies in a better one (``None``: however much).
    """
    boxes = boxes[np.argsort(-boxes[:, 4], kind="stable")]
    kept: NDArray[np.float64] = np.zeros((0, 5))
    for box in boxes:
        wide = np.minimum(kept[:, 0] + kept[:, 2], box[0] + box[2]) - np.maximum(kept[:, 0], box[0])
        high = np.minimum(kept[:, 1] + kept[:, 3], box[1] + box[3]) - np.maximum(kept[:, 1], box[1])
        shared = np.maximum(wide, 0) * np.maximum(high, 0)
        area = box[2] * box[3]
        again = shared > same * (area + kept[:, 2] * kept[:, 3] - shared)
        if inside is not None:
            again |= shared > inside * area
        if not again.any():
            kept = np.concatenate([kept, box[None]])
    return kept
