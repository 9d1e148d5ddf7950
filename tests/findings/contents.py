"""Contents of artifacts as the stages before hand them over, made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bodyworn.domain.codec import to_json
from bodyworn.domain.finding import Unknown
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact
from bodyworn.findings.artifacts.audio import AudioArtifact, LevelCurve, PeakCurve
from bodyworn.findings.artifacts.cues import CueRow, CuesArtifact
from bodyworn.findings.artifacts.transcript import Segment, TimedWord, TranscriptArtifact
from bodyworn.findings.artifacts.utterances import Utterance, UtterancesArtifact


def audio(duration_ms: int = 0, unknown: Iterable[Unknown] = (), files: Mapping[str, Path] | None = None) -> Artifact:
    """A silent mono track of that length."""
    content = AudioArtifact(
        16_000, duration_ms, (), False, 0, LevelCurve(100, ()), PeakCurve(50, (), ()), tuple(unknown)
    )
    return Artifact("audio", to_json(content), files or {})


def transcript(segments: Sequence[Segment] = (), unknown: Iterable[Unknown] = ()) -> Artifact:
    """Segments as they are."""
    return Artifact("transcript", to_json(TranscriptArtifact("en", tuple(segments), (), (), tuple(unknown))))


def segment(
    start_ms: int, end_ms: int, text: str, confidence: float = 0.8, *, timed: bool = True, language: str = "en"
) -> Segment:
    """A segment of one word, or of none."""
    span = Span(start_ms, end_ms)
    return Segment(span, text, confidence, (TimedWord(span, text, confidence),) if timed else (), language)


def utterances(said: Sequence[Utterance]) -> Artifact:
    """Utterances, without roles by speaker."""
    return Artifact("utterances", to_json(UtterancesArtifact(tuple(said), {})))


def cues(rows: Sequence[CueRow]) -> Artifact:
    """Rows, without findings."""
    return Artifact("cues", to_json(CuesArtifact(tuple(rows), ())))
