"""Recordings that belong together are proposed with reasons; a person joins, declines and splits, and it is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.actor import Actor
from bodyworn.domain.encounter import JoinReason
from bodyworn.domain.encounter_events import EncounterJoined, EncounterSplit
from bodyworn.domain.errors import Conflict, InputError, NotFound
from bodyworn.domain.event import stamp
from bodyworn.domain.event_kinds import detail_of
from bodyworn.domain.progress import no_progress
from tests.makers.cameras import NOON, filmed, with_sidecar
from tests.stores import Store

Opened = Callable[..., Library]
TOWN, NEXT_DOOR, OTHER_TOWN = (
    {"lat": 39.7, "lon": -104.9},
    {"lat": 39.7005, "lon": -104.9},
    {"lat": 39.9, "lon": -104.9},
)


def test_a_recording_alone_is_an_encounter_of_one_and_nothing_is_written_for_it(new_library: Opened) -> None:
    library = new_library()
    recording = filmed(library, "a")
    before = len(library.audit_log.newest(100))
    (one,) = library.encounters.list()
    assert one.id == "enc_" + recording.id.removeprefix("rec_")
    assert [member.recording for member in one.members] == [recording.id]
    assert library.encounters.get(recording.id) == library.encounters.get("a.wav") == one
    assert len(library.audit_log.newest(100)) == before


def test_overlapping_clocks_near_places_and_a_shared_number_are_proposed_in_words(new_library: Opened) -> None:
    library = new_library()
    filmed(library, "a", dispatch_number="26-0193", **TOWN)
    filmed(library, "b", after_s=1, dispatch_number="26-0193", **NEXT_DOOR)
    (found,) = library.encounters.proposals()
    said = {reason.kind: reason.says for reason in found.reasons}
    assert said[JoinReason.NUMBER] == "both have the dispatch number 26-0193"
    assert said[JoinReason.CLOCKS] == "by their clocks they overlap for 1.0 s"
    assert said[JoinReason.PLACES] == "they were recorded 56 m apart at about the same time"
    assert found.confidence > 0.9
    assert len(library.encounters.list()) == 2, "nothing is joined silently"


def test_what_speaks_against_it_keeps_a_proposal_away(new_library: Opened) -> None:
    library = new_library()
    filmed(library, "a", dispatch_number="1", **TOWN)
    filmed(library, "far", after_s=1, **OTHER_TOWN)
    filmed(library, "another call", after_s=1, dispatch_number="2")
    filmed(library, "later", after_s=90_000, **TOWN)
    proposed = {one.concerns(library.encounters.get("a.wav").id) for one in library.encounters.proposals()}
    assert proposed <= {False}


def test_time_alone_is_no_reason_where_many_cameras_run_at_once(new_library: Opened) -> None:
    library = new_library()
    for name in "abcdefg":
        filmed(library, name)
    assert library.encounters.proposals() == []
    filmed(library, "night", after_s=40_000)
    filmed(library, "night too", after_s=40_001)
    (only,) = library.encounters.proposals()
    assert [reason.kind for reason in only.reasons] == [JoinReason.CLOCKS]


def test_a_person_joins_and_the_reason_of_the_proposal_is_kept(new_library: Opened) -> None:
    library = new_library()
    one, other = filmed(library, "a"), filmed(library, "b", after_s=1)
    joined = library.encounters.join([library.encounters.get(each.id) for each in (one, other)])
    assert [member.name for member in joined.members] == ["a.wav", "b.wav"]
    assert [member.offset.offset_ms for member in joined.members if member.offset] == [0, 1000]
    assert {str(member.offset.source) for member in joined.members if member.offset} == {"clock"}
    assert library.encounters.list() == [joined]
    assert library.encounters.proposals() == []
    event = library.audit_log.newest(1)[0]
    assert (event.tag, event.object) == ("encounter.joined", joined.id)
    detail = detail_of(event)
    assert isinstance(detail, EncounterJoined)
    assert (set(detail.recordings), detail.reasons) == ({one.id, other.id}, ("clocks_overlap",))
    for former in (one, other):
        assert library.encounters.get("enc_" + former.id.removeprefix("rec_")) == joined, "its own id leads there"
    assert library.verify(no_progress, note=False).holds


def test_without_a_proposal_a_reason_is_needed(new_library: Opened) -> None:
    library = new_library()
    pair = [library.encounters.get(filmed(library, name, after_s=at).id) for name, at in (("a", 0), ("b", 9e4))]
    with pytest.raises(InputError, match="no reason why they are one encounter"):
        library.encounters.join(pair)
    with pytest.raises(InputError, match="only one encounter"):
        library.encounters.join([pair[0], pair[0]], "why not")
    assert len(library.encounters.join(pair, "the same stop, the camera was off between").members) == 2


def test_what_was_joined_before_goes_on_and_an_emptied_encounter_leads_to_it(new_library: Opened) -> None:
    library = new_library()
    for name in "abcd":
        filmed(library, name)
    get = library.encounters.get
    first = library.encounters.join([get("a.wav"), get("b.wav")])
    second = library.encounters.join([get("c.wav"), get("d.wav")])
    whole = library.encounters.join([get(first.id), get(second.id)])
    assert whole.id == first.id
    assert len(whole.members) == 4
    assert get(second.id) == whole


def test_split_recordings_stay_together_and_are_not_proposed_again(new_library: Opened) -> None:
    library = new_library()
    for name in "abc":
        filmed(library, name)
    get = library.encounters.get
    whole = library.encounters.join([get(f"{name}.wav") for name in "abc"])
    parted = library.encounters.split(whole, ["b.wav", "c.wav"], "another car")
    assert [member.name for member in parted.members] == ["b.wav", "c.wav"]
    assert [member.name for member in get(whole.id).members] == ["a.wav"]
    assert library.encounters.proposals() == []
    detail = detail_of(library.audit_log.newest(1)[0])
    assert isinstance(detail, EncounterSplit)
    assert detail.into == parted.id
    alone = library.encounters.split(parted, ["c.wav"], "a third car")
    assert alone.id == "enc_" + alone.members[0].recording.removeprefix("rec_")
    with pytest.raises(InputError, match="cannot be taken out"):
        library.encounters.split(alone, ["c.wav"], "nothing is left")
    with pytest.raises(NotFound, match=r"no recording of enc_\w+ matches 'a.wav'"):
        library.encounters.split(alone, ["a.wav"], "it is not there")
    assert library.verify(no_progress, note=False).holds


def test_a_declined_proposal_comes_again_for_new_reasons_only(new_library: Opened) -> None:
    library = new_library()
    filmed(library, "a", **TOWN)
    filmed(library, "b")
    get = library.encounters.get
    with pytest.raises(InputError, match="no reason why they are not one"):
        library.encounters.decline(get("a.wav"), get("b.wav"), " ")
    library.encounters.decline(get("a.wav"), get("b.wav"), "two stops of one street")
    assert library.encounters.proposals() == []
    with pytest.raises(InputError, match="it is not proposed"):
        library.encounters.decline(get("a.wav"), get("b.wav"), "again")
    with_sidecar(library, get("b.wav").members[0].recording, {"started_at_utc": stamp(NOON), **TOWN})
    (again,) = library.encounters.proposals()
    assert again.declined_before
    assert JoinReason.PLACES in {reason.kind for reason in again.reasons}


def test_one_that_was_changed_by_another_is_not_joined_over(new_library: Opened) -> None:
    library = new_library()
    for name in "abc":
        filmed(library, name)
    get = library.encounters.get
    ledger = library.encounters._ledger
    seen = {get(f"{name}.wav").id: frozenset({get(f"{name}.wav").members[0].recording}) for name in "ab"}
    library.encounters.join([get("b.wav"), get("c.wav")])
    with pytest.raises(Conflict, match="changed by another person"):
        ledger.join(seen, "why", [])


def test_they_stay_joined_when_the_library_is_opened_again(tmp_path: Path) -> None:
    ana = Actor("os:ana", "desk-1", "cli")
    with open_library(tmp_path / "library", create=True, actor=ana) as library:
        for name in "ab":
            filmed(library, name)
        joined = library.encounters.join(library.encounters.list())
    with open_library(tmp_path / "library", actor=ana) as library:
        assert library.encounters.list() == [joined]


def test_a_row_that_was_changed_by_hand_is_a_fault(new_library: Opened, store: Store, tmp_path: Path) -> None:
    library = new_library()
    for name in "ab":
        filmed(library, name)
    library.encounters.join(library.encounters.list())
    store.tamper(tmp_path / "library", ["UPDATE encounter_placements SET why = 'because'"])
    assert not library.verify(no_progress, note=False).holds
