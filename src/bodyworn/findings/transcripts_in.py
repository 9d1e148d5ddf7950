"""Read a transcript that exists already: JSONL of encounters, WebVTT or SubRip.

The format follows from the text, not from the file's name. Captions name their speakers as ``<v Officer>`` or as
``Officer: …`` at the head of a line; names that say who a person is become roles, other names ``unknown``.
Sources: W3C WebVTT (2019); SubRip as players read it.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from bodyworn.domain.errors import BadTranscript, EmptyInput, UnreadableInput
from bodyworn.domain.role import NumberedRole, Role, role_or_unknown
from bodyworn.findings.cues.turns import Conversation, CueTurn

MOST_BYTES = 64 << 20
_TIME = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})")
_TIMING = re.compile(rf"{_TIME.pattern}[ \t]+-->[ \t]+{_TIME.pattern}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?[A-Za-z][^>]*>|<[\d:.]+>|\{\\[^}]*\}")
_PREFIX = re.compile(r"(?:-\s*|>>\s*)?\[?([A-Za-z][\w .#'’/-]{0,30}?)\]?:(?!\d)(?:\s+|$)")
_DASH = re.compile(r"^(?:-\s*|>>\s*)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_NUMBER = re.compile(r"(?:[ _#.-]*)([1-9][0-9]?)$")
_ROLE_WORDS = {
    "officer": "officer ofc cop police deputy trooper sergeant sgt sheriff corporal detective lieutenant wearer",
    "dispatch": "dispatch dispatcher radio control",
    "community": "community driver passenger caller subject woman man female male citizen civilian resident victim "
    "witness suspect mother father boy girl bystander neighbor complainant person",
}
_ROLE_OF = {word: role for role, words in _ROLE_WORDS.items() for word in words.split()}
_WHAT = "Give JSONL in the shape of the benchmark, WebVTT or SRT, in UTF-8"


def read_transcript(path: Path) -> list[Conversation]:
    """Conversations of the file at ``path``, at least one, each with at least one turn.

    :class:`UnreadableInput`, :class:`EmptyInput` or :class:`BadTranscript` if it cannot be used.
    """
    untrusted_text = _text_of(path)
    head = untrusted_text.lstrip()
    if head.startswith("{"):
        return _from_jsonl(untrusted_text, path.name)
    if head.startswith("WEBVTT") or _TIMING.search(head):
        return [_from_captions(untrusted_text, path)]
    raise BadTranscript(f"{path.name} is neither JSONL of encounters nor WebVTT nor SRT", _WHAT)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadTranscript(f"{path.name} is larger than {MOST_BYTES >> 20} MiB", "Split it by encounter")
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise UnreadableInput(
            f"{path.name} cannot be read: {reason.lower()}", "Check the name and the permissions"
        ) from None
    if not data.strip():
        raise EmptyInput(f"{path.name} is empty", "Name the file that holds the transcript")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise BadTranscript(f"{path.name} is not text in UTF-8", _WHAT) from None


def clean(untrusted_text: str) -> str:
    """Text on one line, without control characters and doubled spaces."""
    return " ".join(_CONTROL.sub(" ", untrusted_text).split())


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
        role = turn["speaker"] if isinstance(turn.get("speaker"), str) else turn.get("role")
        turns.append(CueTurn(role_or_unknown(role), clean(turn["text"])))
        numbers.append(number)
    return Conversation(clean(str(untrusted.get("id", line))), tuple(turns), tuple(numbers))


def _from_captions(text: str, path: Path) -> Conversation:
    turns: list[CueTurn] = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip("\n").split("\n")
        timing = next((at for at, line in enumerate(lines[:3]) if _TIMING.search(line)), None)
        if timing is not None:
            turns += _cue(lines[timing + 1 :])
    if not turns:
        raise BadTranscript(f"{path.name} has no caption with words", _WHAT)
    return Conversation(clean(path.stem), tuple(turns), tuple(range(len(turns))))


def _cue(lines: list[str]) -> list[CueTurn]:
    """Turns of one caption: a new one where a line names its speaker or begins with a dash."""
    turns: list[CueTurn] = []
    for raw in lines:
        voice = _VOICE.search(raw)
        line = clean(html.unescape(_TAG.sub("", raw)))
        prefix = _PREFIX.match(line)
        role = role_of_name(voice.group(1)) if voice else None
        if prefix and not voice and (named := role_of_name(prefix.group(1))) is not None:
            role, line = named, line[prefix.end() :]
        line_starts = bool(_DASH.match(line))
        line = _DASH.sub("", line)
        if turns and role is None and not line_starts:
            turns[-1] = CueTurn(turns[-1].role, f"{turns[-1].text} {line}".strip())
        else:
            turns.append(CueTurn(role or "unknown", line))
    return [turn for turn in turns if turn.text]


def role_of_name(untrusted_name: str) -> str | None:
    """The role that a speaker's name says: ``Officer 2`` -> ``officer_2``, ``Driver`` -> ``community``.

    ``unknown`` for a label without meaning such as ``SPEAKER_01`` or a person's name, ``None`` for what is no name.
    """
    name = clean(untrusted_name).lower()
    number = _NUMBER.search(name)
    bare = _NUMBER.sub("", name).strip(" _#.-")
    for word in re.split(r"[^a-z]+", bare):
        if role := _ROLE_OF.get(word):
            count = int(number.group(1)) if number else 1
            return role if role == Role.DISPATCH.value else str(NumberedRole(Role(role), count))
    if re.match(r"(speaker|spk|s|voice|unknown|unidentified)\b|speaker", name):
        return "unknown"
    words = clean(untrusted_name).split()
    a_name = untrusted_name.isupper() or (len(words) > 1 and all(word[:1].isupper() for word in words))
    return "unknown" if a_name else None
