"""Content of ``speakers``: who speaks when, and how each voice sounds. Voice embeddings never leave the stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bodyworn.domain.codec import inlined, omit_default
from bodyworn.domain.span import Span


@dataclass(frozen=True)
class VoiceTurn:
    """One speaker (``S1``, ``S2`` …) without a longer pause; ``confidence`` is 0..1."""

    span: Span = field(metadata=inlined())
    speaker: str
    confidence: float


@dataclass(frozen=True)
class VoiceMeasures:
    """How a voice sounds: ``speech_ms`` is all speech; ``level_db`` the level of its louder half (full scale = 0);
    ``clarity_db`` how far that stands above the softest instants between words; ``steadiness`` 0..1 how little the
    level differs from turn to turn; ``band_limited`` 0..1; ``pitch_hz`` the median (0 where never voiced)."""

    speech_ms: int
    level_db: float
    clarity_db: float
    steadiness: float
    band_limited: float
    pitch_hz: float


@dataclass(frozen=True)
class SpeakersArtifact:
    """The speakers of a recording: turns by start, spans in which several speak, measures by name.

    ``together`` is where two people probably speak at once, even if only one of them could be told.
    """

    ARTIFACT: ClassVar[str] = "speakers"

    turns: tuple[VoiceTurn, ...]
    overlap: tuple[Span, ...]
    speakers: Mapping[str, VoiceMeasures]
    together: tuple[Span, ...] = field(default=(), metadata=omit_default())
