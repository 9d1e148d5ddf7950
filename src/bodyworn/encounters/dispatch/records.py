"""Shapes of an import: the mapping file, a record, a row that was not taken, and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bodyworn.domain.codec import omit_default
from bodyworn.domain.role import parse_role
from bodyworn.recordings.mapped_values import SidecarClock

#: Names of fields that a mapping may give, beside people.
FIELDS = ("number", "started_at", "ended_at", "place", "lat", "lon", "unit", "reason", "outcome")
#: What the name of a field with a person begins with; the rest is the role.
PERSON = "person_"
#: The row of a quarantined file as a whole.
WHOLE_FILE = 0


class DispatchFormat(StrEnum):
    """The forms of files that can be imported."""

    CSV = "csv"
    JSON = "json"


class TextEncoding(StrEnum):
    """How the letters of a file are written; it is said and never guessed."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WESTERN = "cp1252"


@dataclass(frozen=True)
class DispatchMapping:
    """Where each field stands in a record, in which form and encoding, and what its codes mean.

    ``system`` names where the records come from. ``records`` is where the list stands in JSON (keys by dots; empty: the
    document is the list). ``people`` are fields by role. ``values`` translate codes by field:
    ``values.outcome.WRN = "warning"``.
    """

    format: DispatchFormat
    fields: Mapping[str, str]
    system: str = ""
    records: str = ""
    encoding: TextEncoding = TextEncoding.UTF_8
    delimiter: str = ","
    people: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    clock: SidecarClock = field(default_factory=SidecarClock)

    def __post_init__(self) -> None:
        if "number" not in self.fields:
            raise ValueError("the fields need a 'number', by which records and encounters find each other")
        if unknown := sorted({*self.fields, *self.values, *self.clock.times} - set(FIELDS)):
            raise ValueError(f"there is no field {unknown[0]!r}; fields are {', '.join(FIELDS)}")
        if nobody := [role for role in self.people if parse_role(role) is None]:
            raise ValueError(f"{nobody[0]!r} is not a role")
        if len(self.delimiter) != 1 or self.delimiter in '"\r\n':
            raise ValueError("the delimiter is not one character")

    @property
    def places(self) -> dict[str, str]:
        """Where each field stands, people among them as ``person_<role>``."""
        return {**self.fields, **{PERSON + role: place for role, place in self.people.items()}}


@dataclass(frozen=True)
class MappedRecord:
    """A record as its mapping reads it; ``row`` counts as a spreadsheet does, with the header of a table as 1."""

    row: int
    number: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class QuarantinedRow:
    """A row that was not taken, and why; row 0 is the file as a whole."""

    row: int
    why: str
    number: str = field(default="", metadata=omit_default())


@dataclass(frozen=True)
class MappedRecords:
    """What the child read: SHA-256 of file and mapping, the system, records, and the first of the quarantined rows."""

    file: str
    mapping: str
    system: str
    records: tuple[MappedRecord, ...]
    quarantined: tuple[QuarantinedRow, ...]
    quarantined_rows: int
    repeated: int


@dataclass(frozen=True)
class ImportReport:
    """What an import did: records that are new, new versions of a number, known ones, and what was not taken.

    ``matched`` is how many numbers of the file an encounter here has. ``quarantined`` are the first rows that were not
    taken, ``quarantined_rows`` how many there are.
    """

    added: int
    changed: int
    known: int
    matched: int
    quarantined_rows: int
    quarantined: tuple[QuarantinedRow, ...]
