"""``/recordings/``: the list, and for each recording its encounter, custody and facts pages, its media and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from bodyworn.domain.recording import Recording
from bodyworn.web.desk import Desk
from bodyworn.web.pages import page
from bodyworn.web.recordings import encounter, listing, media
from bodyworn.web.viewing import Views

router = APIRouter(prefix="/recordings")

#: Pictures and waveforms belong to one page view; the browser may keep them while that page is open.
_KEEP = {"Cache-Control": "private, max-age=3600, immutable"}


def desk_of(request: Request) -> Desk:
    """The library behind this server."""
    desk: Desk = request.app.state.desk
    return desk


def views_of(request: Request) -> Views:
    """The open page views of this server."""
    views: Views = request.app.state.views
    return views


def recording_of(recording_id: str, desk: Annotated[Desk, Depends(desk_of)]) -> Recording:
    """The recording that the address names; ``NotFound`` becomes a 404 page."""
    return desk.recording(recording_id)


TheDesk = Annotated[Desk, Depends(desk_of)]
TheViews = Annotated[Views, Depends(views_of)]
TheRecording = Annotated[Recording, Depends(recording_of)]
View = Annotated[str, Query(max_length=64)]
PageNumber = Annotated[int, Query(alias="page", ge=1)]


def require(views: Views, view: str, subject: str) -> None:
    """Refuse what is not part of a recorded page view."""
    if not views.covers(view, subject):
        raise HTTPException(403, "This address belongs to a page that is no longer open")


@router.get("/")
def recordings(request: Request, desk: TheDesk, views: TheViews, number: PageNumber = 1) -> Response:
    """The list, the last taken in first."""
    desk.viewed("listed")
    view = views.begin("recordings")
    return page(
        request, "recordings/list.html", view=view, listing=listing.listing(desk, request.app.state.tallies, number)
    )


@router.get("/{recording_id}")
def opened(request: Request, recording: TheRecording, desk: TheDesk, views: TheViews) -> Response:
    """The encounter page; while there is no analysis, the page that shows how far it is."""
    steps = desk.steps(recording)
    if not encounter.ready(steps):
        return page(request, "recordings/progress.html", recording=recording, **listing.progress(steps))
    desk.viewed("opened", recording)
    view = views.begin(recording.id)
    shown = encounter.encounter(desk, recording, steps)
    return page(request, "recordings/encounter.html", recording=recording, view=view, shown=shown)


@router.get("/{recording_id}/custody")
def custody(request: Request, recording: TheRecording, desk: TheDesk) -> Response:
    """Digests and the events of this recording."""
    desk.viewed("custody", recording)
    events = list(reversed(desk.events(recording)))
    return page(request, "recordings/custody.html", recording=recording, events=events, check=None)


@router.post("/{recording_id}/custody")
def check(request: Request, recording: TheRecording, desk: TheDesk) -> Response:
    """Check the stored file and the audit log now, and show the outcome."""
    outcome = desk.check(recording)
    events = list(reversed(desk.events(recording)))
    return page(request, "recordings/custody.html", recording=recording, events=events, check=outcome)


@router.get("/{recording_id}/facts")
def facts(request: Request, recording: TheRecording, desk: TheDesk) -> Response:
    """What the container says of itself, as probed."""
    desk.viewed("facts", recording)
    return page(request, "recordings/facts.html", recording=recording, facts=recording.facts)


@router.get("/{recording_id}/media")
def streamed(recording: TheRecording, desk: TheDesk, views: TheViews, view: View) -> Response:
    """The film or sound for the player, by byte ranges: the original, or the proxy where the browser needs one."""
    require(views, view, recording.id)
    playable = media.playable(desk, recording)
    views.once(view, "streamed", lambda: desk.viewed("streamed", recording))
    return FileResponse(playable.path, media_type=playable.media_type, headers={"Cache-Control": "no-store"})


@router.get("/{recording_id}/original")
def downloaded(recording: TheRecording, desk: TheDesk) -> Response:
    """The original as a download, under the name it came with."""
    path = desk.file_of(recording)
    desk.viewed("downloaded", recording)
    return FileResponse(path, media_type="application/octet-stream", filename=recording.name)


@router.get("/{recording_id}/pictures/{picture}")
def picture(recording: TheRecording, picture: str, desk: TheDesk, views: TheViews, view: View) -> Response:
    """``poster.jpg`` or ``thumbnails.jpg`` of the sight stage."""
    if not (picture == "poster.jpg" and views.covers(view, "recordings")):
        require(views, view, recording.id)
    path = _picture(desk, recording, picture)
    return FileResponse(path, media_type="image/jpeg", headers=_KEEP)


def _picture(desk: Desk, recording: Recording, picture: str) -> Path:
    sight = desk.artifact(recording, "sight") if picture in ("poster.jpg", "thumbnails.jpg") else None
    if sight is None or picture not in sight.files:
        raise HTTPException(404, "There is no such picture of this recording")
    return sight.files[picture]


@router.get("/{recording_id}/", include_in_schema=False)
def trailing(recording_id: str) -> Response:
    """The address without its slash."""
    return RedirectResponse(f"/recordings/{recording_id}", status_code=308)
