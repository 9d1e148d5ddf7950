"""How sure a word-based finding is, in one of three words for people; a bare number invites too much trust."""

from __future__ import annotations

from enum import StrEnum

from bodyworn.domain.finding import SPEECH_KINDS

#: Least scores of ``sure`` and ``likely``.
_SURE, _LIKELY = 0.85, 0.65


class HowSure(StrEnum):
    """How sure the model is of what it proposes; how often each word is right stands on the model card."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"


def how_sure(kind: str, score: float) -> HowSure | None:
    """The word for a finding's score of 0.5 to 1; ``None`` for kinds whose scores only sort (sound, sight, derived)."""
    if kind not in SPEECH_KINDS:
        return None
    if score >= _SURE:
        return HowSure.SURE
    return HowSure.LIKELY if score >= _LIKELY else HowSure.POSSIBLE
