"""``/findings/<recording>/``: times for the scripts, the waveform as bytes, and how far the analysis is."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import JSONResponse, Response

from bodyworn.domain.finding import Family
from bodyworn.web import wording
from bodyworn.web.recordings import cards, encounter, listing, media, transcript, unknowns
from bodyworn.web.recordings.router import TheDesk, TheRecording, TheViews, View, require

router = APIRouter(prefix="/findings")


@router.get("/{recording_id}/timeline.json")
def timeline(recording: TheRecording, desk: TheDesk, views: TheViews, view: View) -> JSONResponse:
    """Times only: the words are in the page. Rows are arrays, as there may be thousands.

    ``utterances``: ``[i, start_ms, end_ms, role, [[word start, word length, characters], …]]``; ``findings``:
    ``[start_ms, end_ms, family, score, kind, role]`` in the order of the cards; ``unknown``: ``[start_ms, end_ms,
    words, not heard]``.
    """
    require(views, view, recording.id)
    document = desk.document(recording)
    length = encounter.duration_ms(recording, document)
    summary = unknowns.summarize(document["unknown"], length)
    body: dict[str, Any] = {
        "duration_ms": length,
        "frame_ms": media.frame_ms(recording),
        "families": [family.value for family in Family],
        "names": {family.value: words.name for family, words in wording.FAMILIES.items()},
        "kinds": wording.KINDS,
        "utterances": [_utterance(utterance) for utterance in document["utterances"]],
        "findings": [_finding(finding) for finding in cards.in_order(document)],
        "unknown": [[s.start_ms, s.end_ms, s.words, s.unheard] for s in summary.spans],
        "peaks_step_ms": None,
        "thumbnails": None,
    }
    audio, sight = desk.artifact(recording, "audio"), desk.artifact(recording, "sight")
    if audio is not None and audio.data.get("peaks"):
        body["peaks_step_ms"] = audio.data["peaks"]["step_ms"]
    if sight is not None and "thumbnails.jpg" in sight.files:
        body["thumbnails"] = sight.data["thumbnails"]
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _utterance(said: Mapping[str, Any]) -> list[Any]:
    return [said["i"], said["start_ms"], said["end_ms"], wording.role_name(said["role"]), transcript.timing(said)]


def _finding(found: Mapping[str, Any]) -> list[Any]:
    role = cards.speaker_of(found)
    words = wording.role_name(role) if role else ""
    return [
        found["start_ms"],
        found["end_ms"],
        found["family"],
        found["score"],
        wording.kind_name(found["kind"]),
        words,
    ]


@router.get("/{recording_id}/peaks.bin")
def peaks(recording: TheRecording, desk: TheDesk, views: TheViews, view: View) -> Response:
    """The waveform: signed bytes, lowest and highest of each step in turn."""
    require(views, view, recording.id)
    audio = desk.artifact(recording, "audio")
    if audio is None or not audio.data.get("peaks"):
        raise HTTPException(404, "There is no waveform of this recording")
    low, high = audio.data["peaks"]["min"], audio.data["peaks"]["max"]
    pairs = array("b", bytes(2 * len(low)))
    pairs[0::2], pairs[1::2] = array("b", low), array("b", high)
    return Response(pairs.tobytes(), media_type="application/octet-stream", headers={"Cache-Control": "no-store"})


@router.get("/{recording_id}/progress.json")
def progress(recording: TheRecording, desk: TheDesk) -> JSONResponse:
    """States of the stages, for the progress page to poll; not a view, as nothing of the recording is shown."""
    told = listing.progress(desk.steps(recording))
    steps = [{"stage": s.stage, "state": s.state, "because": s.because} for s in told["steps"]]
    return JSONResponse({**told, "steps": steps}, headers={"Cache-Control": "no-store"})
