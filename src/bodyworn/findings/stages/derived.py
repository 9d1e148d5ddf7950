"""Stage ``derived``: opening, introduction, answers to distress and medical need, repeated and conflicting orders.

Everything here follows from utterances and cues alone, so it is made anew when a person corrects a role. It counts and
quotes; it never grades a person. What could not be understood is measured beside each finding.
"""

from __future__ import annotations

from bodyworn.domain.finding import UNHEARD
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Inputs, NoParams, StageResult, TypedStage, made_by
from bodyworn.findings.artifacts.audio import AudioArtifact
from bodyworn.findings.artifacts.cues import CuesArtifact
from bodyworn.findings.artifacts.derived import DerivedArtifact
from bodyworn.findings.artifacts.transcript import TranscriptArtifact
from bodyworn.findings.artifacts.utterances import UtterancesArtifact


class DerivedStage(TypedStage[NoParams, DerivedArtifact]):
    """The ``derived`` stage; see ``findings/derived/`` for each of its findings."""

    name = "derived"
    version = "2"
    reads = ("audio", "transcript", "utterances", "cues")
    needs = ("audio",)
    params = NoParams
    content = DerivedArtifact

    def make(self, inputs: Inputs, params: NoParams, progress: Progress) -> StageResult[DerivedArtifact]:  # noqa: ARG002
        """Findings, sorted by time."""
        from bodyworn.findings.derived import answers, commands, openings, said

        heard = said.join(inputs.of(UtterancesArtifact).utterances, inputs.of(CuesArtifact).rows)
        unknown = _unheard(inputs)
        maker = made_by(self)
        findings = [
            *openings.opening(heard, unknown, maker),
            *openings.introduction(heard, maker),
            *answers.distress_to_compassion(heard, unknown, maker),
            *answers.medical_to_aid(heard, unknown, maker),
            *commands.repeated(heard, maker),
            *commands.conflicting(heard, maker),
            *openings.closing(heard, maker),
        ]
        progress(1, 1, "Putting it together")
        return StageResult(DerivedArtifact(tuple(sorted(findings, key=lambda one: (one.span, one.kind)))))


def _unheard(inputs: Inputs) -> list[Span]:
    """Spans of the sound in which words cannot be understood, or those of one voice are lost under another's."""
    states = (
        *inputs.of(AudioArtifact).unknown,
        *inputs.of(TranscriptArtifact).unknown,
        *inputs.of(UtterancesArtifact).unknown,
    )
    return [unknown.span for unknown in states if unknown.state in UNHEARD]


STAGE = DerivedStage()
