"""People of a library: added by administrators, changed at once, recovered by two, and nobody acts as another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.account import duties_of, roles_of
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import Code, Conflict, Denied, InputError, NotFound
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress
from tests.access.accounts import Human, just_now, person
from tests.media_makers import tone, wav_pcm
from tests.stores import Store


@pytest.fixture
def library(tmp_path: Path, store: Store) -> Iterator[Library]:
    """A library without accounts and with one recording."""
    store.prepare(tmp_path / "library")
    with open_library(tmp_path / "library", create=True) as opened:
        opened.recordings.ingest(wav_pcm(tmp_path / "a.wav", [tone(0.2)]))
        yield opened


def test_a_library_without_accounts_is_the_one_persons_and_with_the_first_it_is_nobody_elses(library: Library) -> None:
    assert library.recordings.list()
    with pytest.raises(InputError, match="administrator"):
        library.people.add("bo", "Bo", roles_of(["reviewer"]), ["*"])
    ana = person(library, "ana", "administrator")
    assert [one.id for one in ana.people.list()] == ["account:ana"]
    with pytest.raises(Denied) as denied:
        library.recordings.list()
    assert denied.value.code is Code.SIGN_IN_NEEDED
    with pytest.raises(Denied, match="no role"):
        ana.recordings.list()  # an administrator sees no footage


def test_what_an_account_says_counts_at_once_in_sessions_that_run(library: Library) -> None:
    ana = person(library, "ana", "administrator")
    bo = person(ana, "bo", "reviewer")
    assert bo.recordings.list()
    ana.people.change(ana.people.get("bo"), "moved to training", roles=roles_of(["wellness"]))
    with pytest.raises(Denied):
        bo.recordings.file_of(bo.recordings.list()[0])
    ana.people.disable(ana.people.get("bo"), "left the agency")
    with pytest.raises(Denied, match="disabled"):
        bo.recordings.list()
    back = ana.people.enable(ana.people.get("bo"), "came back")
    assert not back.disabled
    assert bo.recordings.list()


def test_a_person_of_a_unit_without_recordings_sees_none(library: Library) -> None:
    ana = person(library, "ana", "administrator")
    bo = person(ana, "bo", "reviewer", units=("north",))
    assert bo.recordings.list() == []


def test_nobody_states_a_name_beside_an_account_or_acts_as_another(library: Library) -> None:
    ana = person(library, "ana", "administrator")
    bo = person(ana, "bo", "reviewer")
    posing = library.acting(Actor("account:bo", "desk", "cli", session=bo.access.actor.session, stated_name="Ana"))
    with pytest.raises(Denied, match="somebody else"):
        posing.recordings.list()
    for stranger in ("os:root", "account:nobody", "ana", "Ana"):
        with pytest.raises(Denied):
            library.acting(Actor(stranger, "desk", "cli")).recordings.list()


def test_what_changes_people_needs_a_fresh_proof_of_ones_own_session(library: Library) -> None:
    ana = person(library, "ana", "administrator")
    bo = person(ana, "bo", "administrator")
    without = library.acting(Actor("account:ana", "desk", "cli"))
    borrowed = library.acting(Actor("account:ana", "desk", "cli", session=bo.access.actor.session))
    for one in (without, borrowed):
        with pytest.raises(Denied) as denied:
            one.people.add("cy", "Cy", roles_of(["reviewer"]), ["*"])
        assert denied.value.code is Code.PROOF_NEEDED
    assert ana.people.add("cy", "Cy", roles_of(["reviewer"]), ["*"]).account == "account:cy"


def test_the_last_administrator_stays(library: Library) -> None:
    ana = person(library, "ana", "administrator")
    with pytest.raises(InputError, match="last administrator"):
        ana.people.disable(ana.people.get("ana"), "tired")
    with pytest.raises(InputError, match="last administrator"):
        ana.people.change(ana.people.get("ana"), "tired", roles=roles_of(["auditor"]))
    person(ana, "bo", "administrator")
    assert ana.people.disable(ana.people.get("ana"), "tired").disabled


def test_wellness_and_discipline_are_never_one_persons(library: Library) -> None:
    ana = person(library, "ana", "administrator")
    with pytest.raises(InputError, match="discipline"):
        ana.people.add("bo", "Bo", roles_of(["wellness"]), ["*"], duties_of(["discipline"]))
    ana.people.add("bo", "Bo", roles_of(["wellness"]), ["*"])
    with pytest.raises(InputError, match="discipline"):
        ana.people.change(ana.people.get("bo"), "new task", duties=duties_of(["discipline"]))


def test_an_account_is_never_made_twice_and_a_change_never_overwrites_another(library: Library) -> None:
    ana = person(library, "ana", "administrator")
    with pytest.raises(Conflict):
        ana.people.add("ana", "Ana again", roles_of(["reviewer"]), ["*"])
    before = ana.people.get("ana")
    ana.people.change(before, "one", units=["north"])
    with pytest.raises(Conflict, match="somebody else"):
        ana.people.change(before, "two", units=["south"])
    with pytest.raises(NotFound):
        ana.people.get("nobody")


def test_a_recovery_takes_two_administrators_and_neither_is_the_person(library: Library) -> None:
    ana = person(library, "ana", "administrator")
    bo = person(ana, "bo", "administrator")
    cy = person(ana, "cy", "reviewer")
    target = ana.people.get("cy")
    with pytest.raises(Conflict, match="proposed"):
        ana.people.approve_recovery(target)
    ana.people.propose_recovery(target, "lost the telephone")
    with pytest.raises(Denied, match="second administrator"):
        ana.people.approve_recovery(target)
    with pytest.raises(Denied, match="own account"):
        bo.people.propose_recovery(bo.people.get("bo"), "lost it")
    assert cy.recordings.list()
    invitation = bo.people.approve_recovery(target)
    assert library.sign_in.sessions.running("anything", "cli") is None
    again = Human("cy").set_up(library.sign_in, invitation.code, just_now())
    assert library.signed_in(again.token, "cli").recordings.list()
    with pytest.raises(Conflict):  # it is used up
        bo.people.approve_recovery(target)
    written = [event.detail for event in library.audit_log.newest(60) if event.tag == Tag.ACCOUNT_CHANGED]
    acts = [detail["act"] for detail in written]
    assert {"propose_recovery", "approve_recovery"} <= set(acts)


def test_a_recovery_ends_what_proved_the_person_before(library: Library) -> None:
    ana = person(library, "ana", "administrator")
    bo = person(ana, "bo", "administrator")
    clock, cy = just_now(), Human("cy")
    invitation = ana.people.add("cy", "Cy", roles_of(["reviewer"]), ["*"])
    token = cy.set_up(library.sign_in, invitation.code, clock).token
    ana.people.propose_recovery(ana.people.get("cy"), "stolen telephone")
    bo.people.approve_recovery(bo.people.get("cy"))
    assert library.sign_in.sessions.running(token, "cli") is None
    with pytest.raises(Denied):
        cy.signs_in(library.sign_in, clock)


def test_explain_says_why(library: Library) -> None:
    ana = person(library, "ana", "administrator")
    person(ana, "bo", "reviewer", "approver", units=("north",))
    yes = ana.people.explain("bo", "releases.approve")
    assert (yes.allowed, yes.needs_proof) == (True, True)
    assert "approver" in yes.because
    no = ana.people.explain("bo", "disposals.carry_out")
    assert (no.allowed, no.because) == (False, "no role of account:bo allows disposals.carry_out")
    with pytest.raises(InputError, match="no action"):
        ana.people.explain("bo", "releases.burn")
    with pytest.raises(NotFound):
        ana.people.explain("bo", "releases.approve", "rel_nothing")


def test_rows_that_were_removed_do_not_open_the_library_to_whoever_is_at_the_machine(
    library: Library, store: Store, tmp_path: Path
) -> None:
    person(library, "ana", "administrator")
    tables = ("sessions", "credentials", "account_steps", "accounts")
    store.tamper(tmp_path / "library", [f"DELETE FROM {table}" for table in tables])
    with pytest.raises(Denied, match="gone"):
        library.recordings.list()


def test_the_audit_log_vouches_for_people_and_their_roles(library: Library, store: Store, tmp_path: Path) -> None:
    ana = person(library, "ana", "administrator")
    person(ana, "bo", "reviewer")
    auditor = person(ana, "uma", "auditor")
    assert auditor.verify(no_progress).holds
    forged = ('{"values": ["administrator"]}', "account:bo", "roles")
    store.tamper(
        tmp_path / "library", [("UPDATE account_steps SET detail = %s WHERE account_id = %s AND act = %s", forged)]
    )
    assert not auditor.verify(no_progress).holds


def test_a_first_invitation_that_was_lost_can_be_given_again_until_somebody_set_up_an_account(
    library: Library, store: Store, tmp_path: Path
) -> None:
    lost = library.people.add("ana", "Ana", roles_of(["administrator"]), ["*"])
    with pytest.raises(Denied):
        library.recordings.list()
    with pytest.raises(Denied):
        library.people.add("bo", "Bo", roles_of(["administrator"]), ["*"])
    again = library.people.invite(library.people.get("ana"))
    with pytest.raises(Denied):
        Human("ana").set_up(library.sign_in, lost.code, just_now())
    Human("ana").set_up(library.sign_in, again.code, just_now())
    store.tamper(tmp_path / "library", ["DELETE FROM credentials"])
    with pytest.raises(Denied, match="no account"):
        library.people.invite(library.people.get("ana"))
