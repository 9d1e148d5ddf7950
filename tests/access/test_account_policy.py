"""The authorization matrix: each action, for each role, to an own, a foreign and a restricted object.

What is expected is written down here action by action, apart from the table in ``domain/agency_role.py``.
"""

from __future__ import annotations

from itertools import product

import pytest
from sqlalchemy import Column, MetaData, String, Table, create_engine, insert, select

from bodyworn.access.account_policy import AccountPolicy
from bodyworn.domain.account import EVERY_UNIT, Account, Duty
from bodyworn.domain.action import ACTIONS
from bodyworn.domain.actor import Actor
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.domain.visibility import Thing
from bodyworn.storage.rows.visibility import clause

#: Letters: R reviewer, C records, A approver, T training, W wellness, U auditor, M administrator.
LETTERS = dict(zip("RCATWUM", AgencyRole, strict=True))
EXPECTED = {
    "library.verify": "UM",
    "library.rotate_key": "M",
    "library.move": "M",
    "library.back_up": "M",
    "library.drill": "M",
    "recordings.assign": "C",
    "restrictions.place": "RCM",
    "restrictions.lift": "M",
    "restrictions.admit": "M",
    "restrictions.dismiss": "M",
    "restrictions.list": "CUM",
    "restrictions.get": "CUM",
    "people.list": "UM",
    "people.get": "UM",
    "people.add": "M",
    "people.change": "M",
    "people.disable": "M",
    "people.enable": "M",
    "people.invite": "M",
    "people.propose_recovery": "M",
    "people.approve_recovery": "M",
    "people.link": "M",
    "people.unlink": "M",
    "people.explain": "UM",
    "audit_trail.newest": "U",
    "audit_trail.about": "U",
    "recordings.ingest": "C",
    "recordings.list": "RCATWU",
    "recordings.get": "RCATWU",
    "recordings.file_of": "RCATU",
    "recordings.verify": "CU",
    "recordings.check": "RCATU",
    "recordings.tombstones": "RCATWU",
    "encounters.list": "RCATWU",
    "encounters.get": "RCATWU",
    "encounters.facts": "RCATWU",
    "encounters.every_sheet": "RCATWU",
    "encounters.proposals": "RCATWU",
    "encounters.join": "RC",
    "encounters.decline": "RC",
    "encounters.split": "RC",
    "encounters.edit": "RC",
    "encounters.sync": "RC",
    "encounters.compare_sound": "RC",
    "encounters.import_records": "C",
    "findings.run": "RC",
    "findings.check_choices": "RCU",
    "findings.correct_role": "RC",
    "findings.merge_speakers": "RC",
    "findings.plan": "RCATWU",
    "findings.artifact": "RCATU",
    "findings.snapshot": "RCATWU",
    "findings.analysis": "RCATWU",
    "findings.document": "RCATWU",
    "findings.joined_transcript": "RCATWU",
    "findings.joined_findings": "RCATWU",
    "redactions.plan": "RC",
    "redactions.import_plan": "RC",
    "redactions.edit": "RC",
    "redactions.preview": "RCAU",
    "redactions.render": "RC",
    "redactions.rendered": "RCAU",
    "redactions.check": "RC",
    "redactions.export": "RC",
    "redactions.hear": "RC",
    "redactions.words": "RCAU",
    "redactions.list": "RCAU",
    "redactions.get": "RCAU",
    "redactions.newest_of": "RCAU",
    "redactions.plan_of": "RCAU",
    "redactions.view": "RCAU",
    "releases.make": "RC",
    "releases.review_leaks": "RCA",
    "releases.approve": "A",
    "releases.publish": "C",
    "releases.withdraw": "CA",
    "releases.list": "RCAU",
    "releases.get": "RCAU",
    "releases.open_contents": "RCAU",
    "releases.opened_by": "RCAU",
    "releases.contents_of": "RCAU",
    "releases.clip_of": "RCAU",
    "releases.plan_of": "RCAU",
    "retention.plan": "CAU",
    "holds.place": "C",
    "holds.release": "C",
    "holds.list": "CAU",
    "holds.get": "CAU",
    "disposals.propose": "C",
    "disposals.approve": "CA",
    "disposals.withdraw": "CA",
    "disposals.carry_out": "C",
    "disposals.list": "CAU",
    "disposals.get": "CAU",
    "disposals.tombstones_of": "CAU",
    "disposals.certificate": "CAU",
}
SHUT, OPEN = "rec_shut", "rec_open"
#: Objects by what they are to the person: unit, recording.
OBJECTS = {"own": ("north", OPEN), "foreign": ("south", OPEN), "restricted": ("north", SHUT)}


def policy_of(role: AgencyRole, *, disabled: bool = False, listed: bool = False) -> AccountPolicy:
    account = Account("ana", frozenset({role}), frozenset({"north"}), disabled)
    return AccountPolicy({"ana": account}, {SHUT: frozenset({"ana"} if listed else ())})


