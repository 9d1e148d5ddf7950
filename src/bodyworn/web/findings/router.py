"""``/findings/<recording>/``: times for the scripts, the waveform as bytes, and how far the analysis is."""

from __future__ import annotations

from array import array

from fastapi import APIRouter, HTTPException
from starlette.responses import JSONResponse, Response

from bodyworn.web.dependencies import TheSnapshot, TheViews, View, require
from bodyworn.web.findings.wire import encoded, timeline_of
from bodyworn.web.recordings import listing

router = APIRouter(prefix="/findings")

_FRESH = {"Cache-Control": "no-store"}


@router.get("/{recording_id}/timeline.json")
def timeline(snapshot: TheSnapshot, views: TheViews, view: View) -> Response:
    """Times only: the words are in the page. See :mod:`bodyworn.web.findings.wire` for the shape."""
    require(views, view, snapshot.recording.id)
    return Response(encoded(timeline_of(snapshot)), media_type="application/json", headers=_FRESH)


@router.get("/{recording_id}/peaks.bin")
def peaks(snapshot: TheSnapshot, views: TheViews, view: View) -> Response:
    """The waveform: signed bytes, lowest and highest of each step in turn."""
    require(views, view, snapshot.recording.id)
    audio = snapshot.artifact("audio")
    if audio is None or not audio.data.get("peaks"):
        raise HTTPException(404, "There is no waveform of this recording")
    low, high = audio.data["peaks"]["min"], audio.data["peaks"]["max"]
    pairs = array("b", bytes(2 * len(low)))
    pairs[0::2], pairs[1::2] = array("b", low), array("b", high)
    return Response(pairs.tobytes(), media_type="application/octet-stream", headers=_FRESH)


@router.get("/{recording_id}/progress.json")
def progress(snapshot: TheSnapshot) -> JSONResponse:
    """States of the stages, for the progress page to poll; not a view, as nothing of the recording is shown."""
    told = listing.progress(snapshot.steps)
    steps = [{"stage": step.stage, "state": step.state, "because": step.because} for step in told.steps]
    body = {"state": told.state, "done": told.done, "total": told.total, "steps": steps}
    return JSONResponse(body, headers=_FRESH)
