"""Values that a mapping file takes out of a document from outside: what can be kept, clock times in UTC.

Sidecars of recordings and records of a dispatch system are mapped by the same rules.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bodyworn.domain.codec import Json, from_json
from bodyworn.domain.errors import InputError
from bodyworn.domain.event import stamp
from bodyworn.domain.recording import shown_name

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

#: Characters of one mapped value; what is longer is no field.
LONGEST_VALUE = 10_000
AS_DOCUMENTED = "Correct the mapping file; docs/recordings.md shows its form"

#: One mapped value, as the document has it.
SidecarValue = str | int | float | bool | None
RulesT = TypeVar("RulesT", bound="DataclassInstance")


@dataclass(frozen=True)
class SidecarClock:
    """Which fields are clock times, in which zone, and what to add to the camera's clock because it was measured."""

    times: tuple[str, ...] = ()
    zone: str | None = None
    offset_ms: int | None = None
    measured_by: str = ""

    def __post_init__(self) -> None:
        if self.offset_ms is not None and not self.measured_by.strip():
            raise ValueError("a clock offset needs who or what measured it")


def rules_of(cls: type[RulesT], mapping: bytes, path: Path) -> RulesT:
    """The mapping file ``path`` as what it has to be; :class:`InputError` for what cannot be used."""
    try:
        return from_json(cls, tomllib.loads(mapping.decode()))
    except (ValueError, RecursionError) as error:
        what = f"the mapping file {shown_name(path.name)} cannot be used ({shown_name(str(error)[:200])})"
        raise InputError(what, AS_DOCUMENTED) from None


def kept_value(place: str, value: SidecarValue, document: str = "sidecar") -> SidecarValue:
    """``value``, unless it is no value that could be kept."""
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"the number at {place!r} of the {document} is too large", AS_DOCUMENTED)
    if len(str(value)) > LONGEST_VALUE:
        raise InputError(f"the text at {place!r} of the {document} is too long for a value", AS_DOCUMENTED)
    return value


def missing(place: str, document: str = "sidecar") -> InputError:
    """That nothing stands where the mapping says."""
    return InputError(f"the {document} has nothing at {place!r}", AS_DOCUMENTED)


def value_at(document: Json, place: str, name: str = "sidecar") -> SidecarValue:
    """The value of a JSON document at keys joined by dots, list places by number."""
    here = document
    for key in place.split("."):
        try:
            here = here[int(key)] if isinstance(here, list) else _member(here, key)
        except (KeyError, IndexError, ValueError):
            raise missing(place, name) from None
    if here is not None and not isinstance(here, str | int | float | bool):
        raise InputError(f"at {place!r} the {name} has a structure, not a value", AS_DOCUMENTED)
    return here


def _member(here: Json, key: str) -> Json:
    if not isinstance(here, Mapping):
        raise KeyError(key)
    return here[key]


def clock_times(clock: SidecarClock, fields: Mapping[str, SidecarValue]) -> dict[str, SidecarValue]:
    """Clock times as aware UTC beside the text as it came; an offset only with who measured it."""
    found: dict[str, SidecarValue] = {}
    for name in clock.times:
        found[f"{name}_utc"] = stamp(time_in_utc(name, str(fields.get(name)), clock.zone))
    if clock.offset_ms is not None:
        found |= {"clock_offset_ms": clock.offset_ms, "clock_offset_measured_by": clock.measured_by}
    return found


def time_in_utc(name: str, text: str, zone: str | None) -> datetime:
    """A time of the document that knows its zone, by itself or by the mapping; nothing is guessed."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{name} is not an ISO 8601 time: {shown_name(text)!r}", AS_DOCUMENTED) from None
    if at.tzinfo is not None:
        return at
    if zone is None:
        raise InputError(f"{name} does not say its time zone, and none is guessed", "Set `zone` under [clock]")
    try:
        return at.replace(tzinfo=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        raise InputError(f"unknown time zone {zone!r}", AS_DOCUMENTED) from None
