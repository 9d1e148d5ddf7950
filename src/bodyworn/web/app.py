"""The application factory: routers, static files, security, errors as pages.

FastAPI's own documentation pages are off: they load scripts from elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bodyworn.access.sessions import LocalAccess
from bodyworn.access.site import Site
from bodyworn.domain.errors import BodywornError, Code, CustodyError, Denied, InputError, LibraryBusy, NotFound
from bodyworn.web.next_steps import told
from bodyworn.web.security.csrf import FormTokens
from bodyworn.web.security.door import Door, visitor_of
from bodyworn.web.security.way_back import leading_back, where_from
from bodyworn.web.viewing import Views

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bodyworn.web.workbench import Workbench


def create_app(
    workbench: Workbench, access: LocalAccess, *, site: Site | None = None, styleguide: bool = False
) -> FastAPI:
    """The workbench over one library, for the person who holds ``access``'s link or, with accounts, for its people.

    ``site`` is how it is called from outside; this machine alone, if not given. ``styleguide`` adds the page
    ``/styleguide``, which is for development.
    """
    from fastapi import FastAPI

    from bodyworn.web.accounts.by_provider import router as by_provider
    from bodyworn.web.accounts.own import router as own
    from bodyworn.web.accounts.router import router as sign_in
    from bodyworn.web.accounts.set_up import SetUps
    from bodyworn.web.accounts.set_up import router as set_up
    from bodyworn.web.assets import routes as static
    from bodyworn.web.encounters.router import router as encounters
    from bodyworn.web.findings.router import routes as findings
    from bodyworn.web.recordings.checks import Checks
    from bodyworn.web.recordings.listing import Tallies
    from bodyworn.web.recordings.readers import Readers
    from bodyworn.web.recordings.router import router as recordings
    from bodyworn.web.recordings.router import routes as recording
    from bodyworn.web.security.local_link import router as local_link
    from bodyworn.web.security.middleware import SecurityMiddleware
    from bodyworn.web.styleguide.router import router as components

    app = FastAPI(title="bodyworn", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.workbench = workbench
    site = site or Site.local(access.port)
    app.state.site, app.state.door, app.state.set_ups = site, Door(access, workbench.accounts), SetUps()
    app.state.views, app.state.tokens = Views(), FormTokens()
    app.state.tallies, app.state.checks, app.state.readers = Tallies(), Checks(), Readers(workbench)
    app.router.routes.extend((*static, *recording, *findings))
    accounts = (local_link, sign_in, by_provider, set_up, own)
    for router in (*accounts, recordings, encounters, *([components] if styleguide else [])):
        app.include_router(router)
    _errors(app)
    app.add_middleware(SecurityMiddleware, workbench=workbench, door=app.state.door, site=site)
    return app


_STATUS: tuple[tuple[type[BodywornError], int], ...] = (
    (NotFound, 404),
    (Denied, 403),
    (InputError, 422),
    (LibraryBusy, 503),
    (CustodyError, 500),
)


def _errors(app: FastAPI) -> None:
    from fastapi import Request
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException
    from starlette.responses import RedirectResponse, Response

    from bodyworn.web.forms import StaleForm
    from bodyworn.web.pages import page
    from bodyworn.web.security.middleware import FRESH, headers_of

    @app.exception_handler(BodywornError)
    def known(request: Request, error: BodywornError) -> Response:
        if error.code in _LEADS_TO and visitor_of(request).person is not None:
            address = leading_back(_LEADS_TO[error.code], where_from(request))
            return RedirectResponse(address, status_code=303, headers=FRESH)
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        if isinstance(error, Denied) and not isinstance(error, StaleForm) and visitor_of(request).person is not None:
            return page(request, "problem.html", status, what=_NOT_YOU, why=error.what, next_step=told(error))
        return page(request, "problem.html", status, what=error.what, next_step=told(error))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        return page(request, "problem.html", error.status_code, what=str(error.detail), next_step=_BACK)

    @app.exception_handler(Exception)
    def unforeseen(request: Request, _error: Exception) -> Response:
        answer = page(request, "problem.html", 500, what="This page could not be made", next_step=_REPORT)
        answer.raw_headers.extend(headers_of(app.state.site))  # this answer is made outside of the middleware
        return answer

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, _error: RequestValidationError) -> Response:
        return page(request, "problem.html", 422, what="The address is not complete", next_step=_BACK)


#: What the person can do about it at once, on another page.
_LEADS_TO = {Code.PROOF_NEEDED: "/prove"}
_NOT_YOU = "You may not do this"
_BACK = "Go back to the list of recordings"
_REPORT = "The library is unchanged. The terminal that runs this workbench shows what happened"
