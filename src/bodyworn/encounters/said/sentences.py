"""Sentences of an utterance in plain words, and whether something in one is denied, only possible, or asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Longest quote of a fact.
_LONGEST = 240
_SENTENCE = re.compile(r"[^.?!;]+[.?!;]*")
_WORD = re.compile(r"[a-z0-9]+")
#: Words before a statement that deny it, and how many words back they reach.
_DENIED = re.compile(
    r"\b(?:not|never|no|dont|didnt|doesnt|aint|isnt|arent|wasnt|werent|wont|cant|nobody|without|nor)\b"
)
_DENIED_BACK = 4
#: Words before a statement that make it only possible, and how many words back they reach.
_POSSIBLE = re.compile(
    r"\b(?:if|unless|could|couldve|would|wouldve|might|may|should|shouldve|or|otherwise|else|next time|again|want me to"
    r"|was going to|was gonna|were going to have|supposed to|need to know|decide|whether|rather|tomorrow|once you"
    r"|one more|ever|used to|last time|remember when|says|said|told|thought|think|instead of|when you|every time)\b"
)
_POSSIBLE_BACK = 12
#: Words after a statement that do the same.
_UNLESS = re.compile(r"\b(?:if|unless|or not|when you|next time)\b")
#: How a question begins; ``were`` is also what is left of "we're".
_ASKED = re.compile(
    r"^(?:(?:so|and|but|well|ok|okay|wait|hey|sir|maam|man|uh|um) )*"
    r"(?:am|are|is|was|were (?:you|they|your|those|these)|do|does"
    r"|did|can|could|should|would|will|have|has|what|why|how|who|which|where|when) "
)


@dataclass(frozen=True)
class Sentence:
    """``quote`` as it was written, ``plain`` in small letters and digits with one space between words."""

    quote: str
    plain: str

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.quote.rstrip().endswith("?") or bool(_ASKED.match(self.plain))


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of an utterance; a transcript without punctuation is one."""
    for part in _SENTENCE.findall(text):
        if words := plain(part):
            yield Sentence(" ".join(part.split())[:_LONGEST], words)


def plain(text: str) -> str:
    """Small letters and digits; apostrophes are dropped, for recognizers drop them too (``im``, ``youre``)."""
    return " ".join(_WORD.findall(re.sub(r"['\u2019`]", "", text.lower())))


def is_meant(sentence: Sentence, start: int, end: int) -> bool:
    """Whether what stands at ``start`` to ``end`` of ``plain`` is stated: not denied, not only possible, not asked."""
    before, after = sentence.plain[:start].split(), sentence.plain[end:]
    denied = _DENIED.search(" ".join(before[-_DENIED_BACK:]))
    possible = _POSSIBLE.search(" ".join(before[-_POSSIBLE_BACK:]))
    return not (sentence.asks or denied or possible or _UNLESS.search(after))
