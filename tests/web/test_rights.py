"""Every page acts as who is signed in: what roles allow, and what becomes of a session when they change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.findings import plan
from tests.media_makers import tone, wav_pcm
from tests.web.agency import PASSWORD, SESSION, Agency, sent, sign_in
from tests.web.test_real_library import STAGES

ROLES = {
    "bo": AgencyRole.REVIEWER,
    "rex": AgencyRole.RECORDS,
    "tia": AgencyRole.TRAINING,
    "wes": AgencyRole.WELLNESS,
    "udo": AgencyRole.AUDITOR,
}
#: Who gets which page: all that is not named here is denied.
SEES = {
    "": {"bo", "rex", "tia", "udo"},
    "/facts": {"bo", "rex", "tia", "wes", "udo"},
    "/original": {"bo", "rex", "tia", "udo"},
    "/custody": {"udo"},
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("agency")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "STAGES", STAGES[:3])
        patch.setenv("BODYWORN_WORKERS", "0")
        with open_library(folder / "library", create=True, source="web") as library:
            library.findings.run(library.recordings.ingest(wav_pcm(folder / "stop.wav", [tone(0.5)])))
            yield library


@pytest.fixture(scope="module")
def recording(library: Library) -> str:
    """Its page."""
    return f"/recordings/{library.recordings.list()[0].id}"


@pytest.fixture(scope="module")
def agency(library: Library, recording: str) -> Agency:
    agency = Agency(library)
    for login, role in ROLES.items():
        agency.add(login, role)
    return agency


@pytest.mark.parametrize("page", SEES)
@pytest.mark.parametrize("login", [*ROLES, "ada"])
def test_a_page_is_for_those_whose_roles_allow_it(agency: Agency, recording: str, page: str, login: str) -> None:
    answer = agency.signed_in(login).get(recording + page)
    allowed = {200} if login in SEES[page] else {403, 404}  # a thing that one may not see is as one that is not there
    assert answer.status_code in allowed
    if login in SEES[page]:
        assert page == "/original" or "stop.wav" in answer.text
    else:
        assert "stop.wav" not in answer.text


def test_a_reviewer_sees_recordings_and_each_view_names_the_account(agency: Agency, recording: str) -> None:
    browser = agency.signed_in("bo")
    assert "stop.wav" in browser.get("/recordings/").text
    assert browser.get(recording).status_code == 200
    event = agency.library.audit_log.newest(1)[0]
    assert (event.tag, event.actor, event.source) == ("recording.viewed", "account:bo", "web")
    assert event.session == agency.people["bo"].first.session


def test_an_administrator_is_told_plainly_why_not(agency: Agency) -> None:
    answer = agency.signed_in("ada").get("/recordings/")
    assert answer.status_code == 403
    text = unescape(answer.text)
    assert "You may not do this" in text
    assert "no role of account:ada allows recordings.list" in text
    assert "Ask the administrator of the library" in text
    assert "stop.wav" not in text
    assert "Sign out" in text


def test_a_page_that_is_kept_for_many_shows_each_of_them_their_own_name(agency: Agency, recording: str) -> None:
    pages = {login: agency.signed_in(login).get(recording).text for login in ("bo", "rex", "bo")}
    for login, text in pages.items():
        shown = re.search(r'class="quiet who"[^>]*>([^<]+)<', text)
        assert shown
        assert shown[1] == f"{login.capitalize()} Long"
    assert "Bo Long" not in pages["rex"]
    tokens = {re.search(r'name="form_token" value="([^"]+)"', text)[1] for text in pages.values()}  # type: ignore[index]
    assert len(tokens) == 2


def test_who_is_disabled_is_out_with_the_next_request(agency: Agency) -> None:
    agency.add("gil", AgencyRole.REVIEWER)
    browser = agency.signed_in("gil")
    assert browser.get("/recordings/").status_code == 200
    people = agency.administrator().people
    people.disable(people.get("gil"), "left the agency")
    answer = browser.get("/recordings/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_a_role_that_is_taken_away_counts_with_the_next_request(agency: Agency, recording: str) -> None:
    agency.add("hal", AgencyRole.REVIEWER)
    browser = agency.signed_in("hal")
    assert browser.get(recording).status_code == 200
    people = agency.administrator().people
    people.change(people.get("hal"), "other work", roles=frozenset({AgencyRole.WELLNESS}))
    assert browser.get(recording).status_code == 403
    assert browser.get("/account").status_code == 200


def test_the_own_account_shows_its_sessions_and_ends_one(agency: Agency) -> None:
    bo = agency.people["bo"]
    here, other = agency.signed_in("bo"), agency.browser()
    assert sign_in(other, bo).status_code == 303
    page = here.get("/account").text
    assert "Bo Long" in page
    assert "reviewer" in page
    assert "(this one)" in page
    ids = re.findall(r'name="session" value="([0-9a-f]+)"', page)
    assert len(ids) == 1
    foreign = agency.people["rex"].first.session
    assert sent(here, "/account", "/account/sessions/end", session=foreign).status_code == 303
    assert agency.signed_in("rex").get("/recordings/").status_code == 200  # nobody ends that of somebody else
    assert sent(here, "/account", "/account/sessions/end", session=ids[0]).status_code == 303
    assert other.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
    ended = next(event for event in agency.library.audit_log.newest(9) if event.tag == "session.ended")
    assert ended.actor == "account:bo"


def test_what_needs_a_fresh_proof_leads_to_it_and_back(agency: Agency) -> None:
    browser, rex = agency.signed_in("rex"), agency.people["rex"]
    agency.proved_long_ago("rex")
    led = browser.get("/account/passkeys/new")
    assert (led.status_code, led.headers["location"]) == (303, "/prove?next=%2Faccount%2Fpasskeys%2Fnew")
    page = led.headers["location"]
    wrong = sent(browser, page, "/prove", password="wrong password", code="000000", next="/account/passkeys/new")
    assert wrong.status_code == 401
    elsewhere = sent(browser, page, "/prove", password=PASSWORD, code=rex.code(), next="//evil.example")
    assert elsewhere.headers["location"] == "/recordings/"
    agency.proved_long_ago("rex")
    back = sent(browser, page, "/prove", password=PASSWORD, code=rex.code(), next="/account/passkeys/new")
    assert back.headers["location"] == "/account/passkeys/new"
    assert browser.get("/account/passkeys/new").status_code == 200


def test_a_session_of_the_command_line_opens_no_page(agency: Agency) -> None:
    opened = agency.library.sign_in.sign_in("tia", *_proof(agency, "tia"), "cli")
    browser = agency.browser()
    browser.cookies.set(SESSION, opened.token, domain="bodycam.example", path="/")
    assert browser.get("/recordings/").status_code == 303


def _proof(agency: Agency, login: str) -> tuple[str, str]:
    return PASSWORD, agency.people[login].code()
