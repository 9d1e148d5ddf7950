"""Forms of English words: ``hollered``, ``gettin``, ``drive-thru``, contractions without their apostrophe."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bodyworn.redactions.spoken import name_words
from bodyworn.redactions.spoken.words import SpokenWord

#: Endings of English words, and what the word has instead without them.
_ENDINGS = (
    ("s", ""),
    ("es", ""),
    ("ies", "y"),
    ("ed", ""),
    ("ed", "e"),
    ("ied", "y"),
    ("ing", ""),
    ("ing", "e"),
    ("in", ""),
    ("in", "e"),
    ("ly", ""),
)


def is_form(word: SpokenWord, common: AbstractSet[str]) -> bool:
    """Whether a word in lower case is a form of words that English knows: ``hollered``, ``gettin``, ``drive-thru``."""
    if word.text[:1].isupper():
        return False
    if word.plain in name_words.CONTRACTIONS:
        return True
    parts = word.plain.split("-")
    return all(part in common or any(stem in common for stem in _stems(part)) for part in parts)


def _stems(plain: str) -> Iterator[str]:
    for ending, instead in _ENDINGS:
        stem = plain.removesuffix(ending)
        if stem != plain and len(stem) >= 3:
            yield stem + instead
            if instead == "" and stem[-1] == stem[-2]:
                yield stem[:-1]  # napped, hitting
