"""Signing in with a real browser: by keyboard, with a passkey of a virtual device, and looked at by axe."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
import uvicorn

from bodyworn.access.sessions import LocalAccess
from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.web.app import create_app
from bodyworn.web.workbench import workbench_over
from tests.web.agency import PASSWORD, Agency
from tests.web.axe import violations
from tests.web.test_accessibility import VIEWPORTS, in_both_themes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True)
class Served:
    """An agency on a port of this machine; ``number`` is its address without a name."""

    agency: Agency
    address: str
    number: str


@pytest.fixture(scope="module")
def served_agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with open_library(tmp_path_factory.mktemp("agency") / "library", create=True, source="web") as library:
        agency, opened = Agency(library), socket.create_server(("127.0.0.1", 0))
        agency.add("bo", AgencyRole.REVIEWER)
        port = opened.getsockname()[1]
        app = create_app(workbench_over(library), LocalAccess(port))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        yield Served(agency, f"http://localhost:{port}", f"http://127.0.0.1:{port}")
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser; fails on any message of a script on its console."""
    said: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda one: said.append(one.text) if "Security Policy" in one.text else None)
    yield page
    context.close()
    assert said == []


def looked_at(page: Page) -> None:
    """Nothing for axe to say, and nothing off the side, also at 400 % zoom."""
    page.wait_for_selector("html[data-behaviors=bound]")
    assert in_both_themes(page, violations) == {}
    for width, height in VIEWPORTS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, height)
    page.set_viewport_size({"width": 1280, "height": 900})


def signed_in(page: Page, served: Served, login: str = "bo", at: str = "") -> None:
    page.goto(f"{at or served.address}/sign-in")
    page.fill("#field-login", login)
    page.fill("#field-password", PASSWORD)
    page.fill("#field-code", served.agency.people[login].code())
    page.click("button:text-is('Sign in')")
    page.wait_for_url("**/recordings/")


