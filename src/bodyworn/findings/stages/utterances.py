"""Who said what: the words of the transcript joined with the turns, and the role of each speaker.

A person's correction of a role is the parameter ``corrections``: it reruns this stage and those that read it, never
the recognition of words or voices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Artifact, Inputs, Json

if TYPE_CHECKING:
    from bodyworn.findings.voices.joining import Joined
    from bodyworn.findings.voices.roles import RoleVerdict


@dataclass(frozen=True)
class UtterancesStage:
    """The ``utterances`` stage. ``role_of_wearer`` is the role given to whoever wears the camera; ``corrections`` maps
    speakers to roles that a person has set."""

    name: str = "utterances"
    version: str = "2"
    reads: tuple[str, ...] = ("audio", "transcript", "speakers")
    makes: str = "utterances"
    needs: tuple[str, ...] = ("audio",)
    model: str | None = None
    more_models: tuple[str, ...] = ("roles",)
    defaults: Json = field(default_factory=lambda: {"role_of_wearer": "officer", "corrections": {}})

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """Utterances in order of time, and roles with their reasons."""
        from bodyworn.findings.voices.joining import join

        transcript, heard = inputs.data("transcript"), inputs.data("speakers")
        duration = float(inputs.data("audio")["duration_ms"])
        progress(0, duration, "utterances")
        words = [word for segment in transcript["segments"] for word in _words(segment)]
        joined = join(words, heard["turns"], heard["overlap"])
        params = {**self.defaults, **inputs.params}
        verdicts = _roles(heard, joined, params["corrections"], params["role_of_wearer"])
        rows = [_row(i, item, verdicts) for i, item in enumerate(joined)]
        progress(duration, duration, "utterances")
        return Artifact(
            self.makes, {"utterances": rows, "roles": {name: verdict.to_json() for name, verdict in verdicts.items()}}
        )


def _words(segment: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Words of a segment; a segment without word times counts as one word."""
    if segment["words"]:
        return [word for word in segment["words"] if word["text"].strip()]
    return [{key: segment[key] for key in ("start_ms", "end_ms", "text", "confidence")}]


def _roles(
    heard: Json, joined: Sequence[Joined], corrections: Mapping[str, str], role_of_wearer: str
) -> dict[str, RoleVerdict]:
    from bodyworn.findings.voices.role_words import weigh
    from bodyworn.findings.voices.roles import Speaker, assign_roles

    speakers = []
    for name, measures in heard["speakers"].items():
        turns = [turn for turn in heard["turns"] if turn["speaker"] == name]
        texts = [_text(item) for item in joined if item.speaker == name]
        first, last = min(turn["start_ms"] for turn in turns), max(turn["end_ms"] for turn in turns)
        speakers.append(Speaker(name, measures, first, last, weigh(texts)))
    verdicts = assign_roles(speakers, corrections, role_of_wearer)
    return {speaker.name: verdicts[speaker.name] for speaker in speakers}


def _row(i: int, item: Joined, verdicts: Mapping[str, RoleVerdict]) -> dict[str, Any]:
    verdict = verdicts.get(item.speaker or "")
    sure = 0.0 if verdict is None else verdict.confidence
    if verdict is not None and verdict.confidence < 1.0:
        sure = verdict.confidence * (0.7 + 0.3 * item.sureness)
    length = sum(max(1, word["end_ms"] - word["start_ms"]) for word in item.words)
    weighted = sum(word["confidence"] * max(1, word["end_ms"] - word["start_ms"]) for word in item.words)
    return {
        "i": i,
        "start_ms": item.words[0]["start_ms"],
        "end_ms": max(word["end_ms"] for word in item.words),
        "speaker": item.speaker,
        "role": "unknown" if verdict is None else verdict.role,
        "role_confidence": round(sure, 4),
        "text": _text(item),
        "confidence": round(weighted / length, 4),
        "words": [dict(word) for word in item.words],
    }


def _text(item: Joined) -> str:
    return " ".join(word["text"].strip() for word in item.words)


STAGE = UtterancesStage()
