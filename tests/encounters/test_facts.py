"""Facts of an encounter: every source is shown, those that disagree too, and what nobody says is unknown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.actor import Actor
from bodyworn.domain.encounter_facts import FactKind, FactSheet, FactSourceKind
from bodyworn.domain.errors import InputError
from bodyworn.domain.recording import Recording
from bodyworn.domain.span import Span
from bodyworn.encounters.heard import RecordingTalk, SaidTurn
from bodyworn.encounters.service import Encounters, FromAbove
from bodyworn.encounters.statements import Statement
from tests.makers.cameras import filmed

ANA, BO = Actor("os:ana", "desk-1", "cli"), Actor("os:bo", "desk-1", "cli")
Opened = Callable[..., Library]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return open_library(tmp_path / "library", create=True, actor=ANA)


def hearing(library: Library, *said: str) -> Encounters:
    """The encounters of a library in which an officer says this in every recording."""
    turns = tuple(SaidTurn(Span(at * 3000, at * 3000 + 2000), "officer", text, "S1") for at, text in enumerate(said))

    def hear(_recording: Recording) -> RecordingTalk:
        return RecordingTalk(turns, {"S1": "officer"})

    above = FromAbove(hear=hear)
    return Encounters(library.database, library.objects, library.audit_log, library.recordings, library.access, above)


def told(sheet: FactSheet, kind: FactKind) -> list[tuple[str, str]]:
    return [(fact.source.kind.value, fact.value) for fact in sheet.of(kind)]


def test_a_camera_says_when_where_which_unit_and_who_wears_it(library: Library) -> None:
    filmed(library, "a", unit="4-Adam-12", place="100 Main St", person_officer="R. Diaz", dispatch_number="26-1", x="y")
    sheet = library.encounters.facts(library.encounters.get("a.wav"))
    assert told(sheet, FactKind.UNIT) == [("camera", "4-Adam-12")]
    assert told(sheet, FactKind.PLACE) == [("camera", "100 Main St")]
    assert told(sheet, FactKind.DATE) == [("camera", "2026-03-01T12:00:00.000Z")]
    assert told(sheet, FactKind.NUMBER) == [("camera", "26-1")]
    assert [(fact.role, fact.value) for fact in sheet.of(FactKind.PERSON)] == [("officer", "R. Diaz")]
    assert {one.kind for one in sheet.unknown} == {FactKind.REASON, FactKind.OUTCOME}
    assert {one.why for one in sheet.unknown} == {"no source names it, and what is said is not transcribed yet"}
    assert len(sheet.not_heard) == 1


def test_said_words_are_quoted_with_recording_time_and_role(library: Library) -> None:
    recording = filmed(library, "a")
    encounters = hearing(library, "Evening.", "The reason I stopped you is your speed.")
    sheet = encounters.facts(encounters.get("a.wav"))
    (fact,) = sheet.of(FactKind.REASON)
    assert (fact.value, fact.source.kind) == ("speeding", FactSourceKind.SAID)
    assert (fact.source.recording, fact.source.span, fact.source.role) == (recording.id, Span(3000, 5000), "officer")
    assert fact.source.quote == "The reason I stopped you is your speed."
    assert [(one.kind, one.why) for one in sheet.unknown if one.kind is FactKind.OUTCOME] == [
        (FactKind.OUTCOME, "no source names it, and it was not heard in what is said")
    ]


def test_sources_that_disagree_are_all_shown(library: Library) -> None:
    filmed(library, "a", outcome="citation", place="100 Main St")
    encounters = hearing(library, "I'm giving you a warning.")
    one = encounters.get("a.wav")
    sheet = encounters.edit(one, [Statement(FactKind.PLACE, "100 main st.")], "read from the report")
    assert told(sheet, FactKind.OUTCOME) == [("camera", "citation"), ("said", "warning")]
    assert sheet.disagree == (FactKind.OUTCOME,), "the same street in another spelling is no other place"


def test_a_person_replaces_own_words_and_nobody_elses(library: Library) -> None:
    filmed(library, "a")
    one = library.encounters.get("a.wav")
    library.encounters.edit(one, [Statement(FactKind.OUTCOME, "warning")], "as I remember")
    library.encounters.edit(one, [Statement(FactKind.OUTCOME, "citation")], "as the report says")
    other = library.acting(BO).encounters
    seen = [Statement(FactKind.OUTCOME, "warning"), Statement(FactKind.PERSON, "J. Doe", "community")]
    sheet = other.edit(one, seen, "I saw it")
    assert [(fact.value, fact.source.by, fact.source.why) for fact in sheet.of(FactKind.OUTCOME)] == [
        ("citation", "os:ana", "as the report says"),
        ("warning", "os:bo", "I saw it"),
    ]
    sheet = other.edit(one, [Statement(FactKind.OUTCOME, "")], "I mixed it up")
    assert told(sheet, FactKind.OUTCOME) == [("person", "citation")]
    event = library.audit_log.newest(1)[0]
    assert (event.tag, event.actor, event.object) == ("encounter.edited", "os:bo", one.id)
    assert event.detail["kinds"] == ["outcome"]
    assert "mixed" not in str(event.detail), "words stand in the row"


def test_what_was_said_of_a_recording_alone_comes_along_and_goes_back(library: Library) -> None:
    for name in "ab":
        filmed(library, name)
    get = library.encounters.get
    library.encounters.edit(get("a.wav"), [Statement(FactKind.UNIT, "12")], "it is written on the car")
    joined = library.encounters.join([get("a.wav"), get("b.wav")])
    library.encounters.edit(joined, [Statement(FactKind.PLACE, "Main St")], "the sign")
    assert told(library.encounters.facts(joined), FactKind.UNIT) == [("person", "12")]
    parted = library.encounters.split(joined, ["a.wav"], "another call")
    assert told(library.encounters.facts(parted), FactKind.UNIT) == [("person", "12")]
    assert told(library.encounters.facts(parted), FactKind.PLACE) == []
    assert told(library.encounters.facts(get("b.wav")), FactKind.PLACE) == [("person", "Main St")]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (Statement(FactKind.DATE, "soon"), "is not a date"),
        (Statement(FactKind.DATE, "2026-03-01T14:05"), "does not say its time zone"),
        (Statement(FactKind.PERSON, "J. Doe", "suspect"), "is not a role"),
        (Statement(FactKind.PLACE, "x" * 2000), "cannot be kept"),
        (Statement(FactKind.PLACE, "a\u202eb"), "cannot be kept"),
    ],
)
def test_what_is_no_fact_is_refused(library: Library, statement: Statement, words: str) -> None:
    filmed(library, "a")
    with pytest.raises(InputError, match=words):
        library.encounters.edit(library.encounters.get("a.wav"), [statement], "why not")
    with pytest.raises(InputError, match="no reason why"):
        library.encounters.edit(library.encounters.get("a.wav"), [Statement(FactKind.UNIT, "12")], "")


def test_a_date_is_kept_in_utc(library: Library) -> None:
    filmed(library, "a", after_s=None)
    one = library.encounters.get("a.wav")
    sheet = library.encounters.edit(one, [Statement(FactKind.DATE, "2026-03-01T05:00-07:00")], "the report")
    assert told(sheet, FactKind.DATE) == [("person", "2026-03-01T12:00:00.000Z")]
    assert one.members[0].offset is not None
    assert one.starts_at is None
