"""Content of ``derived``: what follows from utterances and cues together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bodyworn.domain.finding import Finding


@dataclass(frozen=True)
class DerivedArtifact:
    """Findings by start. Their evidence also has ``rests_on``.

    ``distress_to_compassion`` and ``medical_to_aid`` run from the start of the need to the start of the answer; where
    none was heard they cover the need alone and ``measures.answer`` is ``none heard``, beside ``listened_after_ms`` and
    ``unknown_after_ms``.
    """

    ARTIFACT: ClassVar[str] = "derived"

    findings: tuple[Finding, ...]
