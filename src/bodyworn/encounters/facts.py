"""All facts of an encounter on one sheet: what dispatch, cameras, the words that were said, and people say of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bodyworn.domain.encounter_facts import EncounterFact, FactKind, FactSheet, FactSourceKind, UnknownFact
from bodyworn.domain.recording import Recording
from bodyworn.encounters.agreement import disagreeing
from bodyworn.encounters.camera_fields import camera_facts
from bodyworn.encounters.heard import Hear, RecordingTalk
from bodyworn.encounters.said.proposing import said_facts

_KINDS = {kind: number for number, kind in enumerate(FactKind)}
#: A person who looked comes first, then records, then machines.
_SOURCES = {
    FactSourceKind.PERSON: 0,
    FactSourceKind.DISPATCH: 1,
    FactSourceKind.CAMERA: 2,
    FactSourceKind.SAID: 3,
}
#: Kinds that words can say; the others are only looked for in records.
_SAID = frozenset({FactKind.REASON, FactKind.OUTCOME})


def sheet_of(recordings: Sequence[Recording], others: Iterable[EncounterFact], hear: Hear) -> FactSheet:
    """The facts of the recordings of an encounter, and ``others`` that people and dispatch state."""
    heard = {one.id: hear(one) for one in recordings if one.has("audio")}
    facts = [*others, *(fact for one in recordings for fact in camera_facts(one))]
    for recording, conversation in heard.items():
        facts += said_facts(recording, conversation) if conversation is not None else []
    facts.sort(key=lambda fact: (_KINDS[fact.kind], _SOURCES[fact.source.kind]))
    known = {fact.kind for fact in facts}
    unknown = tuple(UnknownFact(kind, _why(kind, heard)) for kind in FactKind if kind not in known)
    silent = tuple(recording for recording, conversation in heard.items() if conversation is None)
    return FactSheet(tuple(facts), unknown, disagreeing(facts), silent)


def _why(kind: FactKind, heard: dict[str, RecordingTalk | None]) -> str:
    if kind not in _SAID:
        return "no source names it"
    if not heard:
        return "no source names it, and there is no sound in which it could be said"
    if all(conversation is None for conversation in heard.values()):
        return "no source names it, and what is said is not transcribed yet"
    return "no source names it, and it was not heard in what is said"
