"""Stage ``cues``: the 18 word-based kinds, from what was said, by whom, and what was said around it."""

from __future__ import annotations

from typing import Any, ClassVar

from bodyworn.domain.finding import Finding
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact, Inputs, Json, made_by
from bodyworn.findings.cues.turns import CueTurn, role_or_unknown


class CuesStage:
    """Kinds of each utterance with scores and the words that carried them.

    ``least_role_confidence``: below it a role is read as ``unknown``, for a wrong role misleads more than none.
    """

    name = "cues"
    version = "2"
    reads: tuple[str, ...] = ("utterances",)
    makes = "cues"
    needs: tuple[str, ...] = ("audio",)
    model: str | None = "cues"
    defaults: ClassVar[Json] = {"least_role_confidence": 0.4}

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """``{rows: [{i, kinds, scores, words}], findings}`` over all utterances of the recording."""
        from bodyworn.findings.cues.reader import cue_reader
        from bodyworn.models.registry import digest_of

        utterances: list[dict[str, Any]] = list(inputs.data("utterances")["utterances"])
        least = float(inputs.params.get("least_role_confidence", self.defaults["least_role_confidence"]))
        progress(0, len(utterances), "Reading what was said")
        readings = cue_reader().read([_turn(utterance, least) for utterance in utterances]) if utterances else []
        maker = made_by(self, digest_of("cues"))
        rows: list[dict[str, Any]] = []
        findings: list[dict[str, Any]] = []
        for utterance, reading in zip(utterances, readings, strict=True):
            rows.append(
                {"i": utterance["i"], "kinds": list(reading.kinds), "scores": reading.scores, "words": reading.words}
            )
            findings += [
                _finding(utterance, kind, reading.scores[kind], reading.words[kind], maker) for kind in reading.kinds
            ]
        progress(len(utterances), len(utterances), "Reading what was said")
        return Artifact(self.makes, {"rows": rows, "findings": findings})


def _turn(utterance: dict[str, Any], least: float) -> CueTurn:
    sure = float(utterance.get("role_confidence", 1.0)) >= least
    return CueTurn(role_or_unknown(utterance["role"]) if sure else "unknown", utterance["text"])


def _finding(utterance: dict[str, Any], kind: str, score: float, words: list[str], maker: str) -> dict[str, Any]:
    return Finding(
        kind=kind,
        span=Span(utterance["start_ms"], utterance["end_ms"]),
        score=score,
        made_by=maker,
        role=utterance["role"],
        speaker=utterance.get("speaker"),
        evidence={"quote": utterance["text"], "words": words, "i": utterance["i"]},
    ).to_json()


STAGE = CuesStage()
