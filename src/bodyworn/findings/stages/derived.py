"""Stage ``derived``: opening, introduction, answers to distress and medical need, repeated and conflicting orders.

Everything here follows from utterances and cues alone, so it is made anew when a person corrects a role. It counts and
quotes; it never grades anybody. What could not be understood is measured beside each finding.
"""

from __future__ import annotations

from typing import ClassVar

from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact, Inputs, Json, made_by

#: States of sound that leave open what was said.
_UNHEARD = frozenset({"pre_event_buffer", "muted", "audio_dropout", "no_audio", "unintelligible"})


class DerivedStage:
    """The ``derived`` stage; see ``findings/derived/`` for each of its findings."""

    name = "derived"
    version = "1"
    reads: tuple[str, ...] = ("audio", "transcript", "utterances", "cues")
    makes = "derived"
    needs: tuple[str, ...] = ("audio",)
    model: str | None = None
    defaults: ClassVar[Json] = {}

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """``{findings}``, sorted by time."""
        from bodyworn.findings.derived import answers, commands, openings, said

        heard = said.join(inputs.data("utterances")["utterances"], inputs.data("cues")["rows"])
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
        ordered = sorted(findings, key=lambda finding: (finding.span, finding.kind))
        return Artifact(self.makes, {"findings": [finding.to_json() for finding in ordered]})


def _unheard(inputs: Inputs) -> list[Span]:
    """Spans of the sound that nobody could understand."""
    return [
        Span(state["start_ms"], state["end_ms"])
        for name in ("audio", "transcript")
        for state in inputs.data(name).get("unknown", ())
        if state["state"] in _UNHEARD
    ]


STAGE = DerivedStage()
