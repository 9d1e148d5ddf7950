"""Security middleware: host, origin and session of every request are checked, every answer gets its headers."""

from __future__ import annotations

import http.cookies
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bodyworn.access.sessions import current_caller
from bodyworn.access.site import Site
from bodyworn.domain.errors import BodywornError
from bodyworn.web.security.door import Door, Visitor
from bodyworn.web.security.way_back import leading_back, where_from

if TYPE_CHECKING:
    from anyio import CapacityLimiter
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bodyworn.web.workbench import Workbench

logger = logging.getLogger(__name__)

#: The one Trusted Types policy; ``static/behaviors/swap.js`` makes it (decision 0013).
TRUSTED_TYPES_POLICY = "bodyworn-swap"

#: Nothing but our own files: no inline script or style, no other site, no frame, no form that leaves.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        f"trusted-types {TRUSTED_TYPES_POLICY}",
    )
)

HEADERS: tuple[tuple[bytes, bytes], ...] = tuple(
    (name.encode(), value.encode())
    for name, value in (
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),  # no-referrer would have browsers send forms with "Origin: null"
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    )
)

_STATIC = "/static/"
#: A browser that came over TLS once does so for a year.
HSTS = (b"strict-transport-security", b"max-age=31536000")
FRESH = {"Cache-Control": "no-store"}
#: Requests whose session is looked up at once.
_LOOKERS = 4

#: Reachable without a session: the exchange of the link or, where people have accounts, the pages to come in by.
_OPEN = frozenset({"/open"})
_OPEN_TO_PEOPLE = frozenset(
    {
        "/sign-in",
        "/sign-in/passkey",
        "/sign-in/oidc",
        "/sign-in/oidc/back",
        "/set-up",
        "/set-up/confirm",
        "/set-up/code.svg",
    }
)

_OPEN_LINK = "Open the link that `bodyworn serve` printed"
_NEWEST_LINK = "In this browser, open the newest link in the terminal that runs `bodyworn serve`"

#: The session notice is the one place on the pages that names a command: without a session there is no other way in.
_REASONS = {
    "host": (421, "This server answers only to its own address", _OPEN_LINK),
    "origin": (403, "Another site asked for this page", _OPEN_LINK),
    "link": (401, "This link was used before or has expired", _NEWEST_LINK),
    "session": (401, "This browser has no open session", f"{_NEWEST_LINK}, then load this page again"),
}
_ADDRESS = "Open the address that your administrator gave you"
_REASONS_FOR_PEOPLE = {
    "host": (421, "This server answers only to its own address", _ADDRESS),
    "origin": (403, "Another site asked for this page", _ADDRESS),
    "session": (401, "Nobody is signed in in this browser", "Sign in, then load this page again"),
}


class SecurityMiddleware:
    """ASGI middleware. Denied attempts become events, at most one row a minute for each reason."""

    def __init__(self, app: ASGIApp, *, workbench: Workbench, door: Door, site: Site) -> None:
        self._app = app
        self._workbench, self._door, self._site = workbench, door, site
        self._lookers: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        guarded = _with_headers(send, headers_of(self._site))
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        why = self._from_outside(scope, headers)
        visitor = Visitor()
        if why is None and not scope["path"].startswith(_STATIC):
            visitor = await self._look(_cookies(headers.get(b"cookie", "")))
            why = None if visitor.session or scope["path"] in self._open_now() else "session"
        if why is None:
            current_caller.set(visitor.caller)
            scope.setdefault("state", {})["visitor"] = visitor
            await self._app(scope, receive, guarded)
            return
        await self._turn_away(why, scope, receive, guarded)

    def _open_now(self) -> frozenset[str]:
        return _OPEN_TO_PEOPLE if self._door.has_accounts() else _OPEN

    async def _look(self, cookies: Mapping[str, str]) -> Visitor:
        """Who comes; in a thread of its own where the library is asked, not to wait behind pages that are made."""
        if self._door.accounts is None:
            return self._door.visitor(cookies)
        import anyio

        self._lookers = self._lookers or anyio.CapacityLimiter(_LOOKERS)
        return await anyio.to_thread.run_sync(self._door.visitor, cookies, limiter=self._lookers)

    def _from_outside(self, scope: Scope, headers: dict[bytes, str]) -> str | None:
        if headers.get(b"host", "") not in self._site.hosts:
            return "host"
        return "origin" if _from_elsewhere(scope["method"], headers, self._site.origins) else None

    async def _turn_away(self, why: str, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.concurrency import run_in_threadpool

        count = self._door.local.denials.admit(why)
        if count:
            detail: dict[str, str | int] = {
                "path": printable(scope["path"]),
                "method": printable(scope["method"]),
                "attempts": count,
            }
            try:
                await run_in_threadpool(self._workbench.access_acts.deny, why, detail)
            except BodywornError as error:
                logger.error("a denied attempt could not be written to the audit log: %s", error)
        people = self._door.has_accounts()
        if why == "session" and _for_people(scope) and not people:
            self._door.local.invite()
        await denial(scope, why, people=people)(scope, receive, send)


def denial(scope: Scope, why: str, *, people: bool = False) -> Response:
    """The answer to a denied attempt: a page for people, one line for scripts; who can sign in is led there."""
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

    from bodyworn.web.pages import environment

    status, what, next_step = (_REASONS_FOR_PEOPLE if people else _REASONS)[why]
    if not _for_people(scope):
        return PlainTextResponse(f"{what}. {next_step}.\n", status_code=status)
    if people and why == "session":
        return RedirectResponse(leading_back("/sign-in", where_from(Request(scope))), status_code=303, headers=FRESH)
    html = environment().get_template("denied.html").render(what=what, next_step=next_step, link=not people)
    return HTMLResponse(html, status_code=status, headers=FRESH)


def _for_people(scope: Scope) -> bool:
    return "text/html" in dict(scope["headers"]).get(b"accept", b"").decode("latin-1")


def printable(untrusted: str, most: int = 200) -> str:
    """Text from outside, cut and without control characters, to stand in the audit log."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in untrusted[:most])


def _from_elsewhere(method: str, headers: dict[bytes, str], origins: frozenset[str]) -> bool:
    site = headers.get(b"sec-fetch-site", "none")
    navigates = headers.get(b"sec-fetch-mode") == "navigate" and method == "GET"
    if site not in ("same-origin", "none") and not navigates:
        return True
    if method in ("GET", "HEAD"):
        return False
    return headers.get(b"origin", "") not in origins


def _cookies(header: str) -> Mapping[str, str]:
    try:
        return {name: morsel.value for name, morsel in http.cookies.SimpleCookie(header).items()}
    except http.cookies.CookieError:
        return {}


def headers_of(site: Site) -> tuple[tuple[bytes, bytes], ...]:
    """The headers that guard every answer of a site."""
    return (*HEADERS, HSTS) if site.secure else HEADERS


def _with_headers(send: Send, guards: tuple[tuple[bytes, bytes], ...]) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            extra = [(name, value) for name, value in guards if name not in present]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return guarded
