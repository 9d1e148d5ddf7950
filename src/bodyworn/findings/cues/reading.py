"""What was read in a turn, and why: the scores in context and alone, the words, the rules that changed a score."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bodyworn.findings.cues.calibration import KINDS

#: A score of this or more names the kind.
THRESHOLD = 0.5


@dataclass(frozen=True)
class Reading:
    """``scores`` of all 18 kinds, ``kinds`` of 0.5 or more, ``words`` that triggered each.

    ``in_context`` are the model's scores before anything changed them, ``alone`` those of the turn by itself where it
    was read so, ``rules`` which rule raised or lowered a kind.
    """

    kinds: tuple[str, ...]
    scores: dict[str, float]
    words: dict[str, list[str]]
    in_context: dict[str, float] = field(default_factory=dict)
    alone: dict[str, float] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)

    def changed(self, kind: str, score: float, words: list[str], rule: str) -> Reading:
        """With ``kind`` at ``score`` by ``rule``, triggered by ``words`` if that names it."""
        scores = self.scores | {kind: score}
        kinds = tuple(one for one in KINDS if scores[one] >= THRESHOLD)
        said = self.words | {kind: words} if kind in kinds else {k: v for k, v in self.words.items() if k != kind}
        return replace(self, kinds=kinds, scores=scores, words=said, rules=self.rules | {kind: rule})


def nothing() -> Reading:
    """The reading of a turn without words."""
    return Reading((), dict.fromkeys(KINDS, 0.0), {}, dict.fromkeys(KINDS, 0.0))


def read_as(scores: dict[str, float]) -> Reading:
    """The reading of a turn by the model alone."""
    return Reading(tuple(kind for kind in KINDS if scores[kind] >= THRESHOLD), scores, {}, scores)
