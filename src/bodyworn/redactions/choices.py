"""What a person chose about a redaction, and a mask as it was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bodyworn.domain.redaction import Mask, Region


@dataclass(frozen=True)
class DrawnMask:
    """A mask that was drawn: number of the frame in the clip, time in the recording, and the mask."""

    frame: int
    time_us: int
    mask: Mask


@dataclass(frozen=True)
class RedactionChoices:
    """What a person chose: regions to hide or keep, tracks to keep, and who the person is."""

    regions: Sequence[Region] = ()
    kept_tracks: frozenset[str] = frozenset()
    person: str = "person:unnamed"
