"""Content of ``sound``: what can be heard besides words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bodyworn.domain.finding import Finding


@dataclass(frozen=True)
class VoiceBaseline:
    """A speaker's usual voice in this recording."""

    pitch_hz: float
    level_db: float


@dataclass(frozen=True)
class SoundArtifact:
    """Findings by start, and the usual voice of each speaker who speaks enough to have one."""

    ARTIFACT: ClassVar[str] = "sound"

    findings: tuple[Finding, ...]
    baselines: Mapping[str, VoiceBaseline]
