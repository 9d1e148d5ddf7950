"""What a person says of an encounter: checked when it comes in, and read back from rows that are only added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bodyworn.domain.encounter_facts import EncounterFact, FactKind, FactSource, FactSourceKind
from bodyworn.domain.errors import InputError
from bodyworn.domain.event import stamp
from bodyworn.domain.recording import shown_name
from bodyworn.domain.role import parse_role
from bodyworn.storage.rows.encounters import StatementRow

#: Characters of one value or reason; what is longer is no fact.
LONGEST = 1000


@dataclass(frozen=True)
class Statement:
    """A person says a value of a kind; an empty value takes back what the same person said of it before.

    ``role`` belongs to people: ``officer``, ``community_2`` …
    """

    kind: FactKind
    value: str
    role: str = ""


def checked(statement: Statement) -> Statement:
    """The statement as it is kept; :class:`InputError` for what cannot be one."""
    value = " ".join(statement.value.split())
    if len(value) > LONGEST or value != shown_name(value):
        raise InputError(
            f"the {statement.kind.value.replace('_', ' ')} cannot be kept as it stands",
            f"Give it in at most {LONGEST} printable characters",
        )
    if statement.kind is not FactKind.PERSON:
        return Statement(statement.kind, _date(value) if statement.kind is FactKind.DATE and value else value)
    role = parse_role(statement.role)
    if role is None:
        raise InputError(
            f"{shown_name(statement.role)!r} is not a role",
            "Use officer, community, dispatch or unknown, or a further one such as officer_2",
        )
    return Statement(statement.kind, value, str(role))


def _date(text: str) -> str:
    """A time with its zone in UTC; a date alone stays one."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a date", "Write it as 2026-03-01, or as 2026-03-01T14:05-07:00") from None
    if at.tzinfo is not None:
        return stamp(at.astimezone(UTC))
    if "T" in text or ":" in text:
        raise InputError(f"{text!r} does not say its time zone", "Add it, as in 2026-03-01T14:05-07:00")
    return at.date().isoformat()


def reason_of(why: str, act: str) -> str:
    """The reason that a person gives for an act; :class:`InputError` without one."""
    words = " ".join(why.split())
    if not words:
        raise InputError(f"there is no reason why {act}", "Say why; it is kept with the act")
    if len(words) > LONGEST or words != shown_name(words):
        raise InputError("the reason cannot be kept as it stands", f"Give at most {LONGEST} printable characters")
    return words


def stated_facts(rows: Iterable[StatementRow], names: frozenset[str]) -> Sequence[EncounterFact]:
    """What people say of the encounter that is known by ``names``: of each person the newest, of each kind and role."""
    newest: dict[tuple[str, ...], StatementRow] = {}
    for row in rows:
        if row["encounter_id"] in names:
            newest[row["kind"], row["role"], row["by"], row["stated_name"]] = row
    return [_fact(row) for row in newest.values() if row["value"]]


def _fact(row: StatementRow) -> EncounterFact:
    source = FactSource(
        FactSourceKind.PERSON,
        by=row["by"],
        stated_name=row["stated_name"],
        at=datetime.fromisoformat(row["at"]),
        why=row["why"],
    )
    return EncounterFact(FactKind(row["kind"]), row["value"], source, row["role"])
