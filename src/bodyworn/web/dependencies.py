"""What routes ask for: the workbench, the page views, the recording that the address names, one snapshot of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Query, Request

from bodyworn.domain.recording import Recording
from bodyworn.web.findings.queries import AnalysisSnapshot
from bodyworn.web.recordings.readers import Readers
from bodyworn.web.viewing import Views
from bodyworn.web.workbench import Workbench


async def workbench_of(request: Request) -> Workbench:
    """The library behind this server."""
    workbench: Workbench = request.app.state.workbench
    return workbench


TheWorkbench = Annotated[Workbench, Depends(workbench_of)]


async def views_of(request: Request) -> Views:
    """The open page views of this server."""
    views: Views = request.app.state.views
    return views


def recording_of(recording_id: str, workbench: TheWorkbench) -> Recording:
    """The recording that the address names; ``NotFound`` becomes a 404 page."""
    return workbench.recordings.by_id(recording_id)


TheViews = Annotated[Views, Depends(views_of)]
TheRecording = Annotated[Recording, Depends(recording_of)]


def readers_of(request: Request) -> Readers:
    """What is read and written for all who ask at the same time."""
    readers: Readers = request.app.state.readers
    return readers


async def snapshot_of(request: Request) -> AnalysisSnapshot:
    """What is known now of the findings of the recording that the address names."""
    return await readers_of(request).read(request.path_params["recording_id"])


def view_of(request: Request, subject: str) -> str:
    """The page view that the address names; refused where it is not one of this subject."""
    view = request.query_params.get("view")
    if view is None:
        raise HTTPException(422, "The address is not complete")
    views: Views = request.app.state.views
    require(views, view, subject)
    return view


PageNumber = Annotated[int, Query(alias="page", ge=1)]


def require(views: Views, view: str, subject: str) -> None:
    """Refuse what is not part of a recorded page view."""
    if not views.covers(view, subject):
        raise HTTPException(403, "This address belongs to a page that is no longer open")
