"""Words that stand by themselves: read once where they follow each other, and short ones also without their context.

Nine times "I can't breathe" is not a calmer story than once, but a model that reads the whole conversation takes it for
one: what stands around an utterance lowers its scores. So neighboring turns that say the same are read as one, and for
kinds that cannot wait a short turn gets the higher of its scores in context and alone. Context may add; it
never takes away.
"""

from __future__ import annotations

from collections.abc import Sequence

from bodyworn.findings.cues.outright import plain_words
from bodyworn.findings.cues.turns import CueTurn

#: Kinds whose words stand by themselves.
ACUTE = ("distress", "help_request", "self_harm_risk", "medical", "command", "safety_risk")
#: Words of a turn that is read alone too.
FEWEST_WORDS, MOST_WORDS = 2, 8


def read_once(turns: Sequence[CueTurn]) -> tuple[list[int], list[int]]:
    """Numbers of the turns to read, and for each turn which of these it is."""
    kept: list[int] = []
    place: list[int] = []
    for at, turn in enumerate(turns):
        if not kept or _words(turn) != _words(turns[kept[-1]]) or not turn.text.strip():
            kept.append(at)
        place.append(len(kept) - 1)
    return kept, place


def read_alone(turns: Sequence[CueTurn]) -> dict[CueTurn, list[int]]:
    """Short turns with the places where each is said."""
    found: dict[CueTurn, list[int]] = {}
    for at, turn in enumerate(turns):
        if FEWEST_WORDS <= len(turn.text.split()) <= MOST_WORDS:
            found.setdefault(turn, []).append(at)
    return found


def _words(turn: CueTurn) -> tuple[str, str]:
    return turn.role, plain_words(turn.text).lower()
