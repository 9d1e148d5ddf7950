"""The legal clock: from dates to deadlines, by a rules file that a lawyer has checked.

A rules file is JSON, as docs/releases.md shows. None is built in: laws change, and a wrong deadline in the product
would be worse than none. For the same reason business days are counted only by a named calendar of holidays: the rules
name a country and its subdivision (the data of the package ``holidays``), and what the agency does otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from bodyworn.domain.codec import from_json, json_name
from bodyworn.domain.errors import InputError
from bodyworn.domain.release import Deadline
from bodyworn.media.documents import bytes_of

STARTS = ("incident", "complaint", "request")
_SHAPE = "See docs/releases.md for its shape"


@dataclass(frozen=True)
class DeadlineRule:
    """``days`` after the day called ``start`` something is due; an extension counts from there."""

    name: str
    start: str = field(metadata=json_name("from"))
    days: int
    business_days: bool = False
    extension_days: int = 0
    legal_authority: str = field(default="", metadata=json_name("basis"))

    def __post_init__(self) -> None:
        if self.start not in STARTS or self.days < 0 or self.extension_days < 0:
            raise ValueError(f"rule {self.name!r}")


@dataclass(frozen=True)
class BusinessCalendar:
    """Which days are business days: Monday to Friday without the holidays of ``country`` and ``subdivision``.

    ``country`` is an ISO 3166-1 code and ``subdivision`` an ISO 3166-2 one (``US``, ``CO``). ``closed`` are further
    days (ISO 8601) on which the agency is closed, ``open`` holidays on which it works.
    """

    country: str
    subdivision: str | None = None
    closed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        import holidays

        known = holidays.list_supported_countries(include_aliases=False)
        if self.country not in known:
            raise ValueError(f"no holidays are known for the country {self.country!r}")
        if self.subdivision is not None and self.subdivision not in known[self.country]:
            raise ValueError(f"no holidays are known for {self.subdivision!r} in {self.country}")
        for day in (*self.closed, *self.open):
            date.fromisoformat(day)

    @cached_property
    def _holidays(self) -> Mapping[date, str]:
        import holidays

        return holidays.country_holidays(self.country, subdiv=self.subdivision)

    def is_business_day(self, day: date) -> bool:
        """Whether the agency works that day. A holiday counts on the day on which it is observed."""
        if day.isoformat() in self.open:
            return True
        return day.weekday() < 5 and day not in self._holidays and day.isoformat() not in self.closed


@dataclass(frozen=True)
class DeadlineRules:
    """A rules file. ``citations`` name the ground in law of each exemption code."""

    jurisdiction: str
    rules: tuple[DeadlineRule, ...]
    version: str = ""
    checked_by: str = ""
    checked_on: str = ""
    holidays: BusinessCalendar | None = None
    citations: Mapping[str, str] = field(default_factory=dict, metadata=json_name("grounds"))

    def __post_init__(self) -> None:
        if self.holidays is None and any(rule.business_days for rule in self.rules):
            raise ValueError("business days need `holidays` with a country")

    def deadlines(self, dates: Mapping[str, date]) -> list[Deadline]:
        """Deadlines that ``dates`` (by the names in ``STARTS``) give, soonest first."""
        found = []
        for rule in self.rules:
            if rule.start not in dates:
                continue
            due = self._after(dates[rule.start], rule.days, rule)
            extended = self._after(due, rule.extension_days, rule).isoformat() if rule.extension_days else None
            checked = bool(self.checked_by and self.checked_on)
            found.append(
                Deadline(rule.name, rule.legal_authority, due.isoformat(), extended, self.jurisdiction, checked)
            )
        return sorted(found, key=lambda item: item.due)

    def _after(self, start: date, days: int, rule: DeadlineRule) -> date:
        if not rule.business_days or self.holidays is None:
            return start + timedelta(days=days)
        day = start
        while days:
            day += timedelta(days=1)
            days -= self.holidays.is_business_day(day)
        return day


#: The agency writes its rules itself; they are small, and read in this process.
RULES_BYTES = 1 << 20


def read_rules(path: Path | None) -> DeadlineRules:
    """The rules file, no rules without one; :class:`InputError` that names the first thing that is wrong with it."""
    if path is None:
        return DeadlineRules("", ())
    try:
        return from_json(DeadlineRules, json.loads(bytes_of(path, RULES_BYTES, "a rules file")))
    except (ValueError, RecursionError) as error:
        raise InputError(f"the rules file {path.name} is not as it should be ({error})", _SHAPE) from None


def days(**known: str | None) -> dict[str, date]:
    """The days that are known, by their names; :class:`InputError` for text that is no day."""
    try:
        return {name: date.fromisoformat(day) for name, day in known.items() if day}
    except ValueError as error:
        raise InputError(f"that is not a day ({error})", "Write days as YYYY-MM-DD") from None
