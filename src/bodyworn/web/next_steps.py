"""What the pages advise when something is refused: the page that helps, or the error's own advice."""

from __future__ import annotations

from collections.abc import Mapping

from bodyworn.domain.errors import BodywornError, Code

#: By code; ``{name}`` stands for the error's data of that name. A code that is not here keeps the error's advice.
NEXT_STEPS: Mapping[Code, str] = {
    Code.NOT_FOUND: "Go back to the list of {noun}s",
    Code.CUSTODY_FAULT: "Open the custody page of the recording and check it there",
}


def told(error: BodywornError) -> str:
    """What to do now, as one sentence without its period."""
    template = NEXT_STEPS.get(error.code)
    return template.format_map(error.data) if template else error.advice
