"""Where sources of facts say what cannot both be so. Nothing is settled here: all of them are shown."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from bodyworn.domain.encounter_facts import UNKNOWN, EncounterFact, FactKind
from bodyworn.encounters.clocks import apart_m, point
from bodyworn.encounters.proposing import FAR_M

#: Of these an encounter has one answer from each source; it may have several units, numbers and people.
_ONE_ANSWER = (FactKind.DATE, FactKind.PLACE, FactKind.REASON, FactKind.OUTCOME)
#: Dates further apart than this are of different calls.
_SAME_CALL_S = 3600


def disagreeing(facts: Iterable[EncounterFact]) -> tuple[FactKind, ...]:
    """The kinds of which two sources share no answer."""
    answers: dict[FactKind, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        if fact.kind in _ONE_ANSWER and fact.value != UNKNOWN:
            answers[fact.kind][_who(fact)].append(fact.value)
    return tuple(kind for kind in _ONE_ANSWER if _differ(kind, list(answers[kind].values())))


def _who(fact: EncounterFact) -> str:
    """The source as one voice: cameras of one kind of clock each, a record, all that is said, a person."""
    source = fact.source
    return " ".join((source.kind, source.record, source.by if source.by else "", source.stated_name))


def _differ(kind: FactKind, sources: Sequence[Sequence[str]]) -> bool:
    return any(
        not any(_same(kind, first, second) for first in one for second in other)
        for one, other in itertools.combinations(sources, 2)
    )


def _same(kind: FactKind, one: str, other: str) -> bool:
    if kind is FactKind.DATE:
        try:
            return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds()) <= _SAME_CALL_S
        except (ValueError, TypeError):
            return True
    if kind is FactKind.PLACE:
        first, second = point(*_halves(one)), point(*_halves(other))
        if first is not None and second is not None:
            return apart_m(first, second) <= FAR_M
        if first is not None or second is not None:
            return True  # an address and degrees cannot be compared
    return _letters(one) == _letters(other)


def _halves(value: str) -> tuple[str, str]:
    lat, _, lon = value.partition(",")
    return lat.strip(), lon.strip()


def _letters(value: str) -> str:
    return "".join(char for char in value.casefold() if char.isalnum())
