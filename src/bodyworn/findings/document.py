"""The published form of an analysis: one JSON object, described by ``analysis-1.schema.json`` beside this file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.recording import Recording
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact

SCHEMA_ID = "https://bodyworn.org/schema/analysis-1.json"


def schema() -> dict[str, Any]:
    """The JSON Schema of :func:`compose`'s value."""
    text = Path(__file__).with_name("analysis-1.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def compose(
    recording: Recording, made: Mapping[str, Artifact], made_by: Mapping[str, str], not_made: Mapping[str, str]
) -> dict[str, Any]:
    """The analysis of a recording from its artifacts by name.

    ``made_by`` names the maker of each stage's result; ``not_made`` says of every other stage why there is none, so
    that an empty list of findings is never taken for "nothing happened".
    """
    utterances = made["utterances"].data if "utterances" in made else {"utterances": [], "roles": {}}
    voices = made["speakers"].data["speakers"] if "speakers" in made else {}
    findings = [finding for artifact in made.values() for finding in artifact.data.get("findings", ())]
    unknown = [span for artifact in made.values() for span in artifact.data.get("unknown", ())] + _absent(recording)
    return {
        "schema": SCHEMA_ID,
        "recording": recording.to_json(),
        "speakers": {name: {**voices.get(name, {}), **role} for name, role in sorted(utterances["roles"].items())},
        "utterances": list(utterances["utterances"]),
        "findings": sorted(findings, key=_when),
        "unknown": sorted(_once(unknown), key=lambda span: (span["start_ms"], span["end_ms"], span["state"])),
        "made_by": dict(sorted(made_by.items())),
        "not_made": dict(sorted(not_made.items())),
    }


def _absent(recording: Recording) -> list[dict[str, Any]]:
    """A recording without sound or without picture is unknown there from start to end."""
    whole = Span(0, recording.duration_ms)
    states = {"audio": UnknownState.NO_AUDIO, "video": UnknownState.NO_PICTURE}
    return [Unknown(state, whole).to_json() for stream, state in states.items() if not recording.has(stream)]


def _once(spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(span["state"], span["start_ms"], span["end_ms"]): span for span in spans}.values())


def _when(finding: Mapping[str, Any]) -> tuple[int, int, str, str]:
    return finding["start_ms"], finding["end_ms"], finding["kind"], str(finding["speaker"])
