"""What the reader of cues is given: utterances in order, each with the role of its speaker."""

from __future__ import annotations

from dataclasses import dataclass


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
