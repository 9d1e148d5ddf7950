"""The local way in: ``/open`` turns the one-time link into a session."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from bodyworn.access.sessions import SESSION_HOURS, Caller, LocalAccess, current_caller
from bodyworn.web.security.door import door_of
from bodyworn.web.security.middleware import denial
from bodyworn.web.security.way_back import HOME

router = APIRouter()


@router.get("/open")
def open_link(request: Request, token: Annotated[str, Query(max_length=200)]) -> Response:
    """A session for the token; opening the link again with a session changes nothing."""
    door = door_of(request)
    access: LocalAccess = door.local
    if door.has_accounts():
        return RedirectResponse(HOME, status_code=303)
    if "prefetch" in request.headers.get("sec-purpose", ""):
        return Response(status_code=503)  # a browser's guess must not use up the link
    session = access.exchange(token)
    if session is None:
        if access.holds(request.cookies.get(access.cookie)):
            return RedirectResponse(HOME, status_code=303)
        if count := access.denials.admit("link"):
            request.app.state.workbench.access_acts.deny("link", {"path": "/open", "attempts": count})
        access.invite()
        return denial(request.scope, "link")
    current_caller.set(Caller(access.session_id(session) or ""))
    request.app.state.workbench.access_acts.open_session()
    answer = RedirectResponse(HOME, status_code=303)
    answer.set_cookie(access.cookie, session, max_age=SESSION_HOURS * 3600, httponly=True, samesite="lax", path="/")
    return answer


@router.get("/")
def home() -> Response:
    """The list of recordings."""
    return RedirectResponse(HOME, status_code=303)
