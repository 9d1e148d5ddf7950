"""Who is let in: the holder of the local link, or, as soon as the library has accounts, whoever is signed in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bodyworn.access.sessions import Caller, LocalAccess
from bodyworn.access.signing_in.sessions import OpenSession
from bodyworn.web.accounts.desk import WAY, Accounts

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


@dataclass(frozen=True)
class Visitor:
    """Who makes a request. ``bound`` is a secret that only this browser has: forms and challenges are bound to it.

    ``session`` is what the audit log calls the session, empty without one; ``person`` who is signed in.
    """

    bound: str = ""
    session: str = ""
    person: OpenSession | None = None

    @property
    def caller(self) -> Caller:
        """The same for the services."""
        return Caller(self.session, self.person.account.id if self.person is not None else "")


class Door:
    """The door of one server. ``accounts`` is ``None`` where there is nothing but the local link.

    Cookies are not kept apart by port, so the port is in their names. ``__Host-`` has browsers take them only from
    this very host, over TLS or on the machine itself, and give them to no other one.
    """

    def __init__(self, local: LocalAccess, accounts: Accounts | None) -> None:
        self.local, self.accounts = local, accounts
        self.session_cookie = f"__Host-bodyworn_{local.port}"
        self.visit_cookie = f"__Host-bodyworn_{local.port}_visit"
        self._had_accounts = False

    def has_accounts(self) -> bool:
        """Whether people sign in. A library that had accounts never becomes one without."""
        if not self._had_accounts and self.accounts is not None:
            self._had_accounts = self.accounts.any()
        return self._had_accounts

    def visitor(self, cookies: Mapping[str, str]) -> Visitor:
        """Who comes with these cookies. It reads the library where that may have accounts."""
        if not self.has_accounts() or self.accounts is None:
            cookie = cookies.get(self.local.cookie, "")
            return Visitor(cookie, self.local.session_id(cookie) or "")
        token = cookies.get(self.session_cookie, "")
        person = self.accounts.sign_in.sessions.running(token, WAY)
        if person is None:
            return Visitor(cookies.get(self.visit_cookie, ""))
        return Visitor(token, person.id, person)

    def let_in(self, answer: Response, token: str) -> None:
        """Give the browser a session that was just opened, in the place of what it had before."""
        self._give(answer, self.session_cookie, token)
        answer.delete_cookie(self.visit_cookie, path="/", secure=True, httponly=True, samesite="lax")

    def let_out(self, answer: Response) -> None:
        """Take the session from the browser, and what it kept of pages."""
        answer.delete_cookie(self.session_cookie, path="/", secure=True, httponly=True, samesite="lax")
        answer.headers["Clear-Site-Data"] = '"cache"'

    def know(self, request: Request) -> str:
        """Have a secret of a browser that is not signed in; a new one goes with the answer by :meth:`remember`."""
        visitor = visitor_of(request)
        if not visitor.bound:
            visitor = replace(visitor, bound=secrets.token_urlsafe(24))
            request.state.visitor = visitor
        return visitor.bound

    def remember(self, request: Request, answer: Response) -> None:
        """Give the browser its secret, unless it has it."""
        bound = visitor_of(request).bound
        if request.cookies.get(self.visit_cookie) != bound:
            self._give(answer, self.visit_cookie, bound)

    def _give(self, answer: Response, name: str, value: str) -> None:
        answer.set_cookie(name, value, secure=True, httponly=True, samesite="lax", path="/")


def door_of(request: Request) -> Door:
    """The door of this server."""
    door: Door = request.app.state.door
    return door


def visitor_of(request: Request) -> Visitor:
    """Who makes this request; the middleware has looked."""
    visitor: Visitor = getattr(request.state, "visitor", Visitor())
    return visitor
