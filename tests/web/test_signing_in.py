"""People sign in: what they read before, what is refused and how little it says, and where they go on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bodyworn.access.sessions import LocalAccess
from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.domain.event import Event
from bodyworn.web.app import create_app
from bodyworn.web.security.way_back import HOME, way_back
from bodyworn.web.workbench import workbench_over
from tests.web.agency import HTML, PASSWORD, SESSION, SITE, Agency, sent, sign_in

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "/a/..//evil.example",
    "/..//evil.example",
    "/.//evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/recordings/\r\nSet-Cookie: a=b",
    "/recordings/#https://evil.example",
    "http:evil.example",
    "/sign-out",
    "/sign-in?next=//evil.example",
    "/" + "a" * 2000,
    "",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("agency") / "library", create=True, source="web") as library:
        yield library


@pytest.fixture(scope="module")
def agency(library: Library) -> Agency:
    agency = Agency(library)
    agency.add("bo", AgencyRole.REVIEWER)
    return agency


@pytest.fixture
def since(agency: Agency) -> Callable[[str], list[Event]]:
    """Entries of that tag since the test began, newest first."""
    log = agency.library.audit_log
    before = log.newest(1)[0].seq
    return lambda tag: [event for event in log.newest(60) if event.seq > before and event.tag == tag]


def test_when_the_first_account_is_added_the_local_link_lets_nobody_in_any_more(tmp_path: Path) -> None:
    with open_library(tmp_path / "library", create=True, source="web") as library:
        access, shown = LocalAccess(8420), list[str]()
        access.announce = shown.append
        app = create_app(workbench_over(library), access)
        browser = TestClient(app, base_url="http://127.0.0.1:8420", follow_redirects=False, headers=HTML)
        assert browser.get(access.new_link()).status_code == 303
        assert browser.get("/recordings/").status_code == 200
        assert browser.get("/account").headers["location"] == HOME
        link = access.new_link()
        library.people.add("ada", "Ada Long", frozenset({AgencyRole.ADMINISTRATOR}), ["*"])
        answer = browser.get("/recordings/")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert browser.get(link).headers["location"] == "/sign-in"
        stranger = TestClient(app, base_url="http://127.0.0.1:8420", follow_redirects=False, headers=HTML)
        assert stranger.get(link).headers["location"] == "/sign-in"
        assert shown == []  # nothing is offered in the terminal either
        assert browser.get("/recordings/", headers={"accept": "*/*"}).status_code == 401


def test_the_notice_of_use_stands_before_the_fields(agency: Agency) -> None:
    text = agency.browser().get("/sign-in").text
    assert agency.library.settings.use_notice in text
    assert text.index(agency.library.settings.use_notice) < text.index('name="login"')
    assert "you say that you read this" in text


@pytest.mark.parametrize("page", ["/recordings/", "/account", "/encounters/", "/recordings/x/media", "/prove", "/open"])
def test_every_page_needs_somebody_who_is_signed_in(agency: Agency, page: str) -> None:
    answer = agency.browser().get(page)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert agency.browser().get(page, headers={"accept": "*/*"}).status_code == 401


def test_a_person_signs_in_sees_their_name_and_goes_on_where_they_wanted(agency: Agency) -> None:
    browser, bo = agency.browser(), agency.people["bo"]
    assert browser.get("/encounters/?page=2").headers["location"] == "/sign-in?next=%2Fencounters%2F%3Fpage%3D2"
    answer = sign_in(browser, bo, next="/encounters/?page=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/encounters/?page=2")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{SESSION}="))
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"]
    page = browser.get("/recordings/").text
    assert "Bo Long" in page
    assert "Sign out" in page
    assert browser.get("/sign-in").headers["location"] == HOME


def test_whatever_is_wrong_the_answer_is_the_same(agency: Agency) -> None:
    bo, answers = agency.people["bo"], set[str]()
    wrong = ({"login": "nobody"}, {"password": "not the password"}, {"code": "000000"}, {"login": "Not A Login!"})
    for values in wrong:
        browser = agency.browser()
        answer = sign_in(browser, bo, **{"code": "000000", **values})
        assert answer.status_code == 401
        assert SESSION not in answer.headers.get("set-cookie", "")
        answers.add(re.search(r'role="alert".*?</div>\s*</div>', answer.text, re.DOTALL)[0])  # type: ignore[index]
        assert PASSWORD not in answer.text
    assert len(answers) == 1
    assert "the name, the password or the code is not right" in answers.pop().lower()
    agency.library.sign_in.sign_in("bo", PASSWORD, bo.code(), "web")  # and forgets the failures


def test_a_cookie_that_was_planted_never_becomes_a_session(agency: Agency) -> None:
    browser, bo = agency.browser(), agency.people["bo"]
    planted = "planted-by-somebody-else-0123456789abcdef"
    for name in (SESSION, f"{SESSION}_visit"):
        browser.cookies.set(name, planted, domain="bodycam.example", path="/")
    answer = sign_in(browser, bo)
    assert answer.status_code == 303
    assert planted not in answer.headers["set-cookie"]
    attacker = agency.browser()
    for name in (SESSION, f"{SESSION}_visit", "bodyworn_8443"):
        attacker.cookies.set(name, planted, domain="bodycam.example", path="/")
    assert attacker.get("/recordings/").headers["location"] == "/sign-in"


def test_two_sign_ins_are_two_sessions_and_signing_out_ends_one(agency: Agency) -> None:
    first, second, bo = agency.browser(), agency.browser(), agency.people["bo"]
    for browser in (first, second):
        assert sign_in(browser, bo).status_code == 303
    token = first.cookies[SESSION]
    assert token != second.cookies[SESSION]
    assert sent(first, "/recordings/", "/sign-out").headers["location"] == "/sign-in?out=true"
    assert "You are signed out" in first.get("/sign-in?out=true").text
    assert SESSION not in first.cookies
    first.cookies.set(SESSION, token, domain="bodycam.example", path="/")  # kept by somebody
    assert first.get("/recordings/").status_code == 303
    assert second.get("/recordings/").status_code == 200


def test_a_form_sent_twice_signs_in_once(agency: Agency, since: Callable[[str], list[Event]]) -> None:
    browser, bo = agency.browser(), agency.people["bo"]
    token = re.search(r'form_token" value="([^"]+)"', browser.get("/sign-in").text)[1]  # type: ignore[index]
    fields = {"login": "bo", "password": PASSWORD, "code": bo.code(), "form_token": token}
    visit = dict(browser.cookies)
    answers = []
    for _ in range(2):
        browser.cookies.clear()
        for name, value in visit.items():
            browser.cookies.set(name, value, domain="bodycam.example", path="/")
        answers.append(browser.post("/sign-in", data=fields, headers={"origin": SITE.origin}))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(since("session.opened")) == 1


def test_a_form_of_another_browser_signs_nobody_in(agency: Agency) -> None:
    attacker, victim, bo = agency.browser(), agency.browser(), agency.people["bo"]
    token = re.search(r'form_token" value="([^"]+)"', attacker.get("/sign-in").text)[1]  # type: ignore[index]
    victim.get("/sign-in")
    fields = {"login": "bo", "password": PASSWORD, "code": bo.codes[-1], "form_token": token}
    assert victim.post("/sign-in", data=fields, headers={"origin": SITE.origin}).status_code == 403
    fresh = agency.browser()  # not even a browser that has no secret yet
    assert fresh.post("/sign-in", data=fields, headers={"origin": SITE.origin}).status_code == 403
    for origin in ("https://evil.example", "http://bodycam.example", "null", "https://bodycam.example:8443"):
        assert sent_from(attacker, fields, origin) == 403


def sent_from(browser: TestClient, fields: dict[str, str], origin: str) -> int:
    return browser.post("/sign-in", data=fields, headers={"origin": origin}).status_code


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_led_to_another_site(address: str) -> None:
    assert way_back(address) == HOME


@pytest.mark.parametrize(
    "address", ["/", "/recordings/", "/recordings/rec_1a?view=x&t=1.5", "/account/passkeys/new", "/encounters/?page=2"]
)
def test_an_address_of_this_site_is_gone_back_to(address: str) -> None:
    assert way_back(address) == address


def test_the_address_to_go_on_at_is_looked_at_when_it_is_used(agency: Agency) -> None:
    browser, bo = agency.browser(), agency.people["bo"]
    page = browser.get("/sign-in?next=https://evil.example/").text
    assert "evil.example" not in page
    assert sign_in(browser, bo, next="//evil.example/").headers["location"] == HOME
    assert browser.get("/sign-in?next=//evil.example").headers["location"] == HOME


def test_who_tries_many_names_cannot_fill_the_log(agency: Agency, since: Callable[[str], list[Event]]) -> None:
    browser = agency.browser()
    for number in range(12):
        sent(browser, "/sign-in", login=f"guess{number}", password="wrong password", code="123456")
        agency.browser().get(f"/page-{number}")
    denied = since("access.denied")
    assert len(denied) <= 3
    assert all("guess" not in str(event) for event in denied)  # a name that is none may be a password


def test_five_failures_lock_the_name_and_each_is_recorded(agency: Agency, since: Callable[[str], list[Event]]) -> None:
    cy, browser = agency.add("cy", AgencyRole.REVIEWER), agency.browser()
    for _ in range(6):
        answer = sign_in(browser, cy, password="wrong password", code="123456")
    assert "too many failed attempts" in answer.text
    assert "too many failed attempts" in sign_in(browser, cy).text
    whys = [event.detail["why"] for event in since("access.denied") if event.object == agency.account("cy")]
    assert whys == ["too many failures", *["wrong name or password"] * 5]


def test_an_account_that_is_disabled_is_told_nothing_else(agency: Agency, since: Callable[[str], list[Event]]) -> None:
    di = agency.add("di", AgencyRole.REVIEWER)
    people = agency.administrator().people
    people.disable(people.get("di"), "left the agency")
    answer = sign_in(agency.browser(), di)
    assert answer.status_code == 401
    assert "disabled" not in answer.text
    assert [event.detail["why"] for event in since("access.denied")] == ["the account is disabled"]


def test_setting_up_an_account(agency: Agency) -> None:
    import pyotp

    invitation, browser = agency.invited("eve", AgencyRole.AUDITOR), agency.browser()
    values = {"login": "eve", "invitation": invitation}
    weak = sent(browser, "/set-up", **values, password="password2026", again="password2026")
    assert weak.status_code == 422
    assert "too weak" in unescape(weak.text)
    assert "password2026" not in weak.text
    assert invitation in weak.text  # what is no secret any more need not be typed again
    other = sent(browser, "/set-up", **values, password=PASSWORD, again=PASSWORD + " ")
    assert "not the same" in other.text
    assert browser.get("/set-up/code.svg").status_code == 404
    done = sent(browser, "/set-up", **values, password=PASSWORD, again=PASSWORD)
    assert done.headers["location"] == "/set-up/confirm"
    second = browser.get("/set-up/confirm").text
    assert PASSWORD not in second
    picture = browser.get("/set-up/code.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith("<svg")
    assert "style" not in picture.text
    assert agency.browser().get("/set-up/code.svg").status_code == 404  # of another browser
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", second)[1].replace(" ", "")  # type: ignore[index]
    assert "not right" in sent(browser, "/set-up/confirm", code="000000").text
    led = sent(browser, "/set-up/confirm", code=pyotp.TOTP(secret).now())
    assert led.headers["location"] == "/account/printed-codes"
    codes = re.findall(r"<code>([0-9a-f-]+)</code>", browser.get("/account/printed-codes").text)
    assert len(codes) == 8
    assert sent(browser, "/account/printed-codes").headers["location"] == HOME
    assert browser.get("/account/printed-codes").headers["location"] == "/account"
    assert "Eve Long" in browser.get("/account").text
    again = sent(agency.browser(), "/set-up", **values, password=PASSWORD, again=PASSWORD)
    assert again.status_code == 401  # an invitation works once
    eve = agency.browser()
    assert sent(eve, "/sign-in", login="eve", password=PASSWORD, code=codes[0]).status_code == 303
    assert sent(agency.browser(), "/sign-in", login="eve", password=PASSWORD, code=codes[0]).status_code == 401