def test_signing_in_takes_the_keyboard_alone_and_the_cookie_holds_without_tls(
    page: Page, served_agency: Served
) -> None:
    page.goto(f"{served_agency.address}/account")
    page.wait_for_url("**/sign-in?next=%2Faccount")
    looked_at(page)
    page.keyboard.press("Tab")
    page.focus("#field-login")
    for text in ("bo", "not the password", "000000"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    page.wait_for_function("document.activeElement.getAttribute('role') === 'alert'")
    assert page.input_value("#field-login") == "bo"
    assert page.input_value("#field-password") == ""
    looked_at(page)
    page.focus("#field-password")
    for text in (PASSWORD, served_agency.agency.people["bo"].code()):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")
    (cookie,) = [one for one in page.context.cookies() if one["name"].startswith("__Host-")]
    assert cookie["secure"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert "Bo Long" in page.inner_text(".who")
    looked_at(page)
    page.click("button:text-is('Sign out')")
    page.wait_for_selector("text=You are signed out")
    assert [one for one in page.context.cookies() if one["value"] == cookie["value"]] == []


def test_the_number_of_this_machine_works_without_passkeys(page: Page, served_agency: Served) -> None:
    signed_in(page, served_agency, at=served_agency.number)
    page.goto(f"{served_agency.number}/account")
    assert f"Passkeys work at {served_agency.address} only" in page.inner_text("main")


def test_signing_in_needs_no_script(browser: Browser, served_agency: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    signed_in(page, served_agency)
    assert "Bo Long" in page.inner_text(".who")
    context.close()


def test_an_account_is_set_up_from_its_invitation(page: Page, served_agency: Served) -> None:
    invitation = served_agency.agency.invited("eve", AgencyRole.REVIEWER)
    page.goto(f"{served_agency.address}/set-up")
    looked_at(page)
    page.fill("#field-login", "eve")
    page.fill("#field-invitation", invitation)
    for password in ("password2026", PASSWORD):
        page.fill("#field-password", password)
        page.fill("#field-again", password)
        page.click("button:text-is('Next')")
        if password != PASSWORD:
            page.wait_for_selector("#field-password-error")
            looked_at(page)
    page.wait_for_url("**/set-up/confirm")
    assert page.evaluate("(() => { const qr = document.querySelector('.qr'); return qr.naturalWidth; })()") > 100
    looked_at(page)
    page.fill("#field-code", pyotp.TOTP(page.inner_text("dd code").replace(" ", "")).now())
    page.click("button:text-is('Next')")
    page.wait_for_url("**/account/printed-codes")
    assert page.locator(".printed-codes li").count() == 8
    looked_at(page)
    page.click("text=I have them; go on")
    page.wait_for_url("**/recordings/")


def device(page: Page) -> tuple[CDPSession, str]:
    """A virtual device that keeps passkeys, in the browser of that page."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return cdp, made["authenticatorId"]


def with_passkey(page: Page, served: Served) -> tuple[CDPSession, str, dict[str, Any]]:
    """Sign in, add a passkey and sign out: the device, and the passkey as it keeps it."""
    cdp, authenticator = device(page)
    signed_in(page, served)
    page.goto(f"{served.address}/account/passkeys/new")
    looked_at(page)
    page.fill("#field-name", "desk key")
    page.click("button:text-is('Add a passkey')")
    page.wait_for_url("**/account")
    assert "desk key" in page.inner_text("#passkeys")
    page.click("button:text-is('Sign out')")
    page.wait_for_selector("text=You are signed out")
    (kept,) = cdp.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    return cdp, authenticator, kept


def by_passkey(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/sign-in")
    page.click("button:text-is('Sign in with a passkey')")


def test_a_passkey_signs_in_and_proves_again_and_a_copy_of_it_ends_it(page: Page, served_agency: Served) -> None:
    cdp, authenticator, kept = with_passkey(page, served_agency)
    by_passkey(page, served_agency)
    page.wait_for_url("**/recordings/")
    cookie = next(one for one in page.context.cookies() if one["secure"])["value"]
    library = served_agency.agency.library
    session = library.sign_in.sessions.running(cookie, "web")
    assert session is not None
    made_stale(library, session.id)
    page.goto(f"{served_agency.address}/account/passkeys/new")
    page.wait_for_url("**/prove?next=*")
    looked_at(page)
    page.click("button:text-is('Prove it with a passkey')")
    page.wait_for_url("**/account/passkeys/new")
    page.click("button:text-is('Sign out')")
    page.wait_for_selector("text=You are signed out")
    cdp.send("WebAuthn.clearCredentials", {"authenticatorId": authenticator})
    cdp.send("WebAuthn.addCredential", {"authenticatorId": authenticator, "credential": {**kept, "signCount": 0}})
    by_passkey(page, served_agency)
    page.wait_for_selector("text=there is a copy of it")
    denied = next(one for one in library.audit_log.newest(5) if one.tag == "access.denied")
    assert "it was copied" in str(denied.detail["why"])
    by_passkey(page, served_agency)
    page.wait_for_selector("text=is not right")
    assert library.sign_in.passkeys.of("account:bo") == []


def made_stale(library: Library, session: str) -> None:
    from bodyworn.storage.rows import people as rows

    with library.database.write() as transaction:
        row = rows.session(transaction, session)
        assert row is not None
        rows.change_session(transaction, row["id"], {"proved_at": "2026-01-01T00:00:00.000Z"})


def test_an_answer_of_the_browser_counts_once_and_for_this_site_only(page: Page, served_agency: Served) -> None:
    with_passkey(page, served_agency)
    posts: list[str] = []
    page.on("request", lambda one: posts.append(one.post_data or "") if one.method == "POST" else None)
    by_passkey(page, served_agency)
    page.wait_for_url("**/recordings/")
    page.click("button:text-is('Sign out')")
    page.wait_for_selector("text=You are signed out")
    answer = next(body for body in posts if "answer=" in body)
    replayed = page.evaluate(REPLAY, {"answer": dict_of(answer)["answer"]})
    assert "is not right" in replayed
    page.goto(f"{served_agency.address}/sign-in")
    other = json.loads(dict_of(answer)["answer"])
    client = json.loads(base64.urlsafe_b64decode(other["response"]["clientDataJSON"] + "=="))
    assert client["origin"] == served_agency.address
    refused = page.evaluate(ELSEWHERE)
    assert refused == "SecurityError"  # the browser itself gives no other site's passkey


#: Sends an answer of before with the form that is on the page now.
REPLAY = """async ({ answer }) => {
  const form = document.querySelector('form[action="/sign-in/passkey"]');
  const body = new URLSearchParams(new FormData(form));
  body.set('answer', answer);
  const got = await fetch(form.action, { method: 'POST', body });
  return await got.text();
}"""
ELSEWHERE = """async () => {
  const publicKey = { challenge: new Uint8Array(32), rpId: 'bodycam.example', userVerification: 'required' };
  try { await navigator.credentials.get({ publicKey }); return 'given'; } catch (error) { return error.name; }
}"""


def dict_of(body: str) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(body))


def test_without_passkeys_in_the_browser_no_button_shows(browser: Browser, served_agency: Served) -> None:
    context = browser.new_context()
    context.add_init_script("delete globalThis.PublicKeyCredential")
    page = context.new_page()
    page.goto(f"{served_agency.address}/sign-in")
    page.wait_for_selector("html[data-behaviors=bound]")
    assert not page.is_visible("text=Sign in with a passkey")
    context.close()
