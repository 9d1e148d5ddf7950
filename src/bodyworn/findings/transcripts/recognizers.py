"""Turns in the JSON of recognizers: Whisper, WhisperX and faster-whisper (``segments``), whisper.cpp."""

from __future__ import annotations

import json

from bodyworn.domain.codec import Json
from bodyworn.findings.cues.turns import CueTurn
from bodyworn.findings.transcripts.labels import role_of_label
from bodyworn.findings.transcripts.text import clean, is_sound

_LISTS = ("segments", "transcription", "utterances", "chunks")


def turns_of(untrusted_text: str) -> tuple[CueTurn, ...] | None:
    """The turns; ``None`` if the text is not one JSON document of that kind."""
    try:
        document: Json = json.loads(untrusted_text)
    except (ValueError, RecursionError):
        return None
    rows = document if isinstance(document, list) else _rows(document)
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("text"), str) for row in rows
    ):
        return None
    turns = [CueTurn(_role(row), clean(str(row["text"]))) for row in rows if isinstance(row, dict)]
    return tuple(turn for turn in turns if turn.text and not is_sound(turn.text))


def _rows(document: Json) -> Json:
    if not isinstance(document, dict) or "turns" in document:
        return None
    return next((document[name] for name in _LISTS if isinstance(document.get(name), list)), None)


def _role(row: dict[str, Json]) -> str:
    name = row.get("speaker", row.get("role"))
    return (role_of_label(name) or "unknown") if isinstance(name, str) else "unknown"
