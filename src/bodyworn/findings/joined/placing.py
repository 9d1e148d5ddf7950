"""Where times of a recording lie in its encounter, and which recordings lie surely enough to be compared."""

from __future__ import annotations

from dataclasses import dataclass

from bodyworn.domain.encounter import Encounter, EncounterMember, MemberOffset, OffsetSource
from bodyworn.domain.span import Span


def moment_in_encounter(offset: MemberOffset, ms: int) -> int:
    """A time of a recording, in milliseconds after the start of its encounter; drift of its clock is taken out."""
    return offset.offset_ms + round(ms / (1 + (offset.drift_ppm or 0.0) * 1e-6))


def in_encounter(offset: MemberOffset, span: Span) -> Span:
    """A stretch of a recording in the time of its encounter."""
    start = max(0, moment_in_encounter(offset, span.start_ms))
    return Span(start, max(start, moment_in_encounter(offset, span.end_ms)))


@dataclass(frozen=True)
class PlacedMember:
    """A recording of an encounter with its place in time.

    ``by_clock`` tells that only a clock that nobody compared puts it beside the others: that may be off by seconds or
    more, so it is compared with none by time.
    """

    member: EncounterMember
    offset: MemberOffset
    by_clock: bool


def placed_members(encounter: Encounter) -> list[PlacedMember]:
    """The recordings whose place is known. One alone needs no comparing; a person places others beside the first."""
    known = [(one, one.offset) for one in encounter.members if one.offset is not None]
    by_person = any(offset.source is OffsetSource.PERSON for _, offset in known)

    def is_by_clock(offset: MemberOffset) -> bool:
        beside = by_person and offset.offset_ms == 0
        return offset.source is OffsetSource.CLOCK and len(known) > 1 and not beside

    return [PlacedMember(one, offset, is_by_clock(offset)) for one, offset in known]
