"""``/encounters/``: the list, and for each encounter its recordings, its facts with their sources, and proposals."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bodyworn.web.dependencies import PageNumber, TheWorkbench
from bodyworn.web.pages import page

router = APIRouter(prefix="/encounters")

PER_PAGE = 50


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
