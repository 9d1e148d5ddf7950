"""Read a transcript that somebody has already, whatever its format; what it is is told from the text, not the name.

JSONL of encounters, WebVTT, SubRip, SBV, console output of recognizers, JSON of Whisper, WhisperX and whisper.cpp,
TTML, ASS and other subtitles (by pysubs2), text of Otter and the like, and plain text with speakers. Names that say
what somebody is become roles, other names ``unknown``. What looks like a caption and cannot be read is counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from bodyworn.domain.errors import BadTranscript, EmptyInput
from bodyworn.domain.files import unreadable
from bodyworn.domain.recording import shown_name
from bodyworn.domain.role import role_or_unknown
from bodyworn.findings.cues.turns import Conversation, CueTurn
from bodyworn.findings.transcripts import recognizers, subtitles
from bodyworn.findings.transcripts.captions import looks_timed, read_captions
from bodyworn.findings.transcripts.labels import label_of, role_of_label
from bodyworn.findings.transcripts.rolling import once
from bodyworn.findings.transcripts.speakers import turns_of
from bodyworn.findings.transcripts.text import clean

MOST_BYTES = 64 << 20
_WHAT = (
    "Give captions (VTT, SRT, SBV, TTML, ASS), recognizer JSON, JSONL of encounters, or text with speakers, in UTF-8"
)
#: A speaker with a time on a line of their own, as Otter and Teams write transcripts.
_STAMPED = re.compile(r"(?P<name>[^\n:]{1,60}?)\s+\(?\d{1,2}:\d{2}(:\d{2})?\)?\s*\Z")


def read_transcript(path: Path) -> list[Conversation]:
    """Conversations of the file at ``path``, at least one, each with at least one turn.

    :class:`UnreadableInput`, :class:`EmptyInput` or :class:`BadTranscript` if it cannot be used.
    """
    untrusted_text = _text_of(path)
    head = untrusted_text.lstrip()
    if head.startswith(("{", "[{", "[\n")) and (turns := recognizers.turns_of(untrusted_text)) is not None:
        return [_conversation(path, turns)]
    if head.startswith("{"):
        return _from_jsonl(untrusted_text, path.name)
    if (subtitled := subtitles.lines_of(untrusted_text)) is not None:
        return [_conversation(path, turns_of(subtitled))]
    if looks_timed(untrusted_text) or head.startswith("WEBVTT"):
        read = read_captions(untrusted_text)
        captions = once(read.captions)
        notes = _unread(read.unread, len(read.captions))
        return [_conversation(path, turns_of(caption.lines for caption in captions), notes)]
    for reader in (_stamped, _script):
        if turns := reader(untrusted_text):
            return [_conversation(path, turns)]
    raise BadTranscript(f"{path.name} is neither captions nor JSONL of encounters nor text with speakers", _WHAT)


def _unread(unread: int, read: int) -> tuple[str, ...]:
    return (f"{unread} of {unread + read} captions could not be read",) if unread else ()


def _conversation(path: Path, turns: Sequence[CueTurn], notes: tuple[str, ...] = ()) -> Conversation:
    if not turns:
        raise BadTranscript(f"{path.name} has no caption with words", _WHAT)
    return Conversation(clean(path.stem), tuple(turns), tuple(range(len(turns))), notes)


def _stamped(text: str) -> tuple[CueTurn, ...]:
    """Turns under lines with a name and a time: ``Speaker 1  0:05``."""
    turns: list[CueTurn] = []
    lines = [line.strip() for line in text.splitlines()]
    if sum(bool(_STAMPED.match(line)) for line in lines) < 2:
        return ()
    role = "unknown"
    for line in lines:
        if match := _STAMPED.match(line):
            role = role_of_label(match["name"]) or "unknown"
        elif words := clean(line):
            turns.append(CueTurn(role, words))
    return tuple(turns)


def _script(text: str) -> tuple[CueTurn, ...]:
    """Turns of plain text in which at least two lines begin with who speaks; lines without a name go on."""
    lines = [clean(line) for line in text.splitlines() if clean(line)]
    labels = [label_of(line) for line in lines]
    if sum(label is not None and label.sure for label in labels) < 2:
        return ()
    names = {label.name for label in labels if label is not None and label.sure}
    turns: list[CueTurn] = []
    role = "unknown"
    for line, label in zip(lines, labels, strict=True):
        if label is not None and (label.sure or label.name in names):
            role, line = label.role, line[label.length :]
        if line:
            turns.append(CueTurn(role, line))
    return tuple(turns)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadTranscript(f"{path.name} is larger than {MOST_BYTES >> 20} MiB", "Split it by encounter")
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(shown_name(path.name), error) from None
    if not data.strip():
        raise EmptyInput(f"{path.name} is empty", "Give the file that holds the transcript")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise BadTranscript(f"{path.name} is not text in UTF-8", _WHAT) from None


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
