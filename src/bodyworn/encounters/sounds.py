"""What is known of the sound that two recordings share: comparisons are kept in the audit log, and read from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bodyworn.domain.encounter_events import PairCompared


@dataclass(frozen=True)
class SharedSound:
    """That two recordings hear the same: how sure (0..1), and where the second begins after the first, in ms."""

    confidence: float
    offset_ms: int


class KnownSounds:
    """The pairs of recordings that were compared by sound, by their ids; the newest comparison of a pair counts."""

    def __init__(self, compared: Iterable[PairCompared] = ()) -> None:
        self._pairs = {(pair.one, pair.other): pair for pair in compared}

    def pairs(self) -> Sequence[tuple[str, str]]:
        """Those that share sound: they are looked at whatever their clocks say."""
        return [key for key, pair in self._pairs.items() if pair.confidence is not None]

    def compared(self, one: str, other: str) -> bool:
        """Whether the two were compared, with whatever result."""
        return (min(one, other), max(one, other)) in self._pairs

    def shared(self, one: str, other: str) -> SharedSound | None:
        """The sound that both hear; ``None`` where there is none, or it was not compared yet."""
        pair = self._pairs.get((min(one, other), max(one, other)))
        if pair is None or pair.confidence is None or pair.offset_ms is None:
            return None
        return SharedSound(pair.confidence, pair.offset_ms if one < other else -pair.offset_ms)
