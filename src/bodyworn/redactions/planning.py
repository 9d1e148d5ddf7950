"""Propose a plan without rendering, and show what it hides; pictures are decoded in a child process."""

from __future__ import annotations

import os
from base64 import b64decode
from pathlib import Path
from typing import cast

from bodyworn.domain.codec import Json
from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.redaction_plan import Plan
from bodyworn.media import sandbox
from bodyworn.media.limits import looking
from bodyworn.media.probe import readable_size
from bodyworn.redactions import jobs
from bodyworn.redactions.rendering import RedactionRequest, order_of


def propose(source: Path, request: RedactionRequest, progress: Progress = no_progress) -> Plan:
    """What the detectors would hide in ``source``, as a plan for a person to change; nothing is written."""
    order = order_of(source, request)
    return Plan.from_json(sandbox.run(jobs.propose, {"order": order}, looking(readable_size(source)), progress))


def preview(plan: Plan, source: Path, name: str, progress: Progress = no_progress) -> bytes:
    """A sheet of pictures of the places that matter, masked as they will be, each box with its track's name.

    A PNG or JPEG, by the suffix of ``name``. Nothing hidden is in it: the mask is drawn first, outlines and names over
    it.
    """
    if plan.source.is_sound_only:
        raise InputError("the recording has no pictures to show", "Listen to it beside its list of spans")
    asked: dict[str, Json] = {"source": os.fspath(source), "plan": plan.to_json(), "name": name}
    return b64decode(cast(str, sandbox.run(jobs.preview, asked, looking(readable_size(source)), progress)))
