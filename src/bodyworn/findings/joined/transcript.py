"""The one transcript of an encounter: each utterance from the recording that hears it best, with what the others made.

Recordings whose place in time cannot be told are not joined; what is said in them stands apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bodyworn.domain.codec import inlined, omit_default
from bodyworn.domain.encounter import MemberOffset
from bodyworn.domain.language import ENGLISH
from bodyworn.domain.span import Span


@dataclass(frozen=True)
class JoinedRecording:
    """A recording of the encounter: how it lies in time, and how many utterances of the transcript are from it.

    ``offset`` is ``None`` where it cannot be told. ``not_read`` says why there are no words of it; empty where there
    are. ``by_clock`` tells that only a clock puts it there: its utterances are joined with others only by their words.
    """

    recording: str
    name: str
    offset: MemberOffset | None
    by_clock: bool
    utterances: int
    not_read: str = field(default="", metadata=omit_default())


@dataclass(frozen=True)
class VoiceName:
    """What one recording calls a voice, and the role that it has there."""

    recording: str
    speaker: str
    role: str
    confidence: float


@dataclass(frozen=True)
class JoinedVoice:
    """A voice of the encounter, ``V1`` …: one speaker of a recording, or several that are believed to be one person.

    ``words`` is how many words the recordings both heard of it, the fewest of any two; 0 where one alone knows it.
    """

    name: str
    called: tuple[VoiceName, ...]
    words: int = field(default=0, metadata=omit_default())

    @property
    def roles_disagree(self) -> bool:
        """Whether recordings give it different roles."""
        return len({one.role for one in self.called}) > 1


@dataclass(frozen=True)
class OtherHearing:
    """What another recording made of the same talk, in its own time, with the numbers of its utterances."""

    recording: str
    span: Span = field(metadata=inlined())
    from_utterances: tuple[int, ...]
    speaker: str | None
    role: str
    text: str
    confidence: float


@dataclass(frozen=True)
class JoinedUtterance:
    """Words in a row from the recording that hears them best.

    The span is in the time of the encounter, ``at`` that of the recording. ``i`` counts them; ``from_utterance`` is its
    number in the recording. ``voice`` is one of the encounter's, ``speaker`` and ``role`` are as the recording has
    them. ``also`` is what others made of it; empty where this recording alone heard it.
    """

    i: int
    span: Span = field(metadata=inlined())
    recording: str
    at: Span
    from_utterance: int
    voice: str | None
    speaker: str | None
    role: str
    role_confidence: float
    text: str
    confidence: float
    also: tuple[OtherHearing, ...] = field(default=(), metadata=omit_default())
    language: str = field(default=ENGLISH, metadata=omit_default())


@dataclass(frozen=True)
class ApartUtterance:
    """Words in a row of a recording that is not joined, in its own time."""

    span: Span = field(metadata=inlined())
    speaker: str | None
    role: str
    text: str
    confidence: float
    language: str = field(default=ENGLISH, metadata=omit_default())


@dataclass(frozen=True)
class JoinedTranscript:
    """What is said in an encounter, by time. ``apart`` are the utterances, by recording, of those that are not joined.

    Where two voices speak at once, both stand here one after the other by their start.
    """

    encounter: str
    recordings: tuple[JoinedRecording, ...]
    voices: tuple[JoinedVoice, ...]
    utterances: tuple[JoinedUtterance, ...]
    apart: Mapping[str, tuple[ApartUtterance, ...]]
