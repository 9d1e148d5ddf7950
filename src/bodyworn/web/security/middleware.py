"""Security middleware: host, origin and session of every request are checked, every answer gets its headers."""

from __future__ import annotations

import http.cookies
import logging
from typing import TYPE_CHECKING

from bodyworn.access.sessions import LocalAccess, current_session
from bodyworn.domain.errors import BodywornError

if TYPE_CHECKING:
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

#: Reachable without a session: the exchange of the link, and files that are the same for all.
_OPEN, _STATIC = "/open", "/static/"

_OPEN_LINK = "Open the link that `bodyworn serve` printed"
_NEWEST_LINK = "In this browser, open the newest link in the terminal that runs `bodyworn serve`"

#: The session notice is the one place on the pages that names a command: without a session there is no other way in.
_REASONS = {
    "host": (421, "This server answers only to its own address", _OPEN_LINK),
    "origin": (403, "Another site asked for this page", _OPEN_LINK),
    "link": (401, "This link was used before or has expired", _NEWEST_LINK),
    "session": (401, "This browser has no open session", f"{_NEWEST_LINK}, then load this page again"),
}


class SecurityMiddleware:
    """ASGI middleware. Denied attempts become events, at most one row a minute for each reason."""

    def __init__(self, app: ASGIApp, *, workbench: Workbench, access: LocalAccess) -> None:
        self._app = app
        self._workbench = workbench
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        guarded = _with_headers(send)
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        session = self._access.session_id(_cookie(headers.get(b"cookie", ""), self._access.cookie))
        why = self._why_not(scope, headers, session)
        if why is None:
            current_session.set(session or "")
            await self._app(scope, receive, guarded)
            return
        await self._turn_away(why, scope, receive, guarded)

    def _why_not(self, scope: Scope, headers: dict[bytes, str], session: str | None) -> str | None:
        if headers.get(b"host", "") not in self._access.hosts:
            return "host"
        if _from_elsewhere(scope["method"], headers, self._access.hosts):
            return "origin"
        if scope["path"] == _OPEN or scope["path"].startswith(_STATIC):
            return None
        return None if session else "session"

    async def _turn_away(self, why: str, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.concurrency import run_in_threadpool

        count = self._access.denials.admit(why)
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
        if why == "session" and _for_people(scope):
            self._access.invite()
        await denial(scope, why)(scope, receive, send)


def denial(scope: Scope, why: str) -> Response:
    """The answer to a denied attempt: a page for people, one line for scripts."""
    from starlette.responses import HTMLResponse, PlainTextResponse

    from bodyworn.web.pages import environment

    status, what, next_step = _REASONS[why]
    if not _for_people(scope):
        return PlainTextResponse(f"{what}. {next_step}.\n", status_code=status)
    html = environment().get_template("denied.html").render(what=what, next_step=next_step)
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})


def _for_people(scope: Scope) -> bool:
    return "text/html" in dict(scope["headers"]).get(b"accept", b"").decode("latin-1")


def printable(untrusted: str, most: int = 200) -> str:
    """Text from outside, cut and without control characters, to stand in the audit log."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in untrusted[:most])


def _from_elsewhere(method: str, headers: dict[bytes, str], hosts: frozenset[str]) -> bool:
    site = headers.get(b"sec-fetch-site", "none")
    navigates = headers.get(b"sec-fetch-mode") == "navigate" and method == "GET"
    if site not in ("same-origin", "none") and not navigates:
        return True
    if method in ("GET", "HEAD"):
        return False
    origin = headers.get(b"origin", "")
    return origin not in {f"http://{host}" for host in hosts}


def _cookie(header: str, name: str) -> str | None:
    try:
        morsel = http.cookies.SimpleCookie(header).get(name)
    except http.cookies.CookieError:
        return None
    return morsel.value if morsel else None


def _with_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            extra = [(name, value) for name, value in HEADERS if name not in present]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return guarded
