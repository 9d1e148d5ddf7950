"""Is the lens covered? Measures ten small luma pictures a second; the decision is in ``cover.py``.

What a cover takes away is sharpness everywhere at once: a thing that touches the glass is far out of focus, whatever
its color, brightness or pattern. Sharpness is what a small Gaussian removes, taken at two scales and the lower of both
kept: sensor noise shows at the fine scale only, the soft edges of a blurred pattern at the coarse one only.
"""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bodyworn.findings.observers.cover import Measures, proposals_and_unknown
from bodyworn.findings.observers.motion import MotionObserver
from bodyworn.findings.observers.observer import SMALL, Report
from bodyworn.media.video import Picture, Watched

ROWS, COLUMNS = 9, 16
SIGMA = 1.2
#: Residuals are kept in quarters of a luma step.
QUARTERS = 4


class LensObserver:
    """Keeps six numbers and two 16 × 9 maps per picture (about 3 KB per second); reports covers and ``no_picture``."""

    name = "lens"
    wanted = SMALL

    def __init__(self, motion: MotionObserver) -> None:
        self._motion = motion
        self._times = array("d")
        self._rows = array("f")
        self._sharp = bytearray()
        self._layout = bytearray()

    def see(self, picture: Picture) -> None:
        """Measure one picture, luma (180, 320)."""
        import cv2

        luma = picture.pixels
        half = cv2.resize(luma, (160, 90), interpolation=cv2.INTER_AREA)
        fine, coarse = residual(luma), residual(half)
        sharp = np.minimum(_block_peaks(fine), _block_peaks(coarse))
        mean, deviation = _block_moments(luma)
        self._times.append(picture.time_ms / 1_000)
        self._rows.extend(
            (
                min(_percentile(fine, 0.995), _percentile(coarse, 0.995)),
                float(luma.mean()),
                float(deviation.std() / (deviation.mean() + 1e-6)),
                float(np.count_nonzero(luma >= 250)) / luma.size,
                _percentile(fine, 0.5),
            )
        )
        self._sharp += np.minimum(sharp, 255).astype(np.uint8).tobytes()
        self._layout += np.round(mean * 256).astype(np.uint16).tobytes()

    def measures(self) -> Measures:
        """All that was measured, one row per picture."""
        rows = np.frombuffer(self._rows, np.float32).reshape(-1, 5).astype(np.float64)
        return Measures(
            times=np.array(self._times),
            sharpness=rows[:, 0],
            luma=rows[:, 1],
            unevenness=rows[:, 2],
            clipped=rows[:, 3],
            noise=rows[:, 4],
            blocks=np.frombuffer(bytes(self._sharp), np.uint8).reshape(-1, ROWS * COLUMNS),
            layout=np.frombuffer(bytes(self._layout), np.uint16).reshape(-1, ROWS * COLUMNS),
        )

    def report(self, watched: Watched) -> Report:
        """Covers as findings and ``obscured``; blank pictures that cannot be told from darkness as ``no_picture``."""
        found, unknown = proposals_and_unknown(self.measures(), self._motion.track(), watched.end_ms / 1_000)
        return Report(proposals=tuple(found), unknown=tuple(unknown))


def residual(luma: NDArray[Any]) -> NDArray[np.uint16]:
    """What a Gaussian of 1.2 pixels takes away, absolute, in quarters of a luma step."""
    import cv2

    scaled = luma.astype(np.uint16) * QUARTERS
    return np.asarray(cv2.absdiff(scaled, cv2.GaussianBlur(scaled, (7, 7), SIGMA)), np.uint16)


def _percentile(quarters: NDArray[np.uint16], share: float) -> float:
    """Percentile of residuals in luma steps, to a quarter of a step."""
    import cv2

    counts = cv2.calcHist([quarters], [0], None, [1_024], [0, 1_024]).ravel()
    return float(np.searchsorted(np.cumsum(counts), share * quarters.size)) / QUARTERS


def _block_peaks(quarters: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Largest residual of each of 16 × 9 blocks, flat, in quarters of a luma step."""
    height, width = quarters.shape
    blocks = quarters.reshape(ROWS, height // ROWS, COLUMNS, width // COLUMNS)
    return np.asarray(blocks.max(axis=3).max(axis=1).ravel())


def _block_moments(luma: NDArray[np.uint8]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Mean and standard deviation of luma in each of 16 × 9 blocks, flat."""
    import cv2

    values = luma.astype(np.float32)
    mean = cv2.resize(values, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    square = cv2.resize(values * values, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    return mean.ravel(), np.sqrt(np.maximum(square - mean * mean, 0)).ravel()
