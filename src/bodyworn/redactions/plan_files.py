"""Plans as files: canonical JSON, read with care because people edit them."""

from __future__ import annotations

import json
from pathlib import Path

from bodyworn.domain.errors import Code, InputError
from bodyworn.domain.files import unreadable
from bodyworn.domain.recording import shown_name
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.redaction_plan_2 import FORMAT_2, upgraded
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.redactions.outputs import new_file

_MOST_BYTES = 512 << 20
_AGAIN = "Plan the recording again, or bring the file as it was written"


def write_plan(path: Path, plan: Plan, replace: bool = False) -> None:
    """Write ``plan`` to a new file, so that its SHA-256 is the plan's digest."""
    with new_file(path, replace) as draft:
        draft.write_bytes(plan.canonical())


def read_plan(path: Path, recording: Path | None = None) -> Plan:
    """The plan in the file ``path``; see :func:`parse_plan`."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError("the file is too large to be a plan", "Check that it is the right file")
        untrusted = path.read_bytes()
    except OSError as error:
        raise unreadable(shown_name(path.name), error) from error
    return parse_plan(untrusted, recording)


def parse_plan(untrusted: bytes, recording: Path | None = None) -> Plan:
    """The plan in these bytes; an :class:`InputError` that says what is wrong with them.

    A plan of the format before, which counted frames, is brought to times by the ``recording`` it is for.
    """
    try:
        found = json.loads(untrusted)
        if recording is not None and isinstance(found, dict) and found.get("format") == FORMAT_2:
            return upgraded(found, FrameNumbers(recording).times_us)
        return Plan.from_json(found)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno} is no JSON"
        raise InputError(f"that is not a plan: {where}", "Make the plan again", Code.PLAN_UNUSABLE) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"that is not a plan: {error}", "Make the plan again", Code.PLAN_UNUSABLE) from error
