"""Plans as files: canonical JSON, read with care because people edit them: in a child process with limits."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bodyworn.domain.codec import Json
from bodyworn.domain.errors import Code, InputError
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.redaction_plan_2 import FORMAT_2, upgraded
from bodyworn.media import documents
from bodyworn.media.frame_numbers import read_times
from bodyworn.redactions.outputs import new_file

#: A plan of a long day has half of that.
_MOST_BYTES = 96 << 20
#: Reading when the frames of a recording are shown takes longer than reading a plan.
_LIMITS = replace(documents.LIMITS, cpu_seconds=300, wall_seconds=900, answer_chars=2 * _MOST_BYTES)


def write_plan(path: Path, plan: Plan, replace: bool = False) -> None:
    """Write ``plan`` to a new file, so that its SHA-256 is the plan's digest."""
    with new_file(path, replace) as draft:
        draft.write_bytes(plan.canonical())


def read_plan(path: Path, recording: Path | None = None) -> Plan:
    """The plan in the file ``path``; an :class:`InputError` says what is wrong with it.

    A plan of the format before, which counted frames, is brought to times by the ``recording`` it is for.
    """
    files: dict[str, Json] = {
        "path": os.fspath(path.absolute()),
        "recording": None if recording is None else os.fspath(recording.absolute()),
    }
    return Plan.from_json(documents.parsed(plan_in, files, path.name, _LIMITS))


def plan_in(path: str, recording: str | None) -> dict[str, Json]:
    """The work of the child: JSON of the plan in the file ``path``; see :func:`read_plan`."""
    times = None if recording is None else lambda: read_times(recording)
    return parse_plan(documents.bytes_of(Path(path), _MOST_BYTES, "a plan"), times).to_json()


def parse_plan(data: bytes, times_us: Callable[[], Sequence[int]] | None = None) -> Plan:
    """The plan in these bytes; an :class:`InputError` that says what is wrong with them.

    ``times_us`` gives when each frame of the recording is shown: a plan of the format before counted frames.
    """
    try:
        found = json.loads(data)
        if times_us is not None and isinstance(found, dict) and found.get("format") == FORMAT_2:
            return upgraded(found, times_us())
        return Plan.from_json(found)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno} is no JSON"
        raise InputError(f"that is not a plan: {where}", "Make the plan again", Code.PLAN_UNUSABLE) from error
    except (ValueError, RecursionError, OverflowError) as error:
        raise InputError(f"that is not a plan: {error}", "Make the plan again", Code.PLAN_UNUSABLE) from error
