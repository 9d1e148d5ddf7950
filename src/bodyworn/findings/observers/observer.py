"""What an observer of the picture is: it looks at frames during the pass and reports once at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from bodyworn.domain.codec import inlined
from bodyworn.domain.finding import Unknown
from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.sight import LumaCurve, MotionCurve
from bodyworn.media.video import Picture, Wanted, Watched

#: What the measuring observers share, so that a frame is scaled once for all of them: ten small luma pictures a second.
SMALL = Wanted(rate=Fraction(10), width=320, height=180)


@dataclass(frozen=True)
class Observation:
    """A finding without its maker: kind, span, score 0..1, and measures with units in their names."""

    kind: str
    span: Span = field(metadata=inlined())
    score: float
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What an observer has to say of the whole recording; ``unknown`` are spans that cannot be judged."""

    proposals: tuple[Observation, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    luma: LumaCurve | None = None
    motion: MotionCurve | None = None


class SightObserver(Protocol):
    """Looks at the pictures it wants, keeps little, and reports at the end of the pass.

    An observer is made anew for each pass and is deterministic: the same pictures give the same report.
    """

    @property
    def name(self) -> str:
        """Short noun, unique among the observers."""
        ...

    @property
    def wanted(self) -> Wanted:
        """Rate, size and format of the pictures."""
        ...

    def see(self, picture: Picture) -> None:
        """Look at one picture."""
        ...

    def report(self, watched: Watched) -> Report:
        """Say what was seen; called once, after the last picture."""
        ...
