"""What the command line advises when something is refused: the error's own advice, or the command that helps."""

from __future__ import annotations

from collections.abc import Mapping

from bodyworn.domain.errors import BodywornError, Code

#: By code; ``{name}`` stands for the error's data of that name.
NEXT_STEPS: Mapping[Code, str] = {
    Code.FILE_EXISTS: "Choose another name, or say --force",
    Code.LIBRARY_MISSING: "Name one with --library, or take a recording in: bodyworn analyze FILE",
    Code.NOT_FOUND: "See: bodyworn {noun}s list",
    Code.CUSTODY_FAULT: "Run: bodyworn custody verify",
    Code.MODEL_NOT_SET_UP: "Run: make weights (or: python -m bodyworn.models.install)",
    Code.SIGNING_KEY_MISSING: "Make one: bodyworn releases keys --agency NAME",
}

#: What a release needs next, by its state; also the advice where an act is refused because of the state.
RELEASE_STEPS: Mapping[str, str] = {
    "draft": "Look at the reported leaks first, then: bodyworn releases review {release}",
    "reviewed": "Two different people have to approve it: bodyworn releases approve {release}",
    "half_approved": "A second, different person has to approve it: bodyworn releases approve {release}",
    "approved": "Publish it: bodyworn releases publish {release}",
    "published": "It can only be withdrawn; make a new release for a new clip",
    "withdrawn": "It stays withdrawn; make a new release",
}


def told(error: BodywornError) -> str:
    """What to do now, as one sentence without its period."""
    if error.code is Code.NOT_ALLOWED_NOW:
        return release_step(error.data["release"], error.data["state"])
    template = NEXT_STEPS.get(error.code)
    return template.format_map(error.data) if template else error.advice


def release_step(release_id: str, state: str) -> str:
    """What can be done with a release in that state."""
    return RELEASE_STEPS[state].format(release=release_id)
