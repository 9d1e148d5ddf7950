"""Lines in the JSON of recognizers: Whisper, WhisperX, whisper.cpp, Deepgram, AssemblyAI, Rev, Google, Azure, Amazon,
YouTube, and what looks like them: a list of rows with a text, or of words with their speakers."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from bodyworn.domain.codec import Json

Row = Mapping[str, Json]
#: Where the rows of a document stand, the most telling first.
_LISTS = (
    "segments",
    "utterances",
    "transcription",
    "monologues",
    "audio_segments",
    "recognizedPhrases",
    "sentences",
    "chunks",
    "transcript",
    "events",
    "results",
    "items",
    "word_segments",
    "words",
    "channels",
    "alternatives",
    "data",
)
_SPEAKERS = ("speaker", "speaker_label", "speakerLabel", "speaker_name", "speakerName", "speaker_id", "role", "name")
_TEXTS = ("text", "transcript", "sentence", "display", "content", "utf8", "punctuated_word", "word", "value")
#: Lists in a row whose texts together are its text.
_PARTS = ("elements", "segs")
_BEST = ("nBest", "alternatives")


def lines_of(untrusted_text: str) -> list[list[str]] | None:
    """The lines of each row, with its speaker as a voice tag where one is named; ``None`` for other text."""
    try:
        document: Json = json.loads(untrusted_text)
    except (ValueError, RecursionError):
        document = _json_lines(untrusted_text)
    try:
        rows = list(_rows(document))
    except RecursionError:
        return None
    lines = [voiced(_speaker(row), text) for row in rows if (text := _text(row))]
    return lines or None


def voiced(speaker: str | None, text: str) -> list[str]:
    """One caption: its text, with the speaker as a voice tag."""
    escaped = html.escape(text, quote=False).replace("\n", " ")
    name = (speaker or "").replace(">", " ").replace("<", " ").strip()
    return [f"<v {name}>{escaped}" if name else escaped]


def _json_lines(text: str) -> Json:
    """One object a line, with a text each."""
    try:
        rows: list[Json] = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        return None
    good = all(isinstance(row, dict) and "turns" not in row and _text(row) for row in rows)
    return rows if good else None


def _rows(document: Json) -> Iterator[Row]:
    if isinstance(document, list):
        rows = [row for row in document if isinstance(row, dict)]
        yield from _said_words(rows) if rows and all(_is_word(row) for row in rows) else _told_apart(rows)
    elif isinstance(document, dict) and "turns" not in document:
        for name in _LISTS:
            inner = document.get(name)
            if isinstance(inner, (list, dict)) and inner:
                found = list(_rows(inner))
                if any(_text(row) for row in found):
                    yield from found
                    return


def _told_apart(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with a text; those whose words have different speakers, and those that only hold rows, in parts."""
    for row in rows:
        words = row.get("words")
        named = [word for word in words if isinstance(word, dict) and _speaker(word)] if isinstance(words, list) else []
        if len({_speaker(word) for word in named}) > 1 and isinstance(words, list):
            yield from _said_words([word for word in words if isinstance(word, dict)])
        elif _text(row):
            yield row
        else:
            yield from _rows(dict(row))


def _is_word(row: Row) -> bool:
    """Whether a row is one word or mark among many, as Amazon, Deepgram and WhisperX list them."""
    return "word" in row or row.get("type") in ("pronunciation", "punctuation")


def _said_words(rows: Iterable[Row]) -> Iterator[Row]:
    """Words put together while their speaker stays the same; marks and words without one go with those before."""
    speaker = None
    named: list[tuple[str | None, Row]] = []
    for row in rows:
        speaker = _speaker(row) or speaker
        named.append((speaker, row))
    for who, group in groupby(named, key=lambda pair: pair[0]):
        text = ""
        for _, row in group:
            mark = row.get("type") == "punctuation"
            text += ("" if mark or not text else " ") + _text(row).strip()
        yield {"speaker": who, "text": text}


def _text(row: Row) -> str:
    for name in _PARTS:
        parts = row.get(name)
        if isinstance(parts, list):
            return "".join(_text(part) for part in parts if isinstance(part, dict)).strip("\n")
    for name in _BEST:
        best = row.get(name)
        if isinstance(best, list) and best and isinstance(best[0], dict) and "words" not in best[0]:
            return _text(best[0])
    return next((str(row[name]) for name in _TEXTS if isinstance(row.get(name), str)), "")


def _speaker(row: Row) -> str | None:
    for name in _SPEAKERS:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return f"Speaker {value}"
    return None
