"""Spans of sound to hide, proposed from what was said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import SoundSpan
from bodyworn.media.render import Progress


def propose(source: Path, progress: Progress) -> Sequence[SoundSpan]:
    """Spoken names, numbers and addresses in ``source``; :class:`InputError` as long as nothing listens."""
    progress(0, 0, "words")
    raise InputError(
        f"nothing here listens for spoken names in {source.name} yet",
        "Leave speech out, or put spans in a plan by hand",
    )
