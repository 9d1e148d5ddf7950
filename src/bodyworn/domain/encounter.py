"""Encounters: the recordings and the call or stop that belong together, and what is known of it from which source."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bodyworn.domain.codec import omit_default

#: What ids of encounters and of recordings begin with.
PREFIX, _RECORDING = "enc_", "rec_"
#: So many letters does the id of a recording have after its beginning.
_LETTERS = 26


def own_encounter_id(recording_id: str) -> str:
    """The id of the encounter that a recording is by itself: ``enc_`` and the letters of the recording's id."""
    return PREFIX + recording_id.removeprefix(_RECORDING)


def recording_of_own(encounter_id: str) -> str | None:
    """The id of the recording whose own encounter this is; ``None`` for one that was joined."""
    letters = encounter_id.removeprefix(PREFIX)
    return _RECORDING + letters if len(letters) == _LETTERS else None


def new_encounter_id() -> str:
    """The id of an encounter that was joined; shorter than that of a recording alone, so that none is both."""
    return PREFIX + secrets.token_hex(8)


class OffsetSource(StrEnum):
    """What tells how a recording lies in time beside the others of its encounter."""

    SOUND = "sound"
    CLOCK = "clock"
    PERSON = "person"


@dataclass(frozen=True)
class MemberOffset:
    """Where a recording begins, in milliseconds after the start of its encounter (the earliest start of a member).

    ``confidence`` is 0..1, or ``None`` where nothing measured it, as for clocks that nobody compared. ``drift_ppm`` is
    how much faster the recording's clock runs than that of the first one.
    """

    offset_ms: int
    source: OffsetSource
    confidence: float | None
    because: str
    drift_ppm: float | None = field(default=None, metadata=omit_default())


@dataclass(frozen=True)
class EncounterMember:
    """A recording of an encounter.

    ``starts_at`` is when its camera says that it began, with a measured offset of that camera added; ``clock`` says
    which field that is. ``offset`` is ``None`` where nothing tells how it lies beside the others.
    """

    recording: str
    name: str
    duration_ms: int
    starts_at: datetime | None
    clock: str
    offset: MemberOffset | None

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, by the same clock."""
        return self.starts_at + timedelta(milliseconds=self.duration_ms) if self.starts_at else None


@dataclass(frozen=True)
class Encounter:
    """Recordings that belong together, by start; a recording that nobody joined is an encounter of one."""

    id: str
    members: tuple[EncounterMember, ...]

    @property
    def starts_at(self) -> datetime | None:
        """The earliest start that a clock tells."""
        return min((one.starts_at for one in self.members if one.starts_at), default=None)

    @property
    def ends_at(self) -> datetime | None:
        """The latest end that a clock tells."""
        return max((one.ends_at for one in self.members if one.ends_at), default=None)


class JoinReason(StrEnum):
    """Why two recordings may belong to one encounter."""

    NUMBER = "dispatch_number"
    SOUND = "same_sound"
    CLOCKS = "clocks_overlap"
    PLACES = "places_near"


@dataclass(frozen=True)
class ReasonToJoin:
    """One reason, in words and with its confidence of 0..1; ``against`` where it speaks against joining.

    ``token`` is what a declined proposal is remembered by: the same token is the same reason.
    """

    kind: JoinReason
    says: str
    confidence: float
    token: str
    against: bool = field(default=False, metadata=omit_default())


@dataclass(frozen=True)
class JoinProposal:
    """That two encounters may be one, as ids; a person confirms or declines, and nothing is joined before.

    ``confidence`` is 0..1 of all reasons together. ``declined_before`` says that a person declined this pair for other
    reasons.
    """

    one: str
    other: str
    confidence: float
    reasons: tuple[ReasonToJoin, ...]
    declined_before: bool = field(default=False, metadata=omit_default())

    def concerns(self, encounter_id: str) -> bool:
        """Whether it is about that encounter."""
        return encounter_id in (self.one, self.other)
