"""Which words triggered a kind: first the clause, then the words in it.

The model scores a kind from the mean over an utterance's tokens of one number a token. These numbers tell clauses apart
well, but not the words inside one, for tokens that stand together come to agree. So the clause with the largest mean is
taken, and each content word in it is left out in turn: the words whose loss lowers the kind most triggered it
(occlusion, Zeiler and Fergus 2014; Li et al. 2016).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bodyworn.findings.cues.windows import WindowPart

_WORD = re.compile(r"[\w'’-]*\w")
_BREAK = re.compile(r"[.,;:?!…—]")
#: Without punctuation a clause ends after this many words.
LONGEST_CLAUSE = 12
MOST_WORDS = 4
#: A word triggers a kind if leaving it out costs at least this part of what the word with the largest loss costs.
LEAST_PART = 0.25
_BARE_WORDS = """
a an and are as at be but by for from had has have he her him his i in is it its me my of on or she so that the them
then there they this to uh um us was we were will with you your i'm you're it's that's he's she's we're they're i'll
"""
_BARE = frozenset(_BARE_WORDS.split())


@dataclass(frozen=True)
class EvidenceWord:
    """A word of a piece and its tokens ``[first, last)`` in the piece's body."""

    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Clause:
    """Words that stand together, at least one."""

    words: tuple[EvidenceWord, ...]

    @property
    def first(self) -> int:
        """First token in the piece's body."""
        return self.words[0].first

    @property
    def last(self) -> int:
        """Token after the last one."""
        return self.words[-1].last

    @property
    def content_words(self) -> tuple[EvidenceWord, ...]:
        """Words that say something by themselves; all, if none does."""
        return tuple(w for w in self.words if w.text.lower().replace("’", "'") not in _BARE) or self.words


def clauses_of(text: str, piece: WindowPart) -> list[Clause]:
    """The piece's clauses, in order; empty if it has no word."""
    clauses: list[Clause] = []
    words: list[EvidenceWord] = []
    end = piece.spans[0][0] if piece.spans else 0
    for match in _WORD.finditer(text, end, piece.spans[-1][1] if piece.spans else 0):
        tokens = [n for n, (first, last) in enumerate(piece.spans) if first < match.end() and last > match.start()]
        if not tokens:
            continue
        if words and (len(words) >= LONGEST_CLAUSE or _BREAK.search(text, end, match.start())):
            clauses.append(Clause(tuple(words)))
            words = []
        words.append(EvidenceWord(match.group(), tokens[0], tokens[-1] + 1))
        end = match.end()
    return [*clauses, Clause(tuple(words))] if words else clauses


def strongest(clauses: Sequence[Clause], shares: Sequence[float]) -> Clause:
    """The clause with the largest mean share; ``shares`` are those of the body's tokens."""
    return max(clauses, key=lambda one: sum(shares[one.first : one.last]) / (one.last - one.first))


def choose(words: Sequence[EvidenceWord], losses: Sequence[float]) -> list[str]:
    """The words with the largest losses, in the order said: at least one, at most four."""
    by_loss = sorted(range(len(words)), key=lambda n: -losses[n])
    least = max(0.0, losses[by_loss[0]] * LEAST_PART)
    kept = [by_loss[0], *(n for n in by_loss[1:MOST_WORDS] if losses[n] > least)]
    return [words[n].text for n in sorted(kept)]
