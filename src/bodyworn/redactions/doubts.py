"""What one picture shows and the next ones do not is no plate: a doubtful thing hides nothing until it is decided.

It is decided within the pictures that still wait, so that what is believed is hidden from its first sighting on. Where
too few pictures follow, at the end of a clip or of a scene, doubt is no reason to leave anything open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from bodyworn.redactions.detectors.interface import Detector
from bodyworn.redactions.tracks import Trace

#: So many looks decide; so many good sightings are enough before.
_LOOKS, _ENOUGH = 6, 4
#: Score of a good sighting.
_GOOD = 0.45


@runtime_checkable
class Doubting(Protocol):
    """A detector that doubts what scores less than ``sure``."""

    @property
    def sure(self) -> float:
        """Score from which one picture is enough."""
        ...


class Doubts:
    """Decides about the doubtful tracks of ``detector``; one that is not :class:`Doubting` has none."""

    def __init__(self, detector: Detector) -> None:
        self._sure = detector.sure if isinstance(detector, Doubting) else None

    def begin(self, trace: Trace) -> None:
        """A track that was just begun is doubted if its sighting is."""
        if self._sure is not None and trace.last.score < self._sure:
            trace.doubted = True

    def decide(self, trace: Trace) -> Trace:
        """After a look: believe the track, give it up, or wait for more looks; returns it."""
        if self._sure is None or not trace.doubted or trace.gone:
            return trace
        scores = [sighting.score for sighting in trace.sightings]
        good = sum(score >= _GOOD for score in scores)
        if max(scores) >= self._sure or good >= _ENOUGH:
            trace.doubted = False
        elif len(scores) + trace.missed >= _LOOKS:
            trace.gone = True
        return trace

    def believe(self, traces: Iterable[Trace]) -> None:
        """No more looks come at ``traces``: those about which nothing is decided are believed."""
        if self._sure is not None:
            for trace in traces:
                trace.doubted = trace.doubted and trace.gone
