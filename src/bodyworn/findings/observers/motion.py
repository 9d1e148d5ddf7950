"""How the camera moves: the shift of the whole picture from sample to sample, by phase correlation.

Phase correlation after Kuglin and Hines (1975) on 160 × 90 luma under a Hann window, which finds the one shift that the
whole picture shares and pays no attention to people moving in it.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np

from bodyworn.findings.artifacts.sight import MotionCurve
from bodyworn.findings.observers.observer import SMALL, Report
from bodyworn.findings.observers.spans import Series, resampled
from bodyworn.findings.observers.struck import proposals
from bodyworn.media.video import Picture, Watched

WIDTH, HEIGHT = 160, 90
CURVE_STEP_MS = 500
#: A shift beyond this, in widths per sample, must change the picture by at least ``LEAST_CHANGE`` luma steps.
FAR = 0.05
LEAST_CHANGE = 4.0


@dataclass(frozen=True)
class CameraTrack:
    """The camera's way, one row per sample: ``times`` in s, ``across`` and ``down`` in picture widths since the sample
    before, ``sure`` 0..1 (peak of the correlation), ``changed`` mean absolute change of luma 0..255.
    """

    times: Series
    across: Series
    down: Series
    sure: Series
    changed: Series

    @property
    def speed(self) -> Series:
        """Picture widths per second; 0 where the shift is not certain."""
        steps = np.maximum(np.diff(self.times, prepend=self.times[:1] - 0.1), 0.02)
        shift = np.hypot(self.across, self.down)
        # A pattern that repeats, such as knit, matches itself far away: a large shift that changes nothing is none.
        real = (self.sure >= 0.08) & ((shift < FAR) | (self.changed >= LEAST_CHANGE))
        held = np.where(real, shift, 0.0)
        return np.asarray(held / steps)


class MotionObserver:
    """Keeps the track; reports the curve ``motion`` and knocks and falls of the camera."""

    name = "motion"
    wanted = SMALL

    def __init__(self) -> None:
        import cv2

        self._rows = array("f")
        self._times = array("d")
        self._window = cv2.createHanningWindow((WIDTH, HEIGHT), cv2.CV_32F)
        self._before: tuple[np.ndarray, np.ndarray] | None = None

    def see(self, picture: Picture) -> None:
        """Add the shift since the picture before."""
        import cv2

        small = cv2.resize(picture.pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        windowed = (small - float(small.mean())) * self._window
        across = down = sure = changed = 0.0
        if self._before is not None:
            small_before, windowed_before = self._before
            (across, down), sure = cv2.phaseCorrelate(windowed_before, windowed)
            changed = cv2.norm(small, small_before, cv2.NORM_L1) / small.size
        self._before = (small, windowed)
        self._times.append(picture.time_ms / 1_000)
        self._rows.extend((across / WIDTH, down / WIDTH, sure, changed))

    def track(self) -> CameraTrack:
        """All of the camera's way so far."""
        rows = np.frombuffer(self._rows, np.float32).reshape(-1, 4).astype(np.float64)
        return CameraTrack(np.array(self._times), rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3])

    def report(self, watched: Watched) -> Report:
        """The curve in picture widths per second, and what happened to the camera."""
        track = self.track()
        magnitude = resampled(track.times, track.speed, CURVE_STEP_MS / 1_000, watched.duration_ms / 1_000)
        found = proposals(track.times, track.speed, track.sure, track.changed, watched.duration_ms / 1_000)
        return Report(
            proposals=tuple(found),
            motion=MotionCurve(CURVE_STEP_MS, tuple(magnitude)),
        )
