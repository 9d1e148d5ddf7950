"""``/encounters/``: the list, and of each encounter recordings, facts with sources, proposals, and what is said."""

from __future__ import annotations

import math

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bodyworn.web.dependencies import PageNumber, TheWorkbench
from bodyworn.web.pages import page

router = APIRouter(prefix="/encounters")

PER_PAGE = 50
#: So many utterances stand on one page of a transcript.
SAID_PER_PAGE = 300


@router.get("/")
def encounters(request: Request, workbench: TheWorkbench, number: PageNumber = 1) -> Response:
    """The list, newest first, and which of them are proposed as one."""
    every = workbench.encounters.newest_first()
    workbench.encounters.view_list(len(every))
    pages = max(1, -(-len(every) // PER_PAGE))
    number = min(number, pages)
    shown = every[(number - 1) * PER_PAGE : number * PER_PAGE]
    proposals = workbench.encounters.proposals()[:PER_PAGE]
    return page(
        request,
        "encounters/list.html",
        rows=shown,
        total=len(every),
        number=number,
        pages=pages,
        proposals=proposals,
    )


@router.get("/{encounter_id}")
def encounter(request: Request, encounter_id: str, workbench: TheWorkbench) -> Response:
    """One encounter; an ID that was joined into another leads there."""
    found = workbench.encounters.by_id(encounter_id)
    if found.id != encounter_id:
        return RedirectResponse(f"/encounters/{found.id}", status_code=303)
    workbench.encounters.view(found)
    names = {member.recording: member.name for member in found.members}
    sheet, proposals = workbench.encounters.facts(found), workbench.encounters.proposals(found)
    return page(request, "encounters/encounter.html", encounter=found, sheet=sheet, proposals=proposals, names=names)


@router.get("/{encounter_id}/transcript")
def transcript(request: Request, encounter_id: str, workbench: TheWorkbench, number: PageNumber = 1) -> Response:
    """What is said in an encounter and what its recordings tell together, a stretch of time on each page."""
    found = workbench.encounters.by_id(encounter_id)
    if found.id != encounter_id:
        return RedirectResponse(f"/encounters/{found.id}/transcript", status_code=303)
    workbench.encounters.view(found, "transcript")
    said, told = workbench.encounters.transcript(found), workbench.encounters.findings(found)
    pages = max(1, -(-len(said.utterances) // SAID_PER_PAGE))
    number = min(number, pages)
    shown = said.utterances[(number - 1) * SAID_PER_PAGE : number * SAID_PER_PAGE]
    start = shown[0].span.start_ms if shown and number > 1 else 0
    end = said.utterances[number * SAID_PER_PAGE].span.start_ms if number < pages else math.inf
    return page(
        request,
        "encounters/transcript.html",
        encounter=found,
        said=said,
        told=told,
        shown=shown,
        moments=[one for one in told.findings if start <= one.span.start_ms < end],
        number=number,
        pages=pages,
        names={member.recording: member.name for member in found.members},
    )
