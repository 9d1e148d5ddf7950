"""An agency behind the pages: a library with accounts, its site over TLS, and browsers that sign in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyotp
from starlette.testclient import TestClient

from bodyworn.access.sessions import LocalAccess
from bodyworn.access.site import Site
from bodyworn.domain.account import EVERY_UNIT, account_id
from bodyworn.domain.actor import Actor
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.storage.rows import people as rows
from bodyworn.web.app import create_app
from bodyworn.web.workbench import workbench_over

if TYPE_CHECKING:
    from fastapi import FastAPI
    from httpx2 import Response

    from bodyworn.access.signing_in.opening import SignedIn
    from bodyworn.bootstrap import Library

PORT = 8443
SITE = Site.behind_proxy("https://bodycam.example")
HTML = {"accept": "text/html"}
SESSION = f"__Host-bodyworn_{PORT}"
PASSWORD = "seven quiet herons over water"


@dataclass
class Person:
    """Somebody who has set up an account: the secret of the codes, and printed codes that are not used yet."""

    login: str
    secret: str
    codes: list[str]
    first: SignedIn

    def code(self) -> str:
        """A second factor that was not used before."""
        return self.codes.pop()


@dataclass
class Agency:
    """People of a library by login; the first is made as ``ada``, the administrator."""

    library: Library
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.add("ada", AgencyRole.ADMINISTRATOR)
        self.app: FastAPI = create_app(workbench_over(self.library), LocalAccess(PORT), site=SITE)

    def administrator(self) -> Library:
        """The library for the administrator, who proved freshly who she is."""
        token = self.people["ada"].first.token
        session = self.library.sign_in.sessions.running(token, "web")
        assert session is not None
        with self.library.database.write() as transaction:
            self.library.sign_in.sessions.prove(transaction, token)
        return self.library.acting(Actor(session.account.id, "desk-1", "web", session=session.id))

    def invited(self, login: str, *roles: AgencyRole, units: Sequence[str] = (EVERY_UNIT,)) -> str:
        """The code of somebody who has an account and has not set it up."""
        acting = self.administrator() if self.people else self.library
        return acting.people.add(login, f"{login.capitalize()} Long", frozenset(roles), units).code

    def add(self, login: str, *roles: AgencyRole) -> Person:
        """Somebody who has set up an account, with a session from that."""
        invitation, services = self.invited(login, *roles), self.library.sign_in
        secret = services.enroll(login, invitation, PASSWORD).secret
        code = pyotp.TOTP(secret).now()
        first = services.finish_enrolling(login, invitation, PASSWORD, secret, code, "web")
        self.people[login] = Person(login, secret, list(first.recovery_codes), first)
        return self.people[login]

    def browser(self) -> TestClient:
        """A browser without a session."""
        return TestClient(self.app, base_url=SITE.origin, follow_redirects=False, headers=HTML)

    def signed_in(self, login: str) -> TestClient:
        """A browser with the session that the person has from setting up the account."""
        browser = self.browser()
        browser.cookies.set(SESSION, self.people[login].first.token, domain="bodycam.example", path="/")
        return browser

    def proved_long_ago(self, login: str) -> None:
        """Nobody proved lately who the person of that session is."""
        session = self.library.sign_in.sessions.running(self.people[login].first.token, "web")
        assert session is not None
        with self.library.database.write() as transaction:
            row = rows.session(transaction, session.id)
            assert row is not None
            rows.change_session(transaction, row["id"], {"proved_at": "2026-01-01T00:00:00.000Z"})

    def account(self, login: str) -> str:
        """Its id."""
        return account_id(login)


def sent(browser: TestClient, page: str, action: str = "", **values: str) -> Response:
    """Fill in and send the form on ``page`` that is sent to ``action`` (the page itself, if not given)."""
    target = action or page.partition("?")[0]
    text = browser.get(page).text
    found = re.search(rf'action="{re.escape(target)}".*?name="form_token" value="([^"]+)"', text, re.DOTALL)
    assert found, f"there is no form to {target} on {page}"
    fields = {**values, "form_token": found[1]}
    return browser.post(target, data=fields, headers={"origin": SITE.origin, "referer": f"{SITE.origin}{page}"})


def sign_in(browser: TestClient, person: Person, page: str = "/sign-in", **other: str) -> Response:
    """Sign in as that person, or with something else instead."""
    values = {"login": person.login, "password": PASSWORD, "code": other.pop("code", "") or person.code(), **other}
    return sent(browser, page, **values)
