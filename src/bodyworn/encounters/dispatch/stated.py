"""Facts that imported dispatch records state, by the numbers that an encounter has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from bodyworn.domain.encounter_facts import EncounterFact, FactKind, FactSource, FactSourceKind
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.encounters import clocks
from bodyworn.encounters.camera_fields import coordinates
from bodyworn.encounters.dispatch.records import PERSON
from bodyworn.storage.rows.dispatch import DispatchRow

_KINDS = {
    "started_at_utc": FactKind.DATE,
    "place": FactKind.PLACE,
    "unit": FactKind.UNIT,
    "reason": FactKind.REASON,
    "outcome": FactKind.OUTCOME,
}


def dispatch_facts(rows: Iterable[DispatchRow]) -> Iterator[EncounterFact]:
    """What the records say; of each number and system the version that was imported last."""
    newest: dict[tuple[str, str], tuple[DispatchRow, Mapping[str, str]]] = {}
    for row in rows:
        fields = _fields(row)
        newest[row["number"], fields.get("system", "")] = row, fields
    for row, fields in newest.values():
        yield EncounterFact(FactKind.NUMBER, row["number"], _source(row, "number"))
        for name, value in fields.items():
            if name in _KINDS:
                yield EncounterFact(_KINDS[name], value, _source(row, name))
            elif name.startswith(PERSON):
                yield EncounterFact(FactKind.PERSON, value, _source(row, name), name.removeprefix(PERSON))
        place = clocks.point(fields.get("lat"), fields.get("lon"))
        if place is not None and "place" not in fields:
            yield EncounterFact(FactKind.PLACE, coordinates(place.lat, place.lon), _source(row, "lat, lon"))


def _source(row: DispatchRow, field: str) -> FactSource:
    return FactSource(FactSourceKind.DISPATCH, record=row["id"], field_name=field)


def _fields(row: DispatchRow) -> Mapping[str, str]:
    try:
        found = json.loads(row["fields"])
        return {str(name): str(value) for name, value in found.items()}
    except (ValueError, AttributeError, RecursionError):
        raise CustodyError(
            f"the dispatch record {row['id']} is not as it was stored, and cannot be read",
            "Verify the custody of the library",
            Code.CUSTODY_FAULT,
        ) from None