def actor(name: str = "ana", stated: str = "") -> Actor:
    return Actor(name, "desk-1", "cli", stated_name=stated)


def thing(action: str, where: str) -> Thing:
    unit, recording = OBJECTS[where]
    return Thing(ACTIONS[action].noun, recording, {"unit": unit, "recording_id": recording})


def test_the_expected_table_names_every_action() -> None:
    assert EXPECTED.keys() == ACTIONS.keys()


@pytest.mark.parametrize("letter", LETTERS)
def test_every_action_by_every_role_to_every_object_is_as_expected(letter: str) -> None:
    policy = policy_of(LETTERS[letter])
    for action, where in product(EXPECTED, OBJECTS):
        of_no_unit = action.startswith(("library.", "audit_trail.", "people.", "restrictions."))
        expected = letter in EXPECTED[action] and (where == "own" or of_no_unit)
        decision = policy.may(actor(), ACTIONS[action], thing(action, where))
        assert decision.allowed == expected, (letter, action, where)
        assert decision.because
        assert policy.visible(actor(), ACTIONS[action]).matches(thing(action, where)) == expected


@pytest.mark.parametrize("letter", LETTERS)
def test_nobody_acts_without_an_account_with_a_disabled_one_or_under_another_name(letter: str) -> None:
    role = LETTERS[letter]
    for action in ACTIONS.values():
        whole = Thing(action.noun)
        assert not policy_of(role).may(actor("bo"), action, whole).allowed
        assert not policy_of(role).may(actor("ANA"), action, whole).allowed
        assert not policy_of(role, disabled=True).may(actor(), action, whole).allowed
        assert not policy_of(role).may(actor(stated="Ben"), action, whole).allowed


def test_whoever_has_the_duty_of_discipline_has_nothing_by_the_role_of_wellness() -> None:
    both = frozenset({AgencyRole.WELLNESS, AgencyRole.REVIEWER})
    account = Account("ana", both, frozenset({EVERY_UNIT}), duties=frozenset({Duty.DISCIPLINE}))
    alone = Account("bo", frozenset({AgencyRole.WELLNESS}), frozenset({EVERY_UNIT}), duties=account.duties)
    policy = AccountPolicy({"ana": account, "bo": alone})
    assert policy.may(actor(), ACTIONS["recordings.list"], Thing("recordings")).because.endswith(
        "has the role reviewer, which allows recordings.list"
    )
    assert not policy.may(actor("bo"), ACTIONS["recordings.list"], Thing("recordings")).allowed


def test_the_list_of_people_opens_a_restricted_recording_but_gives_no_role() -> None:
    policy = policy_of(AgencyRole.REVIEWER, listed=True)
    assert policy.may(actor(), ACTIONS["recordings.file_of"], thing("recordings.file_of", "restricted")).allowed
    assert not policy.may(actor(), ACTIONS["releases.approve"], thing("releases.approve", "restricted")).allowed


def test_a_person_without_a_unit_sees_nothing_and_one_of_every_unit_sees_each() -> None:
    action = ACTIONS["recordings.get"]
    for units, expected in ((frozenset[str](), False), (frozenset({EVERY_UNIT}), True)):
        policy = AccountPolicy({"ana": Account("ana", frozenset({AgencyRole.AUDITOR}), units)})
        assert policy.may(actor(), action, thing("recordings.get", "foreign")).allowed == expected


def test_a_release_of_a_restricted_recording_cannot_be_made_although_it_has_no_id_yet() -> None:
    new = Thing("releases", attributes={"unit": "north", "recording_id": SHUT})
    assert not policy_of(AgencyRole.RECORDS).may(actor(), ACTIONS["releases.make"], new).allowed
    assert policy_of(AgencyRole.RECORDS, listed=True).may(actor(), ACTIONS["releases.make"], new).allowed


def test_a_list_is_filtered_in_sql_as_in_the_check() -> None:
    rows = Table("rows", MetaData(), *(Column(name, String) for name in ("id", "unit", "recording_id")))
    engine = create_engine("sqlite://")
    visible = policy_of(AgencyRole.RECORDS).visible(actor(), ACTIONS["releases.list"])
    with engine.begin() as connection:
        rows.create(connection)
        for name, (unit, recording) in OBJECTS.items():
            connection.execute(insert(rows).values(id=name, unit=unit, recording_id=recording))
        connection.execute(insert(rows).values(id="unknown unit", recording_id=OPEN))
        columns = {name: rows.c[name] for name in ("id", "unit", "recording_id")}
        assert list(connection.scalars(select(rows.c.id).where(clause(visible, columns)))) == ["own"]


def test_a_decision_says_why() -> None:
    approve = ACTIONS["releases.approve"]
    own = thing("releases.approve", "own")
    because = policy_of(AgencyRole.APPROVER).may(actor(), approve, own).because
    assert because == "ana has the role approver, which allows releases.approve"
    assert policy_of(AgencyRole.AUDITOR).may(actor(), approve, own).because == "no role of ana allows releases.approve"
