"""How much of spoken items is masked, and whether a recognizer wrote them at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby

from bodyworn.redactions.spoken import numbers
from bodyworn.redactions.spoken.words import plain

#: Letters and digits alike, so that an item counts as written.
LEGIBLE = 0.6


def masked_ms(parts: Sequence[Sequence[int]], masks: Sequence[tuple[int, int]]) -> int:
    """Milliseconds of the parts that lie under masks; masks may overlap."""
    total = 0
    for start, end in parts:
        at = start
        for first, last in sorted(masks):
            if last > at and first < end:
                total += max(0, min(last, end) - max(first, at))
                at = max(at, min(last, end))
    return total


def is_legible(said: str, written: str) -> bool:
    """Whether the recognizer wrote what was said: 60 % of the letters and digits alike, numbers as figures."""
    one, other = (_characters(text) for text in (said, written))
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= LEGIBLE


def _characters(text: str) -> str:
    out = ""
    for number, group in groupby(map(plain, text.split()), key=numbers.is_number):
        words = [word for word in group if word]
        out += numbers.digits_of(words) if number else "".join(words)
    return re.sub(r"[^a-z0-9]", "", out)
