"""Words compared: what was said and what was heard, without case and signs."""

from __future__ import annotations

import re
from collections.abc import Sequence


def words(text: str) -> list[str]:
    """Words in lower case without signs."""
    return re.sub(r"[^a-z0-9 ]", " ", re.sub(r"['’]", "", text.lower())).split()


def errors(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Substitutions, deletions and insertions (Levenshtein distance over words)."""
    row = list(range(len(heard) + 1))
    for i, said in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (said != other))
    return row[-1]
