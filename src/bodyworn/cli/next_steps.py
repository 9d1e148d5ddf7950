"""What the command line advises when something is refused: the command that helps, or the error's own advice."""

from __future__ import annotations

from collections.abc import Mapping

from bodyworn.domain.errors import BodywornError, Code

#: By code; ``{name}`` stands for the error's data of that name. A code that is not here keeps the error's advice.
NEXT_STEPS: Mapping[Code, str] = {
    Code.FILE_EXISTS: "Choose another name, or replace it with --force",
    Code.OUTPUT_REFUSED: "Choose another place for --json",
    Code.LIBRARY_MISSING: "Name one with --library, or make one: bodyworn analyze FILE",
    Code.LIBRARY_NOT_A_FOLDER: "Name another folder with --library",
    Code.DATABASE_REFUSED: "Run: bodyworn doctor",
    Code.NOT_FOUND: "See: bodyworn {noun}s list",
    Code.DISPOSED: "See why and by whom: bodyworn disposals show {disposal}",
    Code.NOT_DUE: "See what the rules say of each: bodyworn retention plan --rules FILE",
    Code.MAPPING_MISSING: "Add --mapping; nothing in a sidecar is guessed",
    Code.REDACTION_MISSING: "Plan one: bodyworn redactions plan {recording}",
    Code.PLAN_CHANGED: "Look at it, then edit again: bodyworn redactions show {redaction}",
    Code.CUSTODY_FAULT: "Run: bodyworn custody verify",
    Code.MODEL_NOT_SET_UP: "Run: make weights (or: python -m bodyworn.models.install)",
    Code.SIGNING_KEY_MISSING: "Make one: bodyworn releases keys --agency NAME",
    Code.AUTHORITY_KEY_MISSING: "Replace the keys: bodyworn releases keys --agency NAME --replace",
    Code.PASSPHRASE_MISSING: "Set {variable}, or add --unencrypted",
    Code.MODEL_UNKNOWN: "See the installed ones: bodyworn doctor. Or name a folder made by ct2-transformers-converter",
    Code.STAGE_BROKE: "The other stages are done; see bodyworn findings plan RECORDING, and report this fault",
    Code.PLAN_UNUSABLE: "Make it again: bodyworn redactions plan",
    Code.WORDS_NOT_HEARD: "See what is said: bodyworn redactions words",
    Code.RENDER_CHANGED: "Make the render again: bodyworn releases make --again {release}",
    Code.SIGN_IN_NEEDED: "Sign in: bodyworn login NAME",
    Code.PROOF_NEEDED: "Sign in again (bodyworn login NAME), and give this command within 10 minutes",
    Code.HOST_NOT_LOCAL: "Leave --host out, or use an SSH tunnel: ssh -L 8420:127.0.0.1:8420 THIS_MACHINE",
    Code.PORT_TAKEN: "Stop the other program, or choose another port with --port",
}

#: What a release needs next, by its state; also the advice where an act is refused because of the state.
RELEASE_STEPS: Mapping[str, str] = {
    "draft": "Look at what was reported first (bodyworn releases view {release} --out DIR), "
    "then: bodyworn releases review {release} --note TEXT",
    "checked": "Look at all of it: bodyworn releases view {release} --out DIR. "
    "Then two different people have to approve it: bodyworn releases approve {release}",
    "reviewed": "Two different people have to approve it: bodyworn releases approve {release}",
    "half_approved": "A second, different person has to approve it: bodyworn releases approve {release}",
    "approved": "Publish it: bodyworn releases publish {release}",
    "published": "It can only be withdrawn; make a new release for a new clip",
    "withdrawn": "It stays withdrawn; make a new release",
}

#: The same of a disposal.
DISPOSAL_STEPS: Mapping[str, str] = {
    "proposed": "Two different people have to approve it: bodyworn disposals approve {disposal}",
    "half_approved": "A second, different person has to approve it: bodyworn disposals approve {disposal}",
    "approved": "Carry it out: bodyworn disposals execute {disposal}",
    "begun": "It was stopped; complete it: bodyworn disposals execute {disposal}",
    "done": "Its certificate: bodyworn disposals certificate {disposal} --out FOLDER",
    "withdrawn": "It stays withdrawn; propose another one",
}


def told(error: BodywornError) -> str:
    """What to do now, as one sentence without its period."""
    if error.code is Code.NOT_ALLOWED_NOW:
        return release_step(error.data["release"], error.data["state"])
    if error.code is Code.DISPOSAL_NOT_NOW:
        return disposal_step(error.data["disposal"], error.data["state"])
    template = NEXT_STEPS.get(error.code)
    return template.format_map(error.data) if template else error.advice


def release_step(release_id: str, state: str) -> str:
    """What can be done with a release in that state."""
    return RELEASE_STEPS[state].format(release=release_id)


def disposal_step(disposal_id: str, state: str) -> str:
    """What can be done with a disposal in that state."""
    return DISPOSAL_STEPS[state].format(disposal=disposal_id)
