"""Words compared: the text normalization used for every recognizer alike, and word errors by edit distance."""

from __future__ import annotations

import re
from collections.abc import Sequence

TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
ONES = tuple(f"zero one two three four five six seven eight nine {TEENS}".split())
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

DESCRIPTION = (
    "Normalization for both: lower case; numerals up to 99 spelled out; hyphens to spaces; apostrophes and all other "
    "signs removed."
)


def spelled(number: int) -> str:
    """0..99 in words; larger numbers as numerals."""
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f" {ONES[number % 10]}" if number % 10 else "")
    return str(number)


def words(text: str) -> list[str]:
    """Normalized words."""
    text = re.sub(r"\d+", lambda match: spelled(int(match.group())), text.lower().replace("-", " "))
    return re.sub(r"[^a-z0-9 ]", " ", re.sub(r"['’]", "", text)).split()


def errors(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Substitutions, deletions and insertions (Levenshtein distance over words)."""
    row = list(range(len(heard) + 1))
    for i, said in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (said != other))
    return row[-1]
