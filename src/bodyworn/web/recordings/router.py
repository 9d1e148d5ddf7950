"""``/recordings/``: the list, and for each recording its encounter, custody and facts pages, its media and pictures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from bodyworn.web.dependencies import (
    PageNumber,
    TheRecording,
    TheViews,
    TheWorkbench,
    readers_of,
    snapshot_of,
    view_of,
)
from bodyworn.web.findings.queries import AnalysisSnapshot
from bodyworn.web.forms import SentForm
from bodyworn.web.pages import SWAP, answer, page, rendered, who
from bodyworn.web.recordings import encounter, events, listing, media
from bodyworn.web.recordings.acts import RecordingView

router = APIRouter(prefix="/recordings")

TheAsked = Annotated[events.EventQuery, Depends(events.asked)]

#: Pictures and waveforms belong to one page view; the browser may keep them while that page is open.
_KEEP = {"Cache-Control": "private, max-age=3600, immutable"}


@router.get("/")
def recordings(
    request: Request,
    workbench: TheWorkbench,
    views: TheViews,
    number: PageNumber = 1,
    q: Annotated[str, Query(max_length=200)] = "",
    sort: listing.ListOrder = listing.ListOrder.NEWEST,
) -> Response:
    """The list, newest first; ``q`` are words to look for, which are not written down."""
    asked = listing.ListQuery(q.strip(), sort)
    every = workbench.recordings.newest_first()
    found = listing.chosen(every, asked)
    workbench.recording_acts.view_list(len(found))
    view = views.begin("recordings")
    shown = listing.listing(workbench, request.app.state.tallies, found, number, len(every))
    orders = listing.ORDERS
    return page(request, "recordings/list.html", view=view, listing=shown, asked=asked, orders=orders)


async def opened(request: Request) -> Response:
    """The encounter page; while there is no analysis, the page that shows how far it is."""
    readers = readers_of(request)
    whose = readers.rendered.who_mark
    found = await readers.open(request.path_params["recording_id"])
    snapshot, recording = found.snapshot, found.snapshot.recording
    if not encounter.ready(snapshot.steps):
        told = listing.progress(snapshot.steps)
        return await run_in_threadpool(page, request, "recordings/progress.html", recording=recording, progress=told)
    await readers.view(recording, RecordingView.OPENED)
    view, mark, block = (
        request.app.state.views.begin(recording.id),
        readers.rendered.mark,
        request.headers.get(SWAP, ""),
    )

    def made() -> str:
        """Without who asks, and without a form: these belong to one session."""
        shown = encounter.encounter(snapshot, found.original)
        return rendered(
            request, "recordings/encounter.html", recording=recording, view=mark, shown=shown, who_mark=whose
        )

    body = await readers.body(snapshot, f"page {block}", view, made)
    return answer(body.replace(whose.encode(), who(request).encode(), 1))


@router.get("/{recording_id}/custody")
def custody(
    request: Request,
    recording: TheRecording,
    workbench: TheWorkbench,
    asked: TheAsked,
    check: Annotated[str, Query(max_length=64)] = "",
    number: PageNumber = 1,
) -> Response:
    """Digests, the events of this recording, and the outcome of the integrity check that led here."""
    workbench.recording_acts.view(recording, RecordingView.CUSTODY)
    history = events.history(workbench.recordings.events(recording), asked, number)
    outcome = request.app.state.checks.of(recording.id, check)
    return page(request, "recordings/custody.html", recording=recording, history=history, check=outcome)


@router.get("/{recording_id}/custody.{form}")
def exported(recording: TheRecording, workbench: TheWorkbench, asked: TheAsked, form: events.ExportForm) -> Response:
    """The events of this recording as a file, filtered as on the page, oldest first."""
    workbench.recording_acts.view(recording, RecordingView.CUSTODY_EXPORTED)
    history = events.history(workbench.recordings.events(recording), asked)
    name = f"{recording.id}-custody.{form.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(events.exported(recording, history, form), media_type=form.media_type, headers=headers)


@router.post("/{recording_id}/custody")
def check(request: Request, recording: TheRecording, workbench: TheWorkbench, sent: SentForm) -> Response:
    """Check the stored file and the audit log now, and lead to the outcome."""

    def act() -> str:
        key = request.app.state.checks.keep(recording.id, workbench.recording_acts.check(recording))
        return f"/recordings/{recording.id}/custody?check={key}"

    return sent.act(act)


@router.get("/{recording_id}/facts")
def facts(request: Request, recording: TheRecording, workbench: TheWorkbench) -> Response:
    """What the container says about itself, as probed."""
    workbench.recording_acts.view(recording, RecordingView.FACTS)
    return page(request, "recordings/facts.html", recording=recording, facts=recording.facts)


async def streamed(request: Request) -> Response:
    """The film or sound for the player, by byte ranges: the original, or the proxy where the browser needs one."""
    readers, views = readers_of(request), request.app.state.views
    found = await readers.open(request.path_params["recording_id"])
    recording = found.snapshot.recording
    view = view_of(request, recording.id)
    playable, stat = await run_in_threadpool(_film, found.snapshot, found.original)
    await views.once(view, "streamed", lambda: readers.view(recording, RecordingView.STREAMED))
    headers = {"Cache-Control": "no-store"}
    return FilmResponse(playable.path, media_type=playable.media_type, headers=headers, stat_result=stat)


class FilmResponse(FileResponse):
    """A file in pieces that are large enough not to go from thread to thread for each 64 KiB."""

    chunk_size = 512 * 1024


def _film(snapshot: AnalysisSnapshot, original: Path) -> tuple[media.Playable, os.stat_result]:
    playable = media.playable(snapshot, original)
    return playable, playable.path.stat()


@router.get("/{recording_id}/original")
def downloaded(recording: TheRecording, workbench: TheWorkbench) -> Response:
    """The original as a download, under the name it came with."""
    path = workbench.recordings.file_of(recording)
    workbench.recording_acts.view(recording, RecordingView.DOWNLOADED)
    return FileResponse(path, media_type="application/octet-stream", filename=recording.name)


async def picture(request: Request) -> Response:
    """``poster.jpg`` or ``thumbnails.jpg`` of the sight stage; the list shows posters too."""
    snapshot, name = await snapshot_of(request), request.path_params["picture"]
    listed = name == "poster.jpg" and request.app.state.views.covers(request.query_params.get("view", ""), "recordings")
    if not listed:
        view_of(request, snapshot.recording.id)
    body = await readers_of(request).body(snapshot, f"picture {name}", "", lambda: _picture(snapshot, name))
    return Response(body, media_type="image/jpeg", headers=_KEEP)


def _picture(snapshot: AnalysisSnapshot, picture: str) -> bytes:
    sight = snapshot.artifact("sight") if picture in ("poster.jpg", "thumbnails.jpg") else None
    if sight is None or picture not in sight.files:
        raise HTTPException(404, "There is no such picture of this recording")
    return sight.files[picture].read_bytes()


@router.get("/{recording_id}/", include_in_schema=False)
def trailing(recording_id: str) -> Response:
    """The address without its slash."""
    return RedirectResponse(f"/recordings/{recording_id}", status_code=308)


#: What many ask for at once is asked of Starlette itself: working out FastAPI's dependencies took half of its time.
routes = (
    Route("/recordings/{recording_id}", opened),
    Route("/recordings/{recording_id}/media", streamed),
    Route("/recordings/{recording_id}/pictures/{picture}", picture),
)
