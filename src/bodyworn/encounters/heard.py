"""What is said in a recording, as whoever knows transcripts hands it in: findings lie above encounters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bodyworn.domain.recording import Recording
from bodyworn.domain.span import Span


@dataclass(frozen=True)
class SaidTurn:
    """Words of one voice in a row, in English: when, in which role, by which speaker (empty where not told)."""

    span: Span
    role: str
    text: str
    speaker: str = ""


@dataclass(frozen=True)
class RecordingTalk:
    """All that is said in a recording, by start, and the role of each speaker."""

    turns: tuple[SaidTurn, ...]
    roles: Mapping[str, str] = field(default_factory=dict)


#: ``hear(recording)``: what is said in it; ``None`` while there is no transcript, or where the actor may not read it.
Hear = Callable[[Recording], RecordingTalk | None]


def deaf(_recording: Recording) -> RecordingTalk | None:
    """Where nothing hands in what is said."""
    return None
