"""Walls: units, restricted recordings and what was made of them, and nobody who gets around a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import Code, Conflict, Denied, NotFound
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress
from bodyworn.domain.recording import Recording
from bodyworn.domain.restriction import RestrictionCategory
from bodyworn.releases.service import RenderedClip
from tests.access.accounts import person
from tests.domain.test_release import REQUEST
from tests.media_makers import tone, wav_pcm
from tests.stores import Store

MEDICAL, JUVENILE = RestrictionCategory.MEDICAL, RestrictionCategory.JUVENILE


@dataclass
class Agency:
    """A library with people of two units, and two recordings of which each has a release."""

    opened: Library
    administrator: Library
    clerk: Library
    north: Library
    south: Library
    everywhere: Library
    recordings: tuple[Recording, Recording]
    place: Path


@pytest.fixture
def agency(tmp_path: Path, store: Store) -> Iterator[Agency]:
    store.prepare(tmp_path / "library")
    with open_library(tmp_path / "library", create=True) as opened:
        made = [opened.recordings.ingest(wav_pcm(tmp_path / f"{at}.wav", [tone(0.2 + at / 10)])) for at in range(2)]
        for one in made:
            opened.releases.make(one, RenderedClip(tmp_path / "0.wav", b"{}", 0, 100), REQUEST)
        opened.recordings.assign(made[0], "north", "of that district")
        opened.recordings.assign(made[1], "south", "of that district")
        administrator = person(opened, "ana", "administrator")
        clerk = person(administrator, "cy", "records")
        north = person(administrator, "nia", "reviewer", units=("north",))
        south = person(administrator, "sol", "reviewer", units=("south", "east"))
        everywhere = person(administrator, "eva", "reviewer")
        yield Agency(opened, administrator, clerk, north, south, everywhere, (made[0], made[1]), tmp_path)


def seen(library: Library) -> dict[str, set[str]]:
    """The recordings that every list tells of."""
    return {
        "recordings": {one.id for one in library.recordings.list()},
        "encounters": {member.recording for one in library.encounters.list() for member in one.members},
        "sheets": {member.recording for one, _ in library.encounters.every_sheet() for member in one.members},
        "releases": {one.recording_id for one in library.releases.list()},
    }


def test_people_of_a_unit_see_its_recordings_and_what_was_made_of_them_and_no_others(agency: Agency) -> None:
    north, south = (one.id for one in agency.recordings)
    assert all(found == {north} for found in seen(agency.north).values()), seen(agency.north)
    assert all(found == {south} for found in seen(agency.south).values()), seen(agency.south)
    assert all(found == {north, south} for found in seen(agency.everywhere).values())
    with pytest.raises(NotFound):
        agency.north.recordings.get(south)
    with pytest.raises(Denied, match="another unit or restricted"):
        agency.north.recordings.file_of(agency.recordings[1])


def test_a_recording_that_changes_its_unit_changes_who_sees_it_at_once(agency: Agency) -> None:
    agency.clerk.recordings.assign(agency.recordings[0], "south", "was brought to the wrong one")
    assert agency.north.recordings.list() == []
    assert len(agency.south.recordings.list()) == 2


def test_what_a_person_of_one_unit_brings_in_is_of_that_unit(agency: Agency) -> None:
    clerk = person(agency.administrator, "nel", "records", units=("north",))
    brought = clerk.recordings.ingest(wav_pcm(agency.place / "new.wav", [tone(0.7)]))
    assert brought.id in {one.id for one in agency.north.recordings.list()}
    assert brought.id not in {one.id for one in agency.south.recordings.list()}
    loose = agency.clerk.recordings.ingest(wav_pcm(agency.place / "loose.wav", [tone(0.8)]))
    assert loose.id not in {one.id for one in agency.north.recordings.list()}


def test_a_restricted_recording_is_gone_for_all_who_are_not_on_its_list(agency: Agency) -> None:
    shut = agency.recordings[0]
    agency.clerk.restrictions.place(shut, MEDICAL, "in a hospital")
    for library in (agency.north, agency.everywhere):
        assert all(shut.id not in found for found in seen(library).values())
        release = _release_of(agency.clerk, shut)
        attempts: list[Callable[[], object]] = [
            partial(library.recordings.file_of, shut),
            partial(library.findings.document, shut),
            partial(library.redactions.words, shut, no_progress),
            partial(library.releases.get, release),
        ]
        for attempt in attempts:
            with pytest.raises((Denied, NotFound)):
                attempt()
    assert shut.id in seen(agency.clerk)["recordings"]  # who places it is on its list
    denied = [event for event in agency.opened.audit_log.newest(60) if event.tag == Tag.ACCESS_DENIED]
    assert {event.actor for event in denied} >= {"account:nia", "account:eva"}


def _release_of(library: Library, recording: Recording) -> str:
    return next(one.id for one in library.releases.list() if one.recording_id == recording.id)


def test_the_list_opens_it_to_a_person_and_closes_it_again(agency: Agency) -> None:
    shut = agency.recordings[0]
    placed = agency.clerk.restrictions.place(shut, JUVENILE, "a child is seen")
    agency.administrator.restrictions.admit(placed, "nia", "reviews the complaint")
    assert shut.id in seen(agency.north)["releases"]
    agency.administrator.restrictions.admit(placed, "sol", "asked for it")
    assert shut.id not in seen(agency.south)["recordings"]  # units still count
    agency.administrator.restrictions.dismiss(placed, "nia", "the review is done")
    assert shut.id not in seen(agency.north)["releases"]
    with pytest.raises(Conflict):
        agency.administrator.restrictions.lift(placed, MEDICAL, "it is not that")
    agency.administrator.restrictions.lift(placed, JUVENILE, "of age by now")
    assert shut.id in seen(agency.north)["recordings"]


def test_nobody_admits_themselves_and_no_role_stands_above_the_list(agency: Agency) -> None:
    shut = agency.recordings[0]
    placed = agency.north.restrictions.place(shut, RestrictionCategory.INTERNAL_AFFAIRS, "a complaint")
    with pytest.raises(Denied):
        agency.clerk.restrictions.admit(placed, "cy", "I want to see it")
    with pytest.raises(Denied, match="themselves"):
        agency.administrator.restrictions.admit(placed, "ana", "I want to see it")
    auditor = person(agency.administrator, "uma", "auditor")
    assert shut.id not in seen(auditor)["recordings"]
    assert [one.recording for one in auditor.restrictions.list()] == [shut.id]
    with pytest.raises(NotFound):
        agency.administrator.restrictions.admit(placed, "nobody", "typo")


def test_changing_a_list_needs_a_fresh_proof(agency: Agency) -> None:
    placed = agency.clerk.restrictions.place(agency.recordings[0], MEDICAL, "in a hospital")
    without = agency.opened.acting(Actor("account:ana", "desk", "cli"))
    with pytest.raises(Denied) as denied:
        without.restrictions.admit(placed, "nia", "asked")
    assert denied.value.code is Code.PROOF_NEEDED


def test_the_audit_log_vouches_for_units_and_lists(agency: Agency, store: Store) -> None:
    agency.clerk.restrictions.place(agency.recordings[0], MEDICAL, "in a hospital")
    auditor = person(agency.administrator, "uma", "auditor")
    assert auditor.verify(no_progress).holds
    store.tamper(agency.place / "library", [("UPDATE recording_units SET unit = %s", ("north",))])
    assert not auditor.verify(no_progress).holds


def test_naming_what_is_hidden_is_written_down_and_answered_as_if_it_were_not_there(agency: Agency) -> None:
    shut = agency.recordings[0]
    encounter = agency.clerk.encounters.get(shut.id)
    hold = agency.clerk.holds.place(shut.id, "case 7", "court")
    release = _release_of(agency.clerk, shut)
    southern = person(agency.administrator, "rae", "records", units=("south",))
    named: list[tuple[str, Callable[[], object]]] = [
        ("recordings.get", partial(southern.recordings.get, shut.id)),
        ("encounters.get", partial(southern.encounters.get, encounter.id)),
        ("holds.get", partial(southern.holds.get, hold.id)),
        ("releases.get", partial(southern.releases.get, release)),
    ]
    for action, look in named:
        with pytest.raises(NotFound):
            look()
        newest = agency.opened.audit_log.newest(1)[0]
        assert (newest.tag, newest.detail["act"], newest.actor) == (Tag.ACCESS_DENIED, action, "account:rae")


def test_explain_knows_what_a_thing_is_about(agency: Agency) -> None:
    release = _release_of(agency.clerk, agency.recordings[0])
    alone = agency.clerk.encounters.get(agency.recordings[1].id)
    explain = agency.administrator.people.explain
    assert explain("nia", "releases.make", release).allowed
    assert not explain("sol", "releases.make", release).allowed
    assert not explain("nia", "encounters.get", alone.id).allowed
    both = agency.clerk.encounters.join([agency.clerk.encounters.get(one.id) for one in agency.recordings], "one stop")
    assert explain("nia", "encounters.get", both.id).allowed
    agency.clerk.restrictions.place(agency.recordings[0], MEDICAL, "in a hospital")
    assert not explain("nia", "releases.make", release).allowed
