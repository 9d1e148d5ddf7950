"""The typed details of events about encounters; why a person did it stands in the rows that the event vouches for."""

from __future__ import annotations

from dataclasses import dataclass, field

from bodyworn.domain.codec import omit_default
from bodyworn.domain.counting import counted
from bodyworn.domain.event_details import EventDetail


@dataclass(frozen=True)
class EncounterJoined(EventDetail):
    """``recordings`` came to the encounter, from ``encounters``; ``reasons`` are those that were proposed for it."""

    recordings: tuple[str, ...]
    encounters: tuple[str, ...]
    reasons: tuple[str, ...] = field(default=(), metadata=omit_default())

    def more(self) -> str:
        """How many came."""
        return f"{counted(len(self.recordings), 'recording')} added"


@dataclass(frozen=True)
class EncounterSplit(EventDetail):
    """``recordings`` were taken out and are the encounter ``into`` now."""

    recordings: tuple[str, ...]
    into: str

    def more(self) -> str:
        """How many left, and where they are."""
        return f"{counted(len(self.recordings), 'recording')} taken out, now {self.into}"


@dataclass(frozen=True)
class EncounterProposalDeclined(EventDetail):
    """It is not one with the encounter ``other``, for these ``reasons``."""

    other: str
    reasons: tuple[str, ...]

    def more(self) -> str:
        """With which."""
        return f"not one with {self.other}"


@dataclass(frozen=True)
class EncounterEdited(EventDetail):
    """A person stated facts of these ``kinds``, or took them back."""

    kinds: tuple[str, ...]

    def more(self) -> str:
        """Which kinds."""
        return ", ".join(kind.replace("_", " ") for kind in self.kinds)


@dataclass(frozen=True)
class EncounterSynchronized(EventDetail):
    """How these ``recordings`` lie in time was kept; ``compared`` were listened to, ``set_by_person`` were not."""

    recordings: tuple[str, ...]
    compared: tuple[str, ...] = field(default=(), metadata=omit_default())
    set_by_person: tuple[str, ...] = field(default=(), metadata=omit_default())

    def more(self) -> str:
        """How many."""
        heard = f"{counted(len(self.compared), 'recording')} compared, "
        return f"{heard if self.compared else ''}{counted(len(self.recordings), 'offset')} kept"


@dataclass(frozen=True)
class PairCompared:
    """Two recordings in the order of their ids: where the second begins after the first by sound, and how sure.

    Both are ``None`` where no common sound was found.
    """

    one: str
    other: str
    offset_ms: int | None = field(default=None, metadata=omit_default())
    confidence: float | None = field(default=None, metadata=omit_default())


@dataclass(frozen=True)
class SoundsCompared(EventDetail):
    """These pairs of recordings were compared by sound."""

    pairs: tuple[PairCompared, ...]

    def more(self) -> str:
        """How many, and how many of them hear the same."""
        alike = sum(pair.confidence is not None for pair in self.pairs)
        return f"{counted(len(self.pairs), 'pair')} compared, {alike} with common sound"


@dataclass(frozen=True)
class EncountersImported(EventDetail):
    """Dispatch records were imported: ``added`` new ones here, and of the whole file so many known and quarantined.

    File and mapping file are stored.
    """

    added: int
    known: int
    quarantined: int
    objects: tuple[str, ...]

    def more(self) -> str:
        """How many."""
        return f"{counted(self.added, 'record')} added, {self.known} known, {self.quarantined} quarantined"
