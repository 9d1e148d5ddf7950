"""What the command line advises when something is refused: the error's own advice, or the command that helps."""

from __future__ import annotations

from collections.abc import Mapping

from bodyworn.domain.errors import BodywornError, Code

#: By code; ``{name}`` stands for the error's data of that name.
NEXT_STEPS: Mapping[Code, str] = {
    Code.FILE_EXISTS: "Choose another name, or say --force",
    Code.LIBRARY_MISSING: "Name one with --library, or take a recording in: bodyworn analyze FILE",
    Code.NOT_FOUND: "See: bodyworn {noun}s list",
    Code.REDACTION_MISSING: "Plan one: bodyworn redactions plan {recording}",
    Code.PLAN_CHANGED: "Look at it, then edit again: bodyworn redactions show {redaction}",
    Code.CUSTODY_FAULT: "Run: bodyworn custody verify",
    Code.SIGNING_KEY_MISSING: "Make one: bodyworn releases keys --agency NAME",
}


def told(error: BodywornError) -> str:
    """What to do now, as one sentence without its period."""
    template = NEXT_STEPS.get(error.code)
    return template.format_map(error.data) if template else error.advice
