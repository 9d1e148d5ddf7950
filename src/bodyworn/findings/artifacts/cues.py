"""Content of ``cues``: the word-based kinds of each utterance, and the findings they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bodyworn.domain.finding import Finding


@dataclass(frozen=True)
class CueRow:
    """What was read in utterance ``i``: the kinds found, the score 0..1 of all 18, and the words that triggered each
    kind found."""

    i: int
    kinds: tuple[str, ...]
    scores: Mapping[str, float]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class CuesArtifact:
    """One row for each utterance in English, and one finding for each kind of each row."""

    ARTIFACT: ClassVar[str] = "cues"

    rows: tuple[CueRow, ...]
    findings: tuple[Finding, ...]
