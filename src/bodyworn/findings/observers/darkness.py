"""Darkness: so little light that hardly anything can be made out. A night scene with lamps in it is not dark."""

from __future__ import annotations

from array import array

import numpy as np

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.sight import LumaCurve
from bodyworn.findings.observers.observer import SMALL, Observation, Report
from bodyworn.findings.observers.spans import Flags, Series, bridged, lasting, resampled
from bodyworn.media.video import Picture, Watched

CURVE_STEP_MS = 500
#: Luma (0..255) that 98 in 100 pixels must stay under to call it dark,
DARK_PEAK = 52.0
#: and that the mean must stay under.
DARK_MEAN = 22.0
#: Dark for at least so long, with brighter moments of at most ``GAP_S`` inside.
DWELL_S = 1.5
GAP_S = 0.7


class DarknessObserver:
    """Keeps mean and 98th percentile of luma; reports dark spans and the curve ``luma``."""

    name = "darkness"
    wanted = SMALL

    def __init__(self) -> None:
        self._times = array("d")
        self._rows = array("f")

    def see(self, picture: Picture) -> None:
        """Measure one picture."""
        import cv2

        counts = cv2.calcHist([picture.pixels], [0], None, [256], [0, 256]).ravel()
        total = float(counts.sum())
        mean = float(counts @ np.arange(256, dtype=np.float32)) / total
        peak = int(np.searchsorted(np.cumsum(counts), 0.98 * total))
        self._times.append(picture.time_ms / 1_000)
        self._rows.extend((mean, peak))

    def report(self, watched: Watched) -> Report:
        """Dark spans as findings and as unknown."""
        times = np.array(self._times)
        rows = np.frombuffer(self._rows, np.float32).reshape(-1, 2).astype(np.float64)
        mean, peak = rows[:, 0], rows[:, 1]
        end = watched.end_ms / 1_000
        dark: Flags = np.asarray((peak < DARK_PEAK) & (mean < DARK_MEAN))
        found = [
            _proposal(times, mean, peak, first, after, end)
            for first, after in lasting(bridged(dark, times, GAP_S), times, DWELL_S, end)
        ]
        curve = resampled(times, mean, CURVE_STEP_MS / 1_000, watched.duration_ms / 1_000)
        return Report(
            proposals=tuple(found),
            unknown=tuple(Unknown(UnknownState.DARK, proposal.span) for proposal in found),
            luma=LumaCurve(CURVE_STEP_MS, tuple(curve)),
        )


def _proposal(times: Series, mean: Series, peak: Series, first: int, after: int, end: float) -> Observation:
    until = times[after] if after < len(times) else end
    level, bright = float(np.median(mean[first:after])), float(np.median(peak[first:after]))
    return Observation(
        kind="darkness",
        span=Span(round(times[first] * 1_000), round(until * 1_000)),
        score=round(min(1.0, 0.5 + 0.5 * (1 - bright / DARK_PEAK)), 3),
        measures={"luma_mean_of_255": round(level, 1), "luma_98th_percentile_of_255": round(bright, 1)},
    )
