"""Content of ``utterances``: who said what, and the role of each speaker with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bodyworn.domain.codec import inlined, omit_default
from bodyworn.domain.finding import Unknown
from bodyworn.domain.language import ENGLISH
from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.transcript import TimedWord


@dataclass(frozen=True)
class Utterance:
    """Words of one speaker in a row. ``speaker`` is ``None`` and ``role`` ``unknown`` where no turn is near; the
    confidences are 0..1. ``language`` is the ISO 639 code of what was spoken, and left out where that is English."""

    i: int
    span: Span = field(metadata=inlined())
    speaker: str | None
    role: str
    role_confidence: float
    text: str
    confidence: float
    words: tuple[TimedWord, ...]
    language: str = field(default=ENGLISH, metadata=omit_default())


@dataclass(frozen=True)
class AssignedRole:
    """The role of a speaker, how sure that is (1 where a person set it), and why, in plain words."""

    role: str
    confidence: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class UtterancesArtifact:
    """Utterances by start, roles by speaker, and speakers whom a person said to be another one, by name.

    ``unknown`` is where a voice is lost under another, with the state ``unintelligible``.
    """

    ARTIFACT: ClassVar[str] = "utterances"

    utterances: tuple[Utterance, ...]
    roles: Mapping[str, AssignedRole]
    same: Mapping[str, str] = field(default_factory=dict, metadata=omit_default())
    unknown: tuple[Unknown, ...] = field(default=(), metadata=omit_default())
