"""All detectors of a redaction over one pass of pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Detector
from bodyworn.redactions.motion import CameraMotion
from bodyworn.redactions.tracking import Hidden, Tracker


class OnePass:
    """Several trackers over one pass of pictures, sharing one estimate of the camera's motion."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        named: Counter[HiddenClass] = Counter()
        self.trackers = [Tracker(detector, named=named) for detector in detectors]
        self._motion = CameraMotion()

    def see(self, at_us: int, planes: Planes) -> None:
        """Take the next picture, shown at ``at_us`` of the recording."""
        if not self.trackers:
            return
        shift = self._motion.push(planes)
        for tracker in self.trackers:
            tracker.see(at_us, planes, (shift.dx, shift.dy), shift.cut)

    def settled(self) -> bool:
        """Whether enough is known of what comes after the next picture to hide things in it."""
        return all(tracker.settled() for tracker in self.trackers)

    def hide(self, at_us: int) -> Iterator[tuple[Tracker, Hidden]]:
        """What to hide in the picture shown at ``at_us``, by tracker; pictures are asked for in order."""
        for tracker in self.trackers:
            for hidden in tracker.hide(at_us):
                yield tracker, hidden
