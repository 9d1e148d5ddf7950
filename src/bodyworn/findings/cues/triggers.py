"""Which words of which clause triggered each kind of each turn: asked of the network by leaving words out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bodyworn.findings.cues.calibration import KINDS
from bodyworn.findings.cues.evidence_words import Clause, EvidenceWord, choose, clauses_of, strongest
from bodyworn.findings.cues.windows import END, START, WindowPart

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Means = Callable[[Sequence[Sequence[int]]], list[Floats]]


@dataclass(frozen=True)
class Occlusion:
    """Which words of ``clause`` triggered each of ``kinds`` (by number) in turn ``turn``?"""

    turn: int
    piece: WindowPart
    clause: Clause
    kinds: list[int] = field(default_factory=list)


def questions(
    turn: int, text: str, kinds: Sequence[str], heard: Sequence[tuple[WindowPart, Floats]], best: Sequence[int]
) -> list[Occlusion]:
    """What to ask of a turn: kinds that rest on the same clause are asked together.

    ``heard`` are the turn's pieces with their tokens' numbers, ``best`` the piece that speaks most for each kind.
    """
    asked: dict[tuple[int, int, int], Occlusion] = {}
    for kind in kinds:
        number = KINDS.index(kind)
        piece, tokens = heard[best[number]]
        clauses = clauses_of(text, piece)
        if not clauses:
            continue
        clause = strongest(clauses, tokens[len(piece.head) :, number].tolist())
        key = (best[number], clause.first, clause.last)
        asked.setdefault(key, Occlusion(turn, piece, clause)).kinds.append(number)
    return list(asked.values())


def answers(asked: Sequence[Occlusion], means: Means) -> dict[tuple[int, str], list[str]]:
    """For each turn and kind asked of, its words: each content word of the clause is left out in turn."""
    values = iter(means([_without(one, word) for one in asked for word in _in_doubt(one.clause)]))
    found: dict[tuple[int, str], list[str]] = {}
    for one in asked:
        words = one.clause.content_words
        kept = [next(values) for _ in _in_doubt(one.clause)]
        for kind in one.kinds:
            # The clause as a whole is the same for every word left out, so that only the order of the rest matters.
            most = max((float(value[kind]) for value in kept), default=0.0)
            losses = [most - float(value[kind]) for value in kept] or [1.0] * len(words)
            found[one.turn, KINDS[kind]] = choose(words, losses)
    return found


def _in_doubt(clause: Clause) -> tuple[EvidenceWord, ...]:
    """Words to leave out in turn; none where there are at most two, which are then both named."""
    return clause.content_words if len(clause.content_words) > 2 else ()


def _without(question: Occlusion, word: EvidenceWord) -> list[int]:
    """The clause alone, said by the same role, without the tokens of ``word``."""
    piece, clause = question.piece, question.clause
    return [START, *piece.head, *piece.body[clause.first : word.first], *piece.body[word.last : clause.last], END]
