"""Words that come again: read once where they follow each other, and by themselves where they come back.

Nine times "I can't breathe" is not a calmer story than once, but a model that reads the whole conversation takes it for
one: what stands around an utterance lowers its scores. So neighboring turns that say the same are read as one, and for
kinds that cannot wait a short turn that is said more than once gets the higher of its scores in context and alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bodyworn.findings.cues.outright import plain_words
from bodyworn.findings.cues.turns import CueTurn

#: Kinds whose words stand by themselves.
ACUTE = ("distress", "help_request", "self_harm_risk", "medical", "command", "safety_risk")
MOST_WORDS = 8


def read_once(turns: Sequence[CueTurn]) -> tuple[list[int], list[int]]:
    """Numbers of the turns to read, and for each turn which of these it is."""
    kept: list[int] = []
    place: list[int] = []
    for at, turn in enumerate(turns):
        if not kept or _words(turn) != _words(turns[kept[-1]]) or not turn.text.strip():
            kept.append(at)
        place.append(len(kept) - 1)
    return kept, place


def come_back(turns: Sequence[CueTurn]) -> dict[CueTurn, list[int]]:
    """Short turns that say what another one says too, each with where it stands."""
    counted = Counter(map(_words, turns))
    found: dict[CueTurn, list[int]] = {}
    for at, turn in enumerate(turns):
        if counted[_words(turn)] > 1 and 2 <= len(_words(turn)[1].split()) <= MOST_WORDS:
            found.setdefault(turn, []).append(at)
    return found


def _words(turn: CueTurn) -> tuple[str, str]:
    return turn.role, plain_words(turn.text).lower()
