"""Words that can be names by themselves: what a hint at a name is, and what rules out that a word is one."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bodyworn.redactions.spoken import name_words, numbers
from bodyworn.redactions.spoken.dates import MONTHS
from bodyworn.redactions.spoken.identifiers import STATES
from bodyworn.redactions.spoken.rules import SpokenRule
from bodyworn.redactions.spoken.words import SpokenTranscript


@dataclass(frozen=True)
class NameHint:
    """A word that may be a name, and the rule that says so."""

    index: int
    rule: SpokenRule


def can_be_name(plain: str) -> bool:
    """Whether a word is none that is known to be something else: a month, a rank, a brand, a number."""
    if f"{plain}'s" in name_words.NOT_NAMES:
        return False
    parts = plain.replace("-", " ").replace(".", " ").split()
    return (
        bool(parts)
        and plain not in name_words.NOT_NAMES
        and plain not in MONTHS
        and plain not in STATES
        and plain not in name_words.RANKS
        and plain not in name_words.TITLES
        and len(plain) > 1
        and not any(c.isdigit() for c in plain)
        and not numbers.is_number(plain)
        and numbers.ordinal(plain) is None
    )


def names_a_place(heard: SpokenTranscript, index: int) -> bool:
    """Whether a word belongs to a street or an agency: ``Martin Luther King Boulevard``, ``Chicago Fire``."""
    line_end = heard.lines[heard.words[index].line].last
    for at in range(index + 1, min(index + 4, line_end)):
        if heard.words[at - 1].stop or heard.words[at - 1].text.endswith(","):
            break
        plain = heard.words[at].plain
        if plain in name_words.STREETS or plain in name_words.ROADS:
            return True
        if plain in name_words.AGENCIES and at == index + 1:
            return True
    return _on_a_street(heard, index)


def _on_a_street(heard: SpokenTranscript, index: int) -> bool:
    """``at the store on Lincoln``: a single word after ``on`` where a place is spoken of."""
    if not index or heard.words[index - 1].plain != "on":
        return False
    before = heard.before(index - 1, 8)
    return bool(name_words.PLACE_BEFORE.search(before))


def is_unusual(heard: SpokenTranscript, index: int, common: AbstractSet[str]) -> bool:
    """Whether a word can only be a name or something misheard: English does not know it in lower case."""
    plain = heard.words[index].plain.removesuffix("'s")
    if "'" in plain and not plain.startswith(("o'", "d'")):
        return False
    return can_be_name(plain) and plain not in common and plain.replace("'", "").replace("-", "").isalpha()
