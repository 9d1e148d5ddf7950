"""What a person wrote, fit to be kept in a row."""

from __future__ import annotations

from bodyworn.domain.errors import InputError
from bodyworn.domain.recording import shown_name

#: Characters of a reason, a holder or a note.
LONGEST = 1000


def written(text: str, what: str, longest: int = LONGEST) -> str:
    """The words with one space between them; :class:`InputError` where there are none, too many, or hidden ones."""
    kept = " ".join(text.split())
    if not kept or len(kept) > longest or kept != shown_name(kept):
        raise InputError(f"{what} cannot be kept as it stands", f"Give 1 to {longest} printable characters")
    return kept
