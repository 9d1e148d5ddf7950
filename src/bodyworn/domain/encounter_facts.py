"""Facts of an encounter: each has a value and a source. Sources may disagree, and all of them are shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bodyworn.domain.codec import omit_default
from bodyworn.domain.span import Span

#: Where no source says anything.
UNKNOWN = "unknown"


class FactKind(StrEnum):
    """What can be known of an encounter."""

    NUMBER = "dispatch_number"
    DATE = "date"
    PLACE = "place"
    UNIT = "unit"
    REASON = "reason"
    OUTCOME = "outcome"
    PERSON = "person"


class ContactReason(StrEnum):
    """Why there was contact, as far as it has a name here; a source may say others in its own words."""

    SPEEDING = "speeding"
    SIGNAL = "traffic_signal"
    LANE = "lane_or_turn"
    EQUIPMENT = "equipment"
    REGISTRATION = "registration"
    PHONE = "phone"
    SEAT_BELT = "seat_belt"
    DRIVING = "driving"
    IMPAIRED = "impaired_driving"
    WARRANT = "warrant"
    WELFARE = "welfare_check"
    DISTURBANCE = "disturbance"
    DOMESTIC = "domestic"
    THEFT = "theft"
    TRESPASS = "trespass"
    SUSPICIOUS = "suspicious_activity"
    CRASH = "crash"
    MEDICAL = "medical"
    WEAPON = "weapon"
    MISSING = "missing_person"
    OTHER = "other"


class ContactOutcome(StrEnum):
    """How the contact ended, as far as it has a name here."""

    WARNING = "warning"
    CITATION = "citation"
    ARREST = "arrest"
    TRANSPORT = "transport"
    NONE = "none"


class FactSourceKind(StrEnum):
    """Who or what says it."""

    DISPATCH = "dispatch"
    CAMERA = "camera"
    SAID = "said"
    PERSON = "person"


@dataclass(frozen=True)
class FactSource:
    """Where a fact comes from, with what is needed to look there; keys that do not apply are absent.

    ``record`` is the id of an imported dispatch record, ``field_name`` that of a field of it or of a sidecar. Said
    words have ``recording``, ``span``, ``role``, ``quote`` and how sure the rule is (``confidence``, 0..1). A person
    has account, name as typed, time and reason (``why``).
    """

    kind: FactSourceKind
    record: str = field(default="", metadata=omit_default())
    recording: str = field(default="", metadata=omit_default())
    field_name: str = field(default="", metadata=omit_default())
    span: Span | None = field(default=None, metadata=omit_default())
    role: str = field(default="", metadata=omit_default())
    quote: str = field(default="", metadata=omit_default())
    confidence: float | None = field(default=None, metadata=omit_default())
    by: str = field(default="", metadata=omit_default())
    stated_name: str = field(default="", metadata=omit_default())
    at: datetime | None = field(default=None, metadata=omit_default())
    why: str = field(default="", metadata=omit_default())


@dataclass(frozen=True)
class EncounterFact:
    """One fact by one source; ``role`` is that of a person in it, such as ``officer`` or ``community``."""

    kind: FactKind
    value: str
    source: FactSource
    role: str = field(default="", metadata=omit_default())


@dataclass(frozen=True)
class FactSheet:
    """All facts of an encounter, in order of their kinds and sources; ``not_heard`` are recordings not transcribed yet.

    What no source says is not in ``facts`` and is named in ``unknown`` with the reason. ``disagree`` are the kinds of
    which two sources say what cannot both be so.
    """

    facts: tuple[EncounterFact, ...]
    unknown: tuple[UnknownFact, ...]
    disagree: tuple[FactKind, ...]
    not_heard: tuple[str, ...] = field(default=(), metadata=omit_default())

    def of(self, kind: FactKind) -> list[EncounterFact]:
        """The facts of that kind."""
        return [fact for fact in self.facts if fact.kind is kind]


@dataclass(frozen=True)
class UnknownFact:
    """A kind of fact that no source says, and why it is not known."""

    kind: FactKind
    why: str
