"""What the pages advise when something is refused: the page that helps, or the error's own advice."""

from __future__ import annotations

from collections.abc import Mapping

from bodyworn.domain.errors import BodywornError, Code

#: By code; ``{name}`` stands for the error's data of that name. A code that is not here keeps the error's advice.
#: Steps name pages and people, never a command: who looks at a page may have no terminal.
NEXT_STEPS: Mapping[Code, str] = {
    Code.NOT_FOUND: "Go back to the list of {noun}s",
    Code.CUSTODY_FAULT: "Open the custody page of the recording and check it there",
    Code.LIBRARY_MISSING: "Ask the person who runs this workbench where the library {folder} is",
    Code.SIGNING_KEY_MISSING: "Ask the person who holds your agency's signing key to set it up on this machine",
    Code.DATABASE_REFUSED: "Ask the person who runs this workbench to examine the library",
    Code.STAGE_BROKE: "The other stages are done; ask the person who runs this workbench to report this fault",
    Code.RENDER_CHANGED: "Ask the records clerk to make the render of {release} again",
    Code.PLAN_CHANGED: "Load the page again to see the newest version, then make the edits again",
    Code.NOT_ALLOWED_NOW: "Load the page again; it shows what can be done with the release now",
}


def told(error: BodywornError) -> str:
    """What to do now, as one sentence without its period."""
    template = NEXT_STEPS.get(error.code)
    return template.format_map(error.data) if template else error.advice
