"""What the check for sound found, for those who tell it and load nothing that listens."""

from __future__ import annotations

from dataclasses import dataclass

from bodyworn.domain.redaction import SoundAction


@dataclass(frozen=True)
class HeardSound:
    """Sound that is left in a hidden span: its ID, when it is heard in the clip (microseconds), and how loud (0..1)."""

    id: str
    action: SoundAction
    at_us: int
    level: float
