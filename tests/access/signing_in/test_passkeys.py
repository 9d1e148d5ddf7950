"""Passkeys: added with a fresh proof, used once each, and refused where anything about the answer is not as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bodyworn.access.signing_in.challenges import SECONDS, Challenges, Purpose
from bodyworn.access.signing_in.sessions import OpenSession
from bodyworn.access.signing_in.webauthn_answers import PasskeySite
from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.domain.errors import Code, Denied, InputError, NotFound
from bodyworn.domain.event import Event, now
from bodyworn.domain.progress import no_progress
from bodyworn.storage.rows import people as rows
from tests.makers.soft_passkey import PRESENT, SoftPasskey
from tests.web.agency import SITE, Agency

HERE = PasskeySite("bodycam.example", SITE.origin)
BROWSER = "a secret of one browser"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("agency") / "library", create=True, source="web") as library:
        yield library


@pytest.fixture(scope="module")
def agency(library: Library) -> Agency:
    agency = Agency(library)
    for login in ("bo", "cy"):
        agency.add(login, AgencyRole.REVIEWER)
    return agency


@pytest.fixture
def session(agency: Agency) -> OpenSession:
    """Of somebody who proved freshly who they are."""
    token = agency.people["bo"].first.token
    running = agency.library.sign_in.sessions.running(token, "web")
    assert running is not None
    return replace(running, proved_at=now())


@pytest.fixture
def passkey(agency: Agency, session: OpenSession) -> SoftPasskey:
    """One that was added, and no other."""
    services = agency.library.sign_in.passkeys
    for known in services.of(session.account.id):
        services.remove(session, known.id)
    return added(agency, session)


def added(agency: Agency, session: OpenSession) -> SoftPasskey:
    services, made = agency.library.sign_in.passkeys, SoftPasskey(SITE.origin)
    answer = made.made(services.creation(HERE, session.account, BROWSER))
    services.add(session, HERE, BROWSER, answer, "desk key")
    return made


def asked(agency: Agency, purpose: Purpose = Purpose.SIGN_IN, bound: str = BROWSER) -> str:
    return agency.library.sign_in.passkeys.asked(HERE, purpose, bound)


def last_denial(agency: Agency) -> Event:
    return next(event for event in agency.library.audit_log.newest(9) if event.tag == "access.denied")


def test_a_passkey_is_both_factors(agency: Agency, passkey: SoftPasskey) -> None:
    for _ in range(2):
        opened = agency.library.sign_in.passkeys.sign_in(HERE, BROWSER, passkey.signed(asked(agency)), "web")
        running = agency.library.sign_in.sessions.running(opened.token, "web")
        assert running is not None
        assert running.account.login == "bo"
    event = agency.library.audit_log.newest(1)[0]
    assert (event.tag, event.detail["proofs"], event.actor) == ("session.opened", ["passkey"], "account:bo")


def test_it_proves_again_who_the_person_is(agency: Agency, passkey: SoftPasskey, session: OpenSession) -> None:
    services, token = agency.library.sign_in.passkeys, agency.people["bo"].first.token
    agency.proved_long_ago("bo")
    long_ago = agency.library.sign_in.sessions.running(token, "web")
    assert long_ago is not None
    with pytest.raises(Denied) as refused:
        services.require_fresh(long_ago, "passkeys.add")
    assert refused.value.code is Code.PROOF_NEEDED
    services.prove(long_ago, token, HERE, token, passkey.signed(asked(agency, Purpose.PROVE, token)))
    fresh = agency.library.sign_in.sessions.running(token, "web")
    assert fresh is not None
    services.require_fresh(fresh, "passkeys.add")
    cy = agency.library.sign_in.sessions.running(agency.people["cy"].first.token, "web")
    assert cy is not None
    with pytest.raises(Denied):  # a passkey of somebody else proves nothing
        services.prove(cy, "t", HERE, "t", passkey.signed(asked(agency, Purpose.PROVE, "t")))


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"origin": "https://evil.example"}, "did not sign for this place"),
        ({"origin": "http://bodycam.example"}, "did not sign for this place"),
        ({"origin": "https://bodycam.example.evil.example"}, "did not sign for this place"),
        ({"site": "evil.example"}, "did not sign for this place"),
        ({"type": "webauthn.create"}, "did not sign for this place"),
        ({"user": "c29tZWJvZHkgZWxzZQ"}, "did not sign for this place"),
        ({"challenge": "bWFkZSB1cA"}, "old, used or not of this place"),
    ],
)
def test_an_answer_that_is_not_for_this_place_is_refused_and_recorded(
    agency: Agency, passkey: SoftPasskey, lie: dict[str, str], why: str
) -> None:
    with pytest.raises(Denied, match="is not right"):
        agency.library.sign_in.passkeys.sign_in(HERE, BROWSER, passkey.signed(asked(agency), **lie), "web")
    tallied = "challenge" in lie  # those name no account: the first of a minute is written, and counted later
    assert tallied or why in str(last_denial(agency).detail["why"])
    agency.library.sign_in.passkeys.sign_in(HERE, BROWSER, passkey.signed(asked(agency)), "web")


def test_the_device_has_to_check_the_person(agency: Agency, passkey: SoftPasskey, session: OpenSession) -> None:
    services, careless = agency.library.sign_in.passkeys, SoftPasskey(SITE.origin, flags=PRESENT)
    passkey.flags = PRESENT
    with pytest.raises(Denied):
        services.sign_in(HERE, BROWSER, passkey.signed(asked(agency)), "web")
    with pytest.raises(InputError):
        services.add(session, HERE, BROWSER, careless.made(services.creation(HERE, session.account, BROWSER)), "key")


def test_an_answer_counts_once(agency: Agency, passkey: SoftPasskey) -> None:
    services, answer = agency.library.sign_in.passkeys, passkey.signed(asked(agency))
    services.sign_in(HERE, BROWSER, answer, "web")
    for bound in (BROWSER, "another browser"):
        with pytest.raises(Denied):
            services.sign_in(HERE, bound, answer, "web")


def test_an_answer_counts_for_what_was_asked_and_in_that_browser(agency: Agency, passkey: SoftPasskey) -> None:
    services = agency.library.sign_in.passkeys
    for purpose, bound in ((Purpose.PROVE, BROWSER), (Purpose.ADD, BROWSER), (Purpose.SIGN_IN, "another browser")):
        with pytest.raises(Denied):
            services.sign_in(HERE, BROWSER, passkey.signed(asked(agency, purpose, bound)), "web")


@pytest.mark.parametrize("behind", [0, 5])
def test_a_copy_of_a_passkey_is_refused_recorded_and_disables_it(
    agency: Agency, passkey: SoftPasskey, behind: int
) -> None:
    services = agency.library.sign_in.passkeys
    passkey.count = 10
    services.sign_in(HERE, BROWSER, passkey.signed(asked(agency)), "web")
    copy = replace(passkey, count=10 - behind)
    with pytest.raises(Denied, match="there is a copy of it"):
        services.sign_in(HERE, BROWSER, copy.signed(asked(agency)), "web")
    assert "it was copied" in str(last_denial(agency).detail["why"])
    assert last_denial(agency).object == "account:bo"
    assert services.of("account:bo") == []
    passkey.count = 50
    with pytest.raises(Denied, match="is not right"):  # neither of them opens anything now
        services.sign_in(HERE, BROWSER, passkey.signed(asked(agency)), "web")


def test_a_device_that_never_counts_is_no_copy(agency: Agency, session: OpenSession) -> None:
    services, made = agency.library.sign_in.passkeys, SoftPasskey(SITE.origin, count=0)
    services.add(session, HERE, BROWSER, made.made(services.creation(HERE, session.account, BROWSER)), "phone")
    for _ in range(2):
        made.count = 0
        services.sign_in(HERE, BROWSER, made.signed(asked(agency)), "web")


def test_a_removed_passkey_opens_nothing_even_if_its_row_is_put_back(
    agency: Agency, passkey: SoftPasskey, session: OpenSession
) -> None:
    services, library = agency.library.sign_in.passkeys, agency.library
    (known,) = services.of(session.account.id)
    with library.database.read() as transaction:
        (row,) = [one for one in rows.credentials_of(transaction, session.account.id) if one["id"] == known.id]
    services.remove(session, known.id)
    with library.database.write() as transaction:
        rows.add_credential(transaction, row)
    with pytest.raises(Denied):
        services.sign_in(HERE, BROWSER, passkey.signed(asked(agency)), "web")
    with library.database.write() as transaction:
        rows.remove_credential(transaction, known.id)
    assert agency.administrator().verify(no_progress).holds


def test_a_passkey_whose_key_was_changed_by_hand_opens_nothing(agency: Agency, passkey: SoftPasskey) -> None:
    services, other = agency.library.sign_in.passkeys, SoftPasskey(SITE.origin)
    (known,) = services.of("account:bo")
    with agency.library.database.write() as transaction:
        (row,) = [one for one in rows.credentials_of(transaction, "account:bo") if one["id"] == known.id]
        rows.replace_secret(transaction, known.id, row["secret"].replace("desk key", "my key"))
    with pytest.raises(Denied):
        services.sign_in(HERE, BROWSER, passkey.signed(asked(agency)), "web")
    assert services.of("account:bo") == []
    assert other.count == 1


def test_adding_and_removing_needs_a_fresh_proof(agency: Agency, passkey: SoftPasskey, session: OpenSession) -> None:
    services, stale = agency.library.sign_in.passkeys, replace(session, proved_at=now() - timedelta(minutes=11))
    (known,) = services.of(session.account.id)
    answer = SoftPasskey(SITE.origin).made(services.creation(HERE, session.account, BROWSER))
    acts: list[Callable[[], None]] = [
        lambda: services.add(stale, HERE, BROWSER, answer, "key"),
        lambda: services.remove(stale, known.id),
    ]
    for act in acts:
        with pytest.raises(Denied) as refused:
            act()
        assert refused.value.code is Code.PROOF_NEEDED
    assert len(services.of(session.account.id)) == 1
    assert passkey.user


def test_nobody_removes_or_takes_over_a_passkey_of_somebody_else(
    agency: Agency, passkey: SoftPasskey, session: OpenSession
) -> None:
    services = agency.library.sign_in.passkeys
    running = agency.library.sign_in.sessions.running(agency.people["cy"].first.token, "web")
    assert running is not None
    cy = replace(running, proved_at=now())
    (known,) = services.of(session.account.id)
    with pytest.raises(NotFound):
        services.remove(cy, known.id)
    same = replace(passkey, user="")
    with pytest.raises(InputError, match="known already"):
        services.add(cy, HERE, BROWSER, same.made(services.creation(HERE, cy.account, BROWSER)), "mine now")


@pytest.mark.parametrize("lie", [{"origin": "https://evil.example"}, {"site": "evil.example"}, {"challenge": "eA"}])
def test_a_passkey_made_for_another_place_is_not_kept(
    agency: Agency, session: OpenSession, lie: dict[str, str]
) -> None:
    services, made = agency.library.sign_in.passkeys, SoftPasskey(SITE.origin)
    answer = made.made(services.creation(HERE, session.account, BROWSER), **lie)
    with pytest.raises(InputError, match="could not be made"):
        services.add(session, HERE, BROWSER, answer, "key")


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", '{"response": 1}', '{"response": {"clientDataJSON": "e30"}}']
)
def test_what_is_no_answer_is_refused(agency: Agency, session: OpenSession, answer: str) -> None:
    services = agency.library.sign_in.passkeys
    with pytest.raises(Denied):
        services.sign_in(HERE, BROWSER, answer, "web")
    with pytest.raises(InputError):
        services.add(session, HERE, BROWSER, answer, "key")


def test_a_disabled_person_has_no_passkey_that_opens(agency: Agency) -> None:
    agency.add("fay", AgencyRole.REVIEWER)
    running = agency.library.sign_in.sessions.running(agency.people["fay"].first.token, "web")
    assert running is not None
    made = added(agency, replace(running, proved_at=now()))
    people = agency.administrator().people
    people.disable(people.get("fay"), "left")
    with pytest.raises(Denied, match="is not right"):
        agency.library.sign_in.passkeys.sign_in(HERE, BROWSER, made.signed(asked(agency)), "web")


def test_a_challenge_counts_for_a_while() -> None:
    seconds = [1000.0]
    challenges = Challenges(clock=lambda: seconds[0])
    first, second = (challenges.new(Purpose.SIGN_IN, BROWSER) for _ in range(2))
    assert first != second
    seconds[0] += SECONDS - 1
    assert challenges.take(Purpose.SIGN_IN, BROWSER, first)
    assert not challenges.take(Purpose.SIGN_IN, BROWSER, first)
    seconds[0] += 1
    assert not challenges.take(Purpose.SIGN_IN, BROWSER, second)
    assert not Challenges().take(Purpose.SIGN_IN, BROWSER, challenges.new(Purpose.SIGN_IN, BROWSER))
    assert not challenges.take(Purpose.SIGN_IN, BROWSER, b"")
