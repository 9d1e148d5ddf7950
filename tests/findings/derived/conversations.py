"""Conversations with their cues, as the stages before hand them over."""

from __future__ import annotations

from typing import Any

from bodyworn.domain.progress import no_progress
from bodyworn.engine.stage import Artifact, Inputs
from bodyworn.findings.stages.derived import STAGE

#: role, start in seconds, text, kinds
Turn = tuple[str, float, str, tuple[str, ...]]


def said(*turns: Turn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Utterances of 0.3 s a word and their cue rows."""
    utterances, rows = [], []
    for i, (role, start, text, kinds) in enumerate(turns):
        words = [
            {"start_ms": int(start * 1000) + n * 300, "end_ms": int(start * 1000) + n * 300 + 280, "text": word,
             "confidence": 0.9}
            for n, word in enumerate(text.split())
        ]  # fmt: skip
        utterances.append(
            {"i": i, "start_ms": int(start * 1000), "end_ms": words[-1]["end_ms"], "speaker": f"S-{role}", "role": role,
             "role_confidence": 0.8, "text": text, "confidence": 0.9, "words": words}
        )  # fmt: skip
        rows.append(
            {
                "i": i,
                "kinds": list(kinds),
                "scores": dict.fromkeys(kinds, 0.7),
                "words": {k: [k.upper()] for k in kinds},
            }
        )
    return utterances, rows


def derive(tmp_path: Any, *turns: Turn, unknown: list[dict[str, Any]] | None = None) -> dict[str, list[dict[str, Any]]]:
    """What the stage finds, by kind."""
    utterances, rows = said(*turns)
    artifacts = {
        "audio": Artifact("audio", {"unknown": unknown or []}),
        "transcript": Artifact("transcript", {"unknown": []}),
        "utterances": Artifact("utterances", {"utterances": utterances, "roles": {}}),
        "cues": Artifact("cues", {"rows": rows, "findings": []}),
    }
    made = STAGE.run(Inputs(tmp_path / "none", artifacts, STAGE.defaults, tmp_path), no_progress)
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in made.data["findings"]:
        found.setdefault(finding["kind"], []).append(finding)
    return found
