"""``/findings/<recording>/``: times for the scripts, the waveform as bytes, and how far the analysis is."""

from __future__ import annotations

from array import array

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bodyworn.web.dependencies import readers_of, snapshot_of, view_of
from bodyworn.web.findings.queries import AnalysisSnapshot
from bodyworn.web.findings.wire import encoded, timeline_of
from bodyworn.web.recordings import listing

_FRESH = {"Cache-Control": "no-store"}


async def timeline(request: Request) -> Response:
    """Times only: the words are in the page. See :mod:`bodyworn.web.findings.wire` for the shape."""
    snapshot = await snapshot_of(request)
    view = view_of(request, snapshot.recording.id)
    body = await readers_of(request).body(snapshot, "timeline", view, lambda: encoded(timeline_of(snapshot)))
    return Response(body, media_type="application/json", headers=_FRESH)


async def peaks(request: Request) -> Response:
    """The waveform: signed bytes, lowest and highest of each step in turn."""
    snapshot = await snapshot_of(request)
    view = view_of(request, snapshot.recording.id)
    body = await readers_of(request).body(snapshot, "peaks", view, lambda: _peaks(snapshot))
    return Response(body, media_type="application/octet-stream", headers=_FRESH)


def _peaks(snapshot: AnalysisSnapshot) -> bytes:
    audio = snapshot.artifact("audio")
    if audio is None or not audio.data.get("peaks"):
        raise HTTPException(404, "There is no waveform of this recording")
    low, high = audio.data["peaks"]["min"], audio.data["peaks"]["max"]
    pairs = array("b", bytes(2 * len(low)))
    pairs[0::2], pairs[1::2] = array("b", low), array("b", high)
    return pairs.tobytes()


async def progress(request: Request) -> Response:
    """States of the stages, for the progress page to poll; not a view, as nothing of the recording is shown."""
    snapshot = await snapshot_of(request)
    told = listing.progress(snapshot.steps)
    steps = [{"stage": step.stage, "state": step.state, "because": step.because} for step in told.steps]
    body = {"state": told.state, "done": told.done, "total": told.total, "steps": steps}
    return JSONResponse(body, headers=_FRESH)


routes = (
    Route("/findings/{recording_id}/timeline.json", timeline),
    Route("/findings/{recording_id}/peaks.bin", peaks),
    Route("/findings/{recording_id}/progress.json", progress),
)
