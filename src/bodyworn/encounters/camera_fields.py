"""Facts that cameras state: fields of a sidecar under names that are understood here, and those of the container."""

from __future__ import annotations

from collections.abc import Iterator

from bodyworn.domain.encounter_facts import EncounterFact, FactKind, FactSource, FactSourceKind
from bodyworn.domain.event import stamp
from bodyworn.domain.recording import Recording
from bodyworn.domain.role import parse_role
from bodyworn.encounters import clocks

#: Fields of a sidecar by name, and the fact that each states. docs/encounters.md lists them.
FIELDS = {
    clocks.NUMBER: FactKind.NUMBER,
    clocks.PLACE: FactKind.PLACE,
    "unit": FactKind.UNIT,
    "reason": FactKind.REASON,
    "outcome": FactKind.OUTCOME,
}
#: What the name of a field with a person begins with; the rest is the role.
PERSON = "person_"


def camera_facts(recording: Recording) -> Iterator[EncounterFact]:
    """What the camera and its sidecar say of the call or stop, in order of their fields."""
    fields = clocks.sidecar_of(recording)
    for name, value in fields.items():
        text = "" if value is None or isinstance(value, bool) else str(value).strip()
        if not text:
            continue
        if name in FIELDS:
            yield EncounterFact(FIELDS[name], text, _source(recording, name))
        elif name.startswith(PERSON) and (role := parse_role(name.removeprefix(PERSON))) is not None:
            yield EncounterFact(FactKind.PERSON, text, _source(recording, name), str(role))
    clock, place = clocks.clock_of(recording), clocks.place_of(recording)
    if clock is not None:
        yield EncounterFact(FactKind.DATE, stamp(clock.starts_at), _source(recording, clock.field))
    if place is not None and clocks.PLACE not in fields:
        yield EncounterFact(FactKind.PLACE, coordinates(place.lat, place.lon), _source(recording, "location"))


def coordinates(lat: float, lon: float) -> str:
    """A place in degrees, as a fact has it."""
    return f"{lat:.5f}, {lon:.5f}"


def _source(recording: Recording, field: str) -> FactSource:
    return FactSource(FactSourceKind.CAMERA, recording=recording.id, field_name=field)
