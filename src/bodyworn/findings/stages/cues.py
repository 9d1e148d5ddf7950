"""Stage ``cues``: the 18 word-based kinds, from what was said, by whom, and what was said around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.domain.evidence import Evidence
from bodyworn.domain.finding import Finding
from bodyworn.domain.language import ENGLISH
from bodyworn.domain.progress import Progress
from bodyworn.domain.role import Role, role_or_unknown
from bodyworn.engine.stage import Inputs, StageResult, TypedStage, made_by
from bodyworn.findings.artifacts.cues import CueRow, CuesArtifact
from bodyworn.findings.artifacts.utterances import Utterance, UtterancesArtifact
from bodyworn.findings.cues.turns import CueTurn

if TYPE_CHECKING:
    from bodyworn.findings.cues.reading import Reading


@dataclass(frozen=True)
class CuesParams:
    """``least_role_confidence``: below it a role is read as ``unknown``, for a wrong role misleads more than none."""

    least_role_confidence: float = 0.4


class CuesStage(TypedStage[CuesParams, CuesArtifact]):
    """Kinds of each utterance with scores and the words that triggered them."""

    name = "cues"
    version = "5"
    reads = ("utterances",)
    needs = ("audio",)
    model = "cues"
    params = CuesParams
    content = CuesArtifact

    def make(self, inputs: Inputs, params: CuesParams, progress: Progress) -> StageResult[CuesArtifact]:
        """Rows and findings over all utterances in English, the one language that the network reads."""
        from bodyworn.findings.cues.reader import cue_reader
        from bodyworn.models.registry import digest_of

        utterances = [one for one in inputs.of(UtterancesArtifact).utterances if one.language == ENGLISH]
        progress(0, len(utterances), "Reading what was said")
        turns = [_turn(utterance, params.least_role_confidence) for utterance in utterances]
        readings = cue_reader().read(turns) if turns else []
        maker = made_by(self, digest_of("cues"))
        rows: list[CueRow] = []
        findings: list[Finding] = []
        for utterance, reading in zip(utterances, readings, strict=True):
            words = {kind: tuple(found) for kind, found in reading.words.items()}
            rows.append(CueRow(utterance.i, reading.kinds, reading.scores, words))
            findings += [_finding(utterance, reading, kind, maker) for kind in reading.kinds]
        progress(len(utterances), len(utterances), "Reading what was said")
        return StageResult(CuesArtifact(tuple(rows), tuple(findings)))


def _turn(utterance: Utterance, least: float) -> CueTurn:
    role = role_or_unknown(utterance.role) if utterance.role_confidence >= least else Role.UNKNOWN.value
    return CueTurn(role, utterance.text)


def _finding(utterance: Utterance, reading: Reading, kind: str, maker: str) -> Finding:
    return Finding(
        kind=kind,
        span=utterance.span,
        score=reading.scores[kind],
        made_by=maker,
        role=utterance.role,
        speaker=utterance.speaker,
        evidence=Evidence(quote=utterance.text, words=tuple(reading.words[kind]), i=utterance.i),
    )


STAGE = CuesStage()
