"""Signing in: set up by invitation, password and second factor, and everything that must not let anybody in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest

from bodyworn.access.signing_in.opening import MOST_FAILURES
from bodyworn.access.signing_in.service import SignIn
from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.domain.errors import CustodyError, Denied, InputError
from bodyworn.domain.event import Tag
from tests.access.accounts import PASSWORD, Clock, Human, sign_in_at
from tests.stores import Store

ADMINISTRATOR = frozenset({AgencyRole.ADMINISTRATOR})


@dataclass
class House:
    """A library with one administrator who was invited, and a clock."""

    library: Library
    sign_in: SignIn
    clock: Clock
    invitation: str
    ana: Human

    def set_up(self) -> str:
        """The token of the session that setting up the account opened."""
        return self.ana.set_up(self.sign_in, self.invitation, self.clock).token

    def denials(self) -> list[str]:
        """What was written of attempts that were turned away, newest first."""
        newest = self.library.audit_log.newest(20)
        return [str(event.detail["why"]) for event in newest if event.tag == Tag.ACCESS_DENIED]


@pytest.fixture
def house(tmp_path: Path, store: Store) -> Iterator[House]:
    store.prepare(tmp_path / "library")
    with open_library(tmp_path / "library", create=True) as library:
        clock = Clock()
        invitation = library.people.add("ana", "Ana Lee", ADMINISTRATOR, ["*"]).code
        yield House(library, sign_in_at(library, clock), clock, invitation, Human("ana"))


def test_an_account_is_set_up_by_its_invitation_and_opened_by_password_and_code(house: House) -> None:
    house.set_up()
    signed_in = house.ana.signs_in(house.sign_in, house.clock)
    running = house.sign_in.sessions.running(signed_in.token, "cli")
    assert running is not None
    assert running.account.id == "account:ana"
    opened = [event for event in house.library.audit_log.newest(5) if event.tag == Tag.SESSION_OPENED]
    assert (opened[0].actor, opened[0].session) == ("account:ana", running.id)
    assert opened[0].detail["proofs"] == ["password", "totp"]


def test_an_invitation_works_once_in_time_and_only_as_the_newest(house: House) -> None:
    newer = house.library.people.invite
    house.set_up()
    with pytest.raises(Denied):
        Human("ana").set_up(house.sign_in, house.invitation, house.clock)
    with pytest.raises(Denied):
        newer(house.library.people.get("ana"))


def test_an_invitation_ends_after_three_days_and_by_a_newer_one(house: House) -> None:
    newer = house.library.people.invite(house.library.people.get("ana")).code
    with pytest.raises(Denied):
        house.ana.set_up(house.sign_in, house.invitation, house.clock)
    house.clock.on(hours=73)
    with pytest.raises(Denied):
        house.ana.set_up(house.sign_in, newer, house.clock)
    assert house.denials()[0] == "wrong, old or used invitation"


@pytest.mark.parametrize(
    ("password", "why"),
    [("kurz", "characters"), ("password12345", "weak"), ("ana lee 2026", "weak"), ("sheriffsheriff", "weak")],
)
def test_a_password_that_is_easily_guessed_is_refused_with_the_reason(house: House, password: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        house.sign_in.enroll("ana", house.invitation, password)


def test_a_password_on_the_agencys_own_list_is_refused(house: House, tmp_path: Path) -> None:
    listed = tmp_path / "bad.txt"
    listed.write_text(f"{PASSWORD.upper()}\n")
    house.sign_in.known_bad = listed
    with pytest.raises(InputError, match="list"):
        house.sign_in.enroll("ana", house.invitation, PASSWORD)


def test_whatever_is_wrong_the_answer_is_the_same_and_an_event_says_what(house: House) -> None:
    house.set_up()
    wrong = [
        ("ana", "not the password", house.ana.code(house.clock)),
        ("ana", PASSWORD, "000000"),
        ("nobody", PASSWORD, "000000"),
        ("Not A Name!", PASSWORD, "000000"),
    ]
    told = set()
    for login, password, code in wrong:
        with pytest.raises(Denied) as denied:
            house.sign_in.sign_in(login, password, code, "cli")
        told.add(str(denied.value))
    assert len(told) == 1
    assert set(house.denials()) == {"wrong name or password", "wrong, old or used one-time code"}


def test_a_one_time_code_works_once_and_only_in_its_time(house: House) -> None:
    house.set_up()
    code = house.ana.code(house.clock)
    house.sign_in.sign_in("ana", PASSWORD, code, "cli")
    with pytest.raises(Denied):
        house.sign_in.sign_in("ana", PASSWORD, code, "cli")
    later = pyotp.TOTP(house.ana.secret).at(house.clock())
    house.clock.on(minutes=3)
    with pytest.raises(Denied):
        house.sign_in.sign_in("ana", PASSWORD, later, "cli")
    ahead = pyotp.TOTP(house.ana.secret).at(house.clock(), counter_offset=1)
    house.sign_in.sign_in("ana", PASSWORD, ahead, "cli")
    with pytest.raises(Denied):  # an older code than one that was used is used up with it
        house.sign_in.sign_in("ana", PASSWORD, pyotp.TOTP(house.ana.secret).at(house.clock()), "cli")


def test_a_printed_recovery_code_stands_in_for_the_telephone_once(house: House) -> None:
    house.set_up()
    code = house.ana.recovery_codes[3].upper().replace("-", " ")
    house.sign_in.sign_in("ana", PASSWORD, code, "cli")
    with pytest.raises(Denied):
        house.sign_in.sign_in("ana", PASSWORD, code, "cli")


def test_five_failures_lock_the_name_for_a_quarter_of_an_hour_also_for_the_right_password(house: House) -> None:
    house.set_up()
    for _ in range(MOST_FAILURES):
        with pytest.raises(Denied, match="not right"):
            house.sign_in.sign_in("ana", "wrong", "000000", "cli")
    rows = len(house.library.audit_log.newest(100))
    for _ in range(4):
        with pytest.raises(Denied, match="too many"):
            house.ana.signs_in(house.sign_in, Clock(house.clock()))
    assert len(house.library.audit_log.newest(100)) == rows + 1  # a flood is told once
    house.clock.on(minutes=16)
    house.ana.signs_in(house.sign_in, house.clock)


def test_sessions_end_when_idle_at_the_latest_by_sign_out_and_by_a_clock_that_was_set_back(house: House) -> None:
    token = house.set_up()
    running = house.sign_in.sessions.running
    house.clock.on(minutes=29)
    assert running(token, "cli")
    assert running(token, "web") is None  # the token of one way is none of the other
    house.clock.on(minutes=29)
    assert running(token, "cli")
    house.clock.on(minutes=31)
    assert running(token, "cli") is None

    token = house.ana.signs_in(house.sign_in, house.clock).token
    for _ in range(25):
        house.clock.on(minutes=29)
        running(token, "cli")
    assert running(token, "cli") is None

    token = house.ana.signs_in(house.sign_in, house.clock).token
    house.sign_in.sign_out(token, "cli")
    assert running(token, "cli") is None

    token = house.ana.signs_in(house.sign_in, house.clock).token
    house.clock.on(hours=-1)
    assert running(token, "cli") is None


def test_whoever_reads_the_tables_has_no_token_and_no_code(house: House, store: Store, tmp_path: Path) -> None:
    token = house.set_up()
    kept = " ".join(
        str(row)
        for table in ("sessions", "credentials", "account_steps")
        for row in store.rows(
            tmp_path / "library",
            f"SELECT * FROM {table}",
        )
    )
    secrets = (token, house.ana.secret, PASSWORD, house.invitation, *house.ana.recovery_codes)
    assert not [secret for secret in secrets if secret in kept or secret.replace("-", "") in kept]


def test_a_password_or_factor_put_there_by_hand_proves_nothing(house: House, store: Store, tmp_path: Path) -> None:
    house.set_up()
    folder = tmp_path / "library"
    from bodyworn.access.signing_in.passwords import hashed

    own = hashed("a password of the intruder")
    store.tamper(folder, [("UPDATE credentials SET secret = %s WHERE kind = 'password'", (own,))])
    with pytest.raises(Denied):
        house.sign_in.sign_in("ana", "a password of the intruder", house.ana.code(house.clock), "cli")


def test_an_account_that_was_disabled_or_not_used_for_90_days_is_closed(house: House) -> None:
    house.set_up()
    house.clock.on(days=91)
    with pytest.raises(Denied):
        house.ana.signs_in(house.sign_in, house.clock)
    assert house.denials()[0] == "the account was not used for 90 days and is disabled"


def test_without_the_key_of_second_factors_nobody_gets_in_and_it_is_said(house: House) -> None:
    house.set_up()
    house.sign_in.box.key_file.write_text("AAAA" * 11)
    with pytest.raises(CustodyError, match="second factor"):
        house.ana.signs_in(house.sign_in, house.clock)
