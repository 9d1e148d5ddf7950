"""Content of ``transcript``: what was said, word by word, and what could not be understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bodyworn.domain.codec import inlined, omit_default
from bodyworn.domain.finding import Unknown
from bodyworn.domain.language import ENGLISH
from bodyworn.domain.span import Span


@dataclass(frozen=True)
class TimedWord:
    """A word with its time; ``confidence`` is 0..1, ``overlap`` tells that several people talk meanwhile."""

    span: Span = field(metadata=inlined())
    text: str
    confidence: float
    overlap: bool = field(default=False, metadata=omit_default())


@dataclass(frozen=True)
class Segment:
    """A line of the transcript: words without a long pause; ``words`` is empty where a source has no word times.

    ``language`` is the ISO 639 code of what was spoken, and left out where that is English.
    """

    span: Span = field(metadata=inlined())
    text: str
    confidence: float
    words: tuple[TimedWord, ...]
    language: str = field(default=ENGLISH, metadata=omit_default())


@dataclass(frozen=True)
class SuppressedLine:
    """A line that the recognizer wrote and that was probably not said, and why."""

    span: Span = field(metadata=inlined())
    text: str
    why: str


@dataclass(frozen=True)
class TranscriptArtifact:
    """The words of a recording. ``speech`` is where the voice activity detector hears a voice; ``unknown`` has the
    states ``unintelligible`` and ``not_searched``. ``language`` is the one that is expected."""

    ARTIFACT: ClassVar[str] = "transcript"

    language: str
    segments: tuple[Segment, ...]
    speech: tuple[Span, ...]
    suppressed: tuple[SuppressedLine, ...]
    unknown: tuple[Unknown, ...]
