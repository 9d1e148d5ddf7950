"""Is the lens covered? Measures ten small luma pictures a second; the decision is in ``cover.py``.

What a cover takes away is sharpness everywhere at once: a thing that touches the glass is far out of focus, whatever
its color, brightness or pattern. Sharpness is what a small Gaussian removes, taken at two scales and the lower of both
kept: sensor noise shows at the fine scale only, the soft edges of a blurred pattern at the coarse one only.
"""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from bodyworn.findings.observers.cover import CoverMeasures, report_of
from bodyworn.findings.observers.motion import MotionObserver
from bodyworn.findings.observers.observer import SMALL, Report
from bodyworn.media.video import Picture, Watched

ROWS, COLUMNS = 9, 16
SIGMA = 1.2
#: Residuals are kept in quarters of a luma step.
QUARTERS = 4
#: Luma from which a pixel is burnt out.
CLIPPED = 245
#: Peak of noise over its median, and the largest median residual, in luma steps, that is allowed to be noise.
NOISE_PEAK, MOST_NOISE = 4.2, 1.25


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
        half = np.asarray(cv2.resize(luma, (160, 90), interpolation=cv2.INTER_AREA), np.uint8)
        fine, coarse = residual(luma), residual(half)
        (fine_peak, fine_middle), (coarse_peak, coarse_middle) = _percentiles(fine), _percentiles(coarse)
        sharp = np.minimum(
            beyond_noise(_block_peaks(fine), fine_middle * QUARTERS),
            beyond_noise(_block_peaks(coarse), coarse_middle * QUARTERS),
        )
        mean, deviation = _block_moments(luma)
        self._times.append(picture.time_ms / 1_000)
        self._rows.extend(
            (
                float(min(beyond_noise(fine_peak, fine_middle), beyond_noise(coarse_peak, coarse_middle))),
                float(mean.mean()),
                float(deviation.std() / (deviation.mean() + 1e-6)),
                float(np.count_nonzero(luma >= CLIPPED)) / luma.size,
                fine_middle,
            )
        )
        self._sharp += sharp.astype(np.uint8).tobytes()
        self._layout += np.round(mean * 256).astype(np.uint16).tobytes()

    def measures(self) -> CoverMeasures:
        """All that was measured, one row per picture."""
        rows = np.frombuffer(self._rows, np.float32).reshape(-1, 5).astype(np.float64)
        return CoverMeasures(
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
        """Covers as findings and ``obscured``; blank pictures that look the same as darkness as ``no_picture``."""
        return report_of(self.measures(), self._motion.track(), watched.end_ms / 1_000)


def residual(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a Gaussian of 1.2 pixels takes away, absolute, in quarters of a luma step up to 63.75."""
    import cv2

    values = luma.astype(np.float32)
    return np.asarray(cv2.convertScaleAbs(values - cv2.GaussianBlur(values, (7, 7), SIGMA), alpha=QUARTERS), np.uint8)


def beyond_noise(peak: float | NDArray[np.uint8], middle: float) -> NDArray[np.float32]:
    """What of a peak residual is more than noise of that median makes; same unit as ``peak``.

    The peak of Gaussian noise is about 4.2 times the median of its absolute value. The allowance is small, or gravel
    and grass, which look like noise, would be taken for it.
    """
    allowance = NOISE_PEAK * min(middle, MOST_NOISE * (QUARTERS if isinstance(peak, np.ndarray) else 1))
    return np.sqrt(np.maximum(np.square(peak, dtype=np.float32) - allowance * allowance, 0))


def _percentiles(quarters: NDArray[np.uint8]) -> tuple[float, float]:
    """99.5th percentile and median of residuals in luma steps, to a quarter of a step."""
    import cv2

    counts = np.cumsum(cv2.calcHist([quarters], [0], None, [256], [0, 256]).ravel())
    peak, middle = np.searchsorted(counts, (0.995 * quarters.size, 0.5 * quarters.size))
    return float(peak) / QUARTERS, float(middle) / QUARTERS


def _block_peaks(quarters: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Largest residual of each of 16 × 9 blocks, flat, in quarters of a luma step."""
    import cv2

    high, wide = quarters.shape[0] // ROWS, quarters.shape[1] // COLUMNS
    largest = cv2.dilate(quarters, np.ones((high, wide), np.uint8))
    return np.asarray(largest[high // 2 :: high, wide // 2 :: wide], np.uint8).ravel()


def _block_moments(luma: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation of luma in each of 16 × 9 blocks, flat."""
    import cv2

    values = luma.astype(np.float32)
    mean = cv2.resize(values, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    square = cv2.resize(values * values, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.asarray(mean, np.float32).ravel(), np.asarray(deviation, np.float32).ravel()
