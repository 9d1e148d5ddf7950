"""Events: each tag has its typed detail and a sentence, and rows of earlier versions are still read and told."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import UTC, datetime

import pytest

from bodyworn.domain.codec import Json, JsonObject
from bodyworn.domain.encounter_events import PairCompared
from bodyworn.domain.event import Event, Outcome, Tag
from bodyworn.domain.event_details import (
    AccessDenied,
    ChoiceMade,
    EventDetail,
    FindingsMade,
    OtherDetail,
    ReleaseActed,
    Viewed,
)
from bodyworn.domain.event_kinds import FORMER_TAGS, KINDS, detail_of, sentence, stored

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
BARE: dict[str, Json] = {
    "seq": 7,
    "at": "2026-11-21T12:00:00.000Z",
    "tag": "recording.viewed",
    "actor": "os:ana",
    "node": "desk-1",
    "source": "cli",
    "outcome": "ok",
    "object": "rec_x",
    "detail": {"how": "facts"},
}


def event(tag: str, detail: JsonObject, outcome: Outcome = Outcome.OK) -> Event:
    return Event(1, AT, tag, "os:ana", "desk-1", "cli", outcome.value, "rec_x", detail)


def test_an_event_of_an_earlier_version_keeps_its_bytes() -> None:
    assert Event.from_json(BARE).to_json() == BARE


def test_session_and_stated_name_stand_in_the_event_only_if_there_are_any() -> None:
    more = {**BARE, "session": "5e551077", "stated_name": "Ben"}
    assert Event.from_json(more).to_json() == more
    assert str(Event.from_json(more).person) == "stated: Ben (typed at the account os:ana)"


def test_every_tag_has_its_kind_and_its_own_label() -> None:
    assert set(KINDS) == {tag.value for tag in Tag}
    assert len({kind.label for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("tag", sorted(KINDS))
def test_a_detail_reads_back_as_it_was_stored_and_has_a_sentence(tag: str) -> None:
    kind = KINDS[tag]
    samples: dict[str, object] = {
        "str": "x",
        "int": 2,
        "tuple[str, ...]": ("a",),
        "int | None": 3,
        "Mapping[str, int]": {"tracks": 1},
        "tuple[PairCompared, ...]": (PairCompared("rec_a", "rec_b", 7, 0.9), PairCompared("rec_a", "rec_c")),
    }
    values = {one.name: samples.get(str(one.type), one.default) for one in fields(kind.detail)}
    assert MISSING not in values.values()
    detail = kind.detail(**values)
    kept = {**stored(tag, detail), "evidence": {"recordings/1": "ab"}}
    assert detail_of(event(tag, kept)) == detail
    assert sentence(event(tag, kept)).startswith(kind.label)


def test_a_detail_of_another_kind_is_not_written() -> None:
    with pytest.raises(TypeError, match=r"Viewed is not the detail of release\.approved"):
        stored(Tag.RELEASE_APPROVED, Viewed(how="x"))
    assert stored(Tag.RELEASE_APPROVED, ReleaseActed("ab")) == {"clip_sha256": "ab"}
    assert stored(Tag.RECORDING_DUPLICATE, None) == stored(Tag.RECORDING_DUPLICATE, EventDetail()) == {}


def test_values_that_do_not_read_as_the_kind_are_not_written() -> None:
    assert stored(Tag.RECORDING_VIEWED, {"how": "facts"}) == {"how": "facts"}
    with pytest.raises(TypeError, match="has no 'who'"):
        stored(Tag.RECORDING_VIEWED, {"who": "Ben"})
    with pytest.raises(TypeError, match="lacks 'stage'"):
        stored(Tag.FINDINGS_MADE, None)


OLD: dict[str, tuple[str, dict[str, Json], str]] = {
    "taken in": (
        "recording.taken_in",
        {"sha512": "ab", "size_bytes": 7, "objects": ["cd"], "evidence": {"recordings/rec_x": "ef"}},
        "Recording taken into custody",
    ),
    "presented again": ("recording.presented_again", {}, "Recording presented again; it was in custody already"),
    "viewed": ("recording.viewed", {"how": "picture"}, "Recording viewed: picture"),
    "the record": ("record.viewed", {"count": 20}, "Audit log viewed: 20 shown"),
    "verified": (
        "record.verified",
        {"rows": 5, "files": 2, "faults": 0},
        "Audit log checked: 5 entries and 2 files checked, 0 faults",
    ),
    "findings": (
        "findings.made",
        {"stage": "probe", "made_by": "probe 1", "key": "ab", "objects": ["cd"], "evidence": {}},
        "Findings made: probe",
    ),
    "made": ("release.made", {"evidence": {"releases/rel_x": "ab"}}, "Release made: opened"),
    "rendered": (
        "release.made",
        {"objects": ["ab"], "leaks": 2, "clip_sha256": "cd", "evidence": {}},
        "Release made: clip rendered, 2 leaks reported",
    ),
    "denied": ("access.denied", {"act": "publish"}, "Access denied: publish"),
    "denied on the web": (
        "access.denied",
        {"why": "host", "path": "/x", "method": "GET", "attempts": 3},
        "Access denied: /x, host",
    ),
}


@pytest.mark.parametrize("name", OLD)
def test_rows_of_earlier_versions_are_typed_and_told_in_plain_words(name: str) -> None:
    tag, detail, said = OLD[name]
    assert not isinstance(detail_of(event(tag, detail)), OtherDetail)
    assert sentence(event(tag, detail)) == said


def test_every_former_tag_leads_to_one_of_today() -> None:
    assert {tag.value for tag in FORMER_TAGS.values()} <= set(KINDS)
    assert not set(FORMER_TAGS) & set(KINDS)


def test_what_a_newer_version_wrote_is_shown_as_it_stands() -> None:
    assert sentence(event("moon.landed", {"b": 1, "a": "x"})) == "moon.landed: a x, b 1"
    odd = event("choice.made", {"name": "model", "value": "small", "since": 2030})
    assert isinstance(detail_of(odd), OtherDetail)
    assert sentence(odd).startswith("Choice made: name model")


def test_a_failed_check_is_not_told_as_a_good_one() -> None:
    failed = event("recordings.verified", {"count": 2, "broken": ["rec_x"]}, Outcome.FAILED)
    assert sentence(failed) == "Originals checked with faults: 2 checked, 1 damaged or missing"


def test_details_say_what_they_are_about() -> None:
    assert ChoiceMade("model", "small").more() == "model is small"
    assert FindingsMade("cues", "cues 3", "k", ()).more() == "cues"
    assert AccessDenied(act="releases.publish", why="it is draft").more() == "releases.publish, it is draft"
