"""Recordings that only a few may see, and who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bodyworn.domain.actor import Person
from bodyworn.domain.event_details import EventDetail


class RestrictionCategory(StrEnum):
    """Why a recording is restricted."""

    JUVENILE = "juvenile"
    MEDICAL = "medical"
    INTERNAL_AFFAIRS = "internal_affairs"
    PRIVILEGED = "privileged"


class RestrictionAct(StrEnum):
    """What was done: a category placed or lifted, an account admitted or dismissed."""

    PLACE = "place"
    LIFT = "lift"
    ADMIT = "admit"
    DISMISS = "dismiss"


@dataclass(frozen=True)
class RestrictionStep:
    """One act: ``subject`` is a category or the ID of an account."""

    act: RestrictionAct
    subject: str
    why: str
    by: Person
    at: datetime


@dataclass(frozen=True)
class Restriction:
    """Who may see ``recording`` and what was made of it, as long as a category stands."""

    recording: str
    categories: tuple[RestrictionCategory, ...]
    admitted: tuple[str, ...]
    steps: tuple[RestrictionStep, ...]


@dataclass(frozen=True)
class RestrictionChanged(EventDetail):
    """The act and its subject; the reason stands in the row."""

    act: str
    subject: str

    def more(self) -> str:
        """Both."""
        return f"{self.act} {self.subject}"


@dataclass(frozen=True)
class UnitAssigned(EventDetail):
    """The recording is of that unit from now on."""

    unit: str

    def more(self) -> str:
        """Which unit."""
        return self.unit
