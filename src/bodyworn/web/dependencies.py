"""What routes ask for: the workbench, the page views, the recording that the address names, one snapshot of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Query, Request

from bodyworn.domain.recording import Recording
from bodyworn.web.findings.queries import AnalysisSnapshot
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


def snapshot_of(recording: TheRecording, workbench: TheWorkbench) -> AnalysisSnapshot:
    """What is known of the recording's findings now: planned once in a request."""
    return workbench.findings.snapshot(recording)


TheSnapshot = Annotated[AnalysisSnapshot, Depends(snapshot_of)]
View = Annotated[str, Query(max_length=64)]
PageNumber = Annotated[int, Query(alias="page", ge=1)]


def require(views: Views, view: str, subject: str) -> None:
    """Refuse what is not part of a recorded page view."""
    if not views.covers(view, subject):
        raise HTTPException(403, "This address belongs to a page that is no longer open")
