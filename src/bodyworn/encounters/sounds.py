"""What tells that two recordings hear the same sound: an interface, for what compares sound plugs in from above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bodyworn.domain.recording import Recording


@dataclass(frozen=True)
class SharedSound:
    """That two recordings hear the same: how sure (0..1), and where the second begins after the first, in ms."""

    confidence: float
    offset_ms: int


class SoundComparison(Protocol):
    """Compares the sound of recordings; it answers from what is known already and never listens for minutes."""

    def pairs(self) -> Iterable[tuple[str, str]]:
        """Ids of recordings that are known to share sound: they are compared whatever their clocks say."""
        ...

    def shared(self, one: Recording, other: Recording) -> SharedSound | None:
        """The sound that both hear; ``None`` where there is none, or it was not compared yet."""
        ...
