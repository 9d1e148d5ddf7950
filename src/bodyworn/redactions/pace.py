"""The clock of a tracker: presentation time, on which a pause of the recording is no longer than two frames.

A camera that pauses, or writes frames only when something moves, shows the next picture seconds later, yet what was in
the picture is still there. Counted in plain time it would be forgotten and open; counted in frames every window would
depend on the rate. So time runs as the frames say, but between two frames never further than two usual steps.
"""

from __future__ import annotations

from collections import deque
from statistics import median_low

#: Frames by which the usual step is told.
_REMEMBERED = 31
_USUAL_US = 33_333


class Pace:
    """Feed the times of frames in order, in microseconds of the recording."""

    def __init__(self) -> None:
        self._steps: deque[int] = deque(maxlen=_REMEMBERED)
        self._last: int | None = None
        self.clock_us = 0
        self.step_us = _USUAL_US

    def push(self, at_us: int) -> int:
        """The clock at the frame shown at ``at_us``: rises with every frame."""
        if self._last is not None:
            step = max(1, at_us - self._last)
            self._steps.append(step)
            self.step_us = median_low(self._steps)
            self.clock_us += min(step, 2 * self.step_us)
        self._last = at_us
        return self.clock_us
