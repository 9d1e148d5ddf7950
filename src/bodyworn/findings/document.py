"""The published form of an analysis: one JSON object, described by ``analysis-1.schema.json`` beside this file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from bodyworn.domain.codec import Json, JsonObject, from_json, omit_default, to_json
from bodyworn.domain.finding import Finding, Unknown, UnknownState
from bodyworn.domain.recording import Recording
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact
from bodyworn.findings.artifacts.utterances import Utterance

SCHEMA_ID = "https://bodyworn.org/schema/analysis-1.json"


@dataclass(frozen=True)
class AnalyzedSpeaker:
    """A speaker: the role with its reasons, and the measures of the voice where they were made."""

    role: str
    confidence: float
    because: tuple[str, ...]
    speech_ms: int | None = field(default=None, metadata=omit_default())
    level_db: float | None = field(default=None, metadata=omit_default())
    clarity_db: float | None = field(default=None, metadata=omit_default())
    steadiness: float | None = field(default=None, metadata=omit_default())
    band_limited: float | None = field(default=None, metadata=omit_default())
    pitch_hz: float | None = field(default=None, metadata=omit_default())


@dataclass(frozen=True)
class Analysis:
    """The analysis of a recording, of all that is made so far.

    ``made_by`` names the maker of each stage's result; ``not_made`` says of every other stage why there is none, so
    that an empty list of findings is never taken for "nothing happened".
    """

    schema: str
    recording: Recording
    speakers: Mapping[str, AnalyzedSpeaker]
    utterances: tuple[Utterance, ...]
    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...]
    made_by: Mapping[str, str]
    not_made: Mapping[str, str]


def schema() -> dict[str, Any]:
    """The JSON Schema of :func:`compose`'s value."""
    text = Path(__file__).with_name("analysis-1.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def analysis_of(document: JsonObject) -> Analysis:
    """A published document as :class:`Analysis`; ``ValueError`` naming the place that has another shape."""
    return from_json(Analysis, document, "analysis")


def compose(
    recording: Recording, made: Mapping[str, Artifact], made_by: Mapping[str, str], not_made: Mapping[str, str]
) -> dict[str, Json]:
    """The analysis of a recording as JSON, put together from its artifacts by name as they are stored.

    :func:`analysis_of` gives it types; here nothing is read that is only passed on, for it may be long.
    """
    spoken, voices = _part(made, "utterances"), _part(made, "speakers").get("speakers", {})
    findings = sorted(_entries(made.values(), "findings"), key=_order_of_finding)
    unknown = [*_entries(made.values(), "unknown"), *map(to_json, _absent(recording))]
    roles, measures = cast(JsonObject, spoken.get("roles", {})), cast(JsonObject, voices)
    return {
        "schema": SCHEMA_ID,
        "recording": recording.to_json(),
        "speakers": {
            name: {**cast(JsonObject, measures.get(name, {})), **cast(JsonObject, role)}
            for name, role in sorted(roles.items())
        },
        "utterances": list(cast(Sequence[Json], spoken.get("utterances", ()))),
        "findings": findings,
        "unknown": _once(unknown),
        "made_by": dict(sorted(made_by.items())),
        "not_made": dict(sorted(not_made.items())),
    }


def _part(made: Mapping[str, Artifact], name: str) -> JsonObject:
    return made[name].data if name in made else {}


def _entries(artifacts: Iterable[Artifact], key: str) -> list[JsonObject]:
    """The findings or unknown spans of all artifacts that have any."""
    return [entry for artifact in artifacts for entry in cast(Sequence[JsonObject], artifact.data.get(key, ()))]


def _absent(recording: Recording) -> list[Unknown]:
    """A recording without sound or without picture is unknown there from start to end."""
    whole = Span(0, recording.duration_ms)
    states = {"audio": UnknownState.NO_AUDIO, "video": UnknownState.NO_PICTURE}
    return [Unknown(state, whole) for stream, state in states.items() if not recording.has(stream)]


def _once(unknown: Iterable[JsonObject]) -> list[JsonObject]:
    return sorted({_order_of_unknown(entry): entry for entry in unknown}.values(), key=_order_of_unknown)


def _order_of_unknown(entry: JsonObject) -> tuple[int, int, str]:
    return (*_start_and_end(entry), str(entry["state"]))


def _order_of_finding(entry: JsonObject) -> tuple[int, int, str, str]:
    return (*_start_and_end(entry), str(entry["kind"]), str(entry["speaker"]))


def _start_and_end(entry: JsonObject) -> tuple[int, int]:
    return cast(int, entry["start_ms"]), cast(int, entry["end_ms"])
