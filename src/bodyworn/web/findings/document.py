"""The published analysis as the pages read it: the JSON of the schema ``analysis-1``, with types for what is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from bodyworn.domain.codec import Json


class WordEntry(TypedDict):
    """A recognized word."""

    start_ms: int
    end_ms: int
    text: str
    confidence: NotRequired[float | None]


class UtteranceEntry(TypedDict):
    """What one voice said without a long pause."""

    i: int
    start_ms: int
    end_ms: int
    role: str
    text: str
    role_confidence: NotRequired[float | None]
    speaker: NotRequired[str | None]
    confidence: NotRequired[float | None]
    words: NotRequired[Sequence[WordEntry]]
    language: NotRequired[str]


class EvidenceEntry(TypedDict, total=False):
    """What a finding rests on; ``i`` is the utterance it quotes."""

    i: int
    quote: str
    words: Sequence[str]
    measures: Mapping[str, Json]


class FindingEntry(TypedDict):
    """A proposal of a stage."""

    kind: str
    family: str
    start_ms: int
    end_ms: int
    role: str
    speaker: NotRequired[str | None]
    score: float
    evidence: NotRequired[EvidenceEntry | None]
    made_by: str


class UnknownEntry(TypedDict):
    """A span that cannot be judged."""

    state: str
    start_ms: int
    end_ms: int
    language: NotRequired[str | None]


class SpeakerEntry(TypedDict):
    """The role of a speaker, and why."""

    role: str
    confidence: float
    because: NotRequired[Sequence[str]]


class Document(TypedDict):
    """All of it, as far as it is made."""

    utterances: Sequence[UtteranceEntry]
    findings: Sequence[FindingEntry]
    unknown: Sequence[UnknownEntry]
    speakers: NotRequired[Mapping[str, SpeakerEntry]]
    made_by: NotRequired[Mapping[str, str]]
    not_made: NotRequired[Mapping[str, str]]
