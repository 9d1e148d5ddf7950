"""The findings of an encounter: each moment once, with what every recording tells of it, and what none tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bodyworn.domain.codec import inlined, omit_default
from bodyworn.domain.encounter import MemberOffset
from bodyworn.domain.finding import FAMILY_OF, Family, Finding, Unknown
from bodyworn.domain.span import Span


@dataclass(frozen=True)
class RecordingTells:
    """What one recording proposes; the span and all numbers are in its own time."""

    recording: str
    finding: Finding = field(metadata=inlined())


@dataclass(frozen=True)
class RecordingDoesNotTell:
    """A recording that ran at that moment and does not propose it. ``why`` is its state where it is unknown there,
    ``not_made`` where it is not analyzed, else ``not_proposed``. ``text`` is what it made of the same words;
    ``heard_best`` tells that the transcript of the encounter takes them from there."""

    recording: str
    why: str
    text: str = field(default="", metadata=omit_default())
    heard_best: bool = field(default=False, metadata=omit_default())


@dataclass(frozen=True)
class EncounterFinding:
    """One moment of one kind in the time of the encounter; a proposal, as each of those that it rests on.

    ``score`` is the highest of ``told_by``, and ``role`` that of the same recording. ``of_camera`` marks what is true
    of one camera and not of the scene, such as a covered lens; it is never taken together. ``by_clock`` tells that
    only clocks say when it is.
    """

    kind: str
    family: Family = field(init=False, compare=False)
    span: Span = field(metadata=inlined())
    score: float
    role: str
    told_by: tuple[RecordingTells, ...]
    not_told_by: tuple[RecordingDoesNotTell, ...] = field(default=(), metadata=omit_default())
    roles_disagree: bool = field(default=False, metadata=omit_default())
    of_camera: bool = field(default=False, metadata=omit_default())
    by_clock: bool = field(default=False, metadata=omit_default())

    def __post_init__(self) -> None:
        object.__setattr__(self, "family", FAMILY_OF[self.kind])


@dataclass(frozen=True)
class WhyUnknown:
    """A recording and why it cannot tell: an unknown state, or ``not_made`` where it is not analyzed."""

    recording: str
    state: str


@dataclass(frozen=True)
class EncounterUnknown:
    """Time in which nothing tells what was said (``sense`` is ``hearing``) or what could be seen (``seeing``)."""

    sense: str
    span: Span = field(metadata=inlined())
    because: tuple[WhyUnknown, ...]
    by_clock: bool = field(default=False, metadata=omit_default())


@dataclass(frozen=True)
class ToldRecording:
    """A recording of the encounter, how it lies in time (``None``: cannot tell), and by stage why nothing is made."""

    recording: str
    name: str
    offset: MemberOffset | None
    by_clock: bool
    not_made: Mapping[str, str]
    not_read: str = field(default="", metadata=omit_default())


@dataclass(frozen=True)
class ApartFindings:
    """What a recording tells whose place in time cannot be told, in its own time."""

    recording: str
    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...]


@dataclass(frozen=True)
class EncounterFindings:
    """All that the recordings of an encounter tell, by time. ``not_recorded`` is when none of them ran."""

    encounter: str
    recordings: tuple[ToldRecording, ...]
    findings: tuple[EncounterFinding, ...]
    unknown: tuple[EncounterUnknown, ...]
    not_recorded: tuple[Span, ...]
    apart: tuple[ApartFindings, ...]
