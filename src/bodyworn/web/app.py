"""The application factory: routers, static files, the gate, errors as pages.

FastAPI's own documentation pages are off: they load scripts from elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bodyworn.access.sessions import LocalAccess
from bodyworn.domain.errors import BodywornError, CustodyError, Denied, LibraryBusy, NotFound
from bodyworn.web.next_steps import told
from bodyworn.web.viewing import Views

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bodyworn.web.desk import Desk


def create_app(desk: Desk, access: LocalAccess) -> FastAPI:
    """The workbench over one library, for the one person who holds ``access``'s link."""
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    from bodyworn.web.entrance import router as entrance
    from bodyworn.web.findings.router import router as findings
    from bodyworn.web.gate import SecurityMiddleware
    from bodyworn.web.pages import STATIC
    from bodyworn.web.recordings.listing import Tallies
    from bodyworn.web.recordings.router import router as recordings

    app = FastAPI(title="bodyworn", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.state.views = Views()
    app.state.access = access
    app.state.tallies = Tallies()
    app.include_router(entrance)
    app.include_router(recordings)
    app.include_router(findings)
    app.mount("/static", StaticFiles(directory=STATIC))
    _errors(app)
    app.add_middleware(SecurityMiddleware, desk=desk, access=access)
    return app


_STATUS: tuple[tuple[type[BodywornError], int], ...] = (
    (NotFound, 404),
    (Denied, 403),
    (LibraryBusy, 503),
    (CustodyError, 500),
)


def _errors(app: FastAPI) -> None:
    from fastapi import Request
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException
    from starlette.responses import Response

    from bodyworn.web.gate import HEADERS
    from bodyworn.web.pages import page

    @app.exception_handler(BodywornError)
    def known(request: Request, error: BodywornError) -> Response:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        return page(request, "shared/problem.html", status, what=error.what, next_step=told(error))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        return page(request, "shared/problem.html", error.status_code, what=str(error.detail), next_step=_BACK)

    @app.exception_handler(Exception)
    def unforeseen(request: Request, _error: Exception) -> Response:
        answer = page(request, "shared/problem.html", 500, what="The workbench failed at this page", next_step=_REPORT)
        answer.raw_headers.extend(HEADERS)  # this answer is made outside of the gate
        return answer

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, _error: RequestValidationError) -> Response:
        return page(request, "shared/problem.html", 422, what="That address is not complete", next_step=_BACK)


_BACK = "Go back to the list of recordings"
_REPORT = "What happened stands in the terminal of `bodyworn serve`; the library is as it was"
