"""The detector interface: what finds faces, plates, screens or text in one picture.

A detector knows one picture at a time. Following things through time, filling gaps and keeping masks on is the work
of :mod:`bodyworn.redactions.tracking`, the same for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes


@dataclass(frozen=True)
class Found:
    """A thing in one picture: top left corner and size in pixels of the upright picture, ``score`` 0..1."""

    cls: HiddenClass
    x: float
    y: float
    w: float
    h: float
    score: float

    @property
    def center(self) -> tuple[float, float]:
        """Its middle, in pixels."""
        return self.x + self.w / 2, self.y + self.h / 2

    def overlap(self, other: Found) -> float:
        """Intersection over union, 0..1."""
        w = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        h = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        if w <= 0 or h <= 0:
            return 0.0
        return w * h / (self.w * self.h + other.w * other.h - w * h)


class Detector(Protocol):
    """Finds things of its ``classes``.

    ``every_ms`` is how far apart, at most, its looks at the whole picture may lie: a face moves faster than a plate
    on a parked car. ``model`` is a name in the model registry, or ``None``.
    """

    @property
    def name(self) -> str:
        """A short noun."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever results could."""
        ...

    @property
    def model(self) -> str | None:
        """Name of a model in the registry, or ``None``."""
        ...

    @property
    def classes(self) -> tuple[HiddenClass, ...]:
        """What it can find."""
        ...

    @property
    def every_ms(self) -> int:
        """Milliseconds between looks at the whole picture, at most."""
        ...

    def find(self, picture: Planes) -> list[Found]:
        """Everything it sees in the whole picture."""
        ...

    def glance(self, picture: Planes) -> list[Found]:
        """A quick, coarse search of the whole picture, asked for when something was just lost; may see nothing."""
        ...

    def confirm(self, picture: Planes, expected: Sequence[Found]) -> list[Found | None]:
        """Look closely where known things should be: one answer for each, ``None`` where it sees nothing.

        A detector that cannot look closer returns ``None`` for all; they are then carried by motion alone.
        """
        ...


def added_by(detector: Detector) -> str:
    """How a track names its maker: ``faces-centerface@1 (model 09189deaaf86)``."""
    from bodyworn.models.registry import digest_of

    tail = f" (model {digest_of(detector.model)[:12]})" if detector.model else ""
    return f"{detector.name}@{detector.version}{tail}"
