"""Read a transcript that somebody has already, whatever its format; what it is is told from the text, not the name.

JSONL of encounters, WebVTT, SubRip, SBV, console output of recognizers, JSON of recognizers, TTML, ASS and other
subtitles, CSV and TSV, text of Otter, Teams, Zoom and the like, and plain text with speakers. Names that say what
somebody is become roles, other names ``unknown``. What looks like a caption and cannot be read is counted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from bodyworn.domain.codec import Json, from_json, to_json
from bodyworn.domain.errors import BadTranscript, EmptyInput
from bodyworn.domain.role import role_or_unknown
from bodyworn.findings.cues.turns import Conversation, CueTurn
from bodyworn.findings.transcripts import decoding, recognizers, scripts, subtitles, tables
from bodyworn.findings.transcripts.captions import looks_timed, read_captions
from bodyworn.findings.transcripts.labels import role_of_label
from bodyworn.findings.transcripts.rolling import once
from bodyworn.findings.transcripts.speakers import turns_of
from bodyworn.findings.transcripts.text import clean
from bodyworn.media import documents

MOST_BYTES = 64 << 20
_WHAT = (
    "Give captions (VTT, SRT, SBV, TTML, ASS), recognizer JSON, JSONL of encounters, or text with speakers, in UTF-8"
)


def read_transcript(path: Path) -> list[Conversation]:
    """Conversations of the file at ``path``, at least one, each with at least one turn; read in a child process.

    :class:`UnreadableInput`, :class:`EmptyInput` or :class:`BadTranscript` if it cannot be used, :class:`InputError` if
    it takes more than a transcript may.
    """
    found = documents.parsed(told, {"path": os.fspath(path.absolute())}, path.name)
    return [from_json(Conversation, one) for one in cast(Sequence[Json], found)]


def told(path: str) -> list[Json]:
    """The work of the child: JSON of each of the :func:`conversations`."""
    return [to_json(one) for one in conversations(Path(path))]


def conversations(path: Path) -> list[Conversation]:
    """What :func:`read_transcript` gives, read in this very process."""
    untrusted_text, notes = _text_of(path)
    head = untrusted_text.lstrip()
    if head.startswith(("{", "[")) and (rows := recognizers.lines_of(untrusted_text)) is not None:
        return [_conversation(path, turns_of(rows), notes)]
    if head.startswith("{") and not head[1:2].isdigit():
        return _from_jsonl(untrusted_text, path.name)
    turns, more = _turns(untrusted_text)
    if turns is not None:
        return [_conversation(path, turns, (*notes, *more))]
    raise BadTranscript(f"{path.name} is neither captions nor JSONL of encounters nor text with speakers", _WHAT)


def _turns(untrusted_text: str) -> tuple[Sequence[CueTurn] | None, tuple[str, ...]]:
    """The turns of text that is no JSON, and what of it could not be read; ``None`` if it is no transcript."""
    if (subtitled := subtitles.subtitles_of(untrusted_text)) is not None:
        return turns_of(caption.lines for caption in once(subtitled)), ()
    if looks_timed(untrusted_text) or untrusted_text.lstrip().startswith("WEBVTT"):
        read = read_captions(untrusted_text)
        turns = turns_of(caption.lines for caption in once(read.captions))
        return turns, _unread(read.unread, len(read.captions))
    if (rows := tables.lines_of(untrusted_text)) is not None:
        return turns_of(rows), ()
    return scripts.turns_of(untrusted_text) or None, ()


def _unread(unread: int, read: int) -> tuple[str, ...]:
    return (f"{unread} of {unread + read} captions could not be read",) if unread else ()


def _conversation(path: Path, turns: Sequence[CueTurn], notes: tuple[str, ...] = ()) -> Conversation:
    if not turns:
        raise BadTranscript(f"{path.name} has no caption with words", _WHAT)
    return Conversation(clean(path.stem), tuple(turns), tuple(range(len(turns))), notes)


def _text_of(path: Path) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and a note where its letters had to be guessed."""
    data = documents.bytes_of(path, MOST_BYTES, "a transcript")
    if not data.strip():
        raise EmptyInput(f"{path.name} is empty", "Give the file that holds the transcript")
    if (found := decoding.decoded(data)) is None:
        raise BadTranscript(f"{path.name} is not text in UTF-8", _WHAT)
    text, encoding = found
    western = ("the text is not UTF-8 and was read as Windows-1252; letters with accents may be wrong",)
    return text, western if encoding == decoding.WESTERN else ()


def _from_jsonl(text: str, name: str) -> list[Conversation]:
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                found.append(_encounter(json.loads(line), number))
            except (ValueError, RecursionError) as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                raise BadTranscript(
                    f"line {number} of {name} is not an encounter: {clean(reason)}",
                    'Each line needs one JSON object with "id" and "turns" of "i", "speaker" and "text"',
                ) from None
    return found


def _encounter(untrusted: object, line: int) -> Conversation:
    if not isinstance(untrusted, dict) or not isinstance(untrusted.get("turns"), list) or not untrusted["turns"]:
        raise ValueError('no "turns"')
    turns, numbers = [], []
    for at, turn in enumerate(untrusted["turns"]):
        if not isinstance(turn, dict) or not isinstance(turn.get("text"), str):
            raise ValueError(f'turn {at} has no "text"')
        number = turn.get("i", at)
        if not isinstance(number, int) or isinstance(number, bool):
            raise ValueError(f'"i" of turn {at} is not a whole number')
        name = turn["speaker"] if isinstance(turn.get("speaker"), str) else turn.get("role")
        role = role_or_unknown(name)
        if role == "unknown" and isinstance(name, str):
            role = role_of_label(name) or "unknown"
        turns.append(CueTurn(role, clean(turn["text"])))
        numbers.append(number)
    return Conversation(clean(str(untrusted.get("id", line))), tuple(turns), tuple(numbers))
