"""What the reader of cues is given: utterances in order, each with the role of its speaker."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROLE = re.compile(r"(officer|community)(?:_([2-9]|[1-9][0-9]))?\Z|dispatch\Z|unknown\Z")


@dataclass(frozen=True)
class CueTurn:
    """One utterance. ``role`` is ``officer``, ``officer_2`` …, ``community`` …, ``dispatch`` or ``unknown``."""

    role: str
    text: str


@dataclass(frozen=True)
class Conversation:
    """The utterances of one encounter, in order of their start. ``numbers`` are what their source calls them.

    ``notes`` tell what of the source could not be read.
    """

    id: str
    turns: tuple[CueTurn, ...]
    numbers: tuple[int, ...]
    notes: tuple[str, ...] = ()


def role_or_unknown(name: object) -> str:
    """``name`` if it is a role of ours, else ``unknown``: a wrong role misleads more than none."""
    return name if isinstance(name, str) and _ROLE.match(name) else "unknown"
