"""Plain text with speakers or times, as meetings, typists and players of lyrics write it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bodyworn.findings.cues.turns import CueTurn
from bodyworn.findings.transcripts.labels import label_of, role_of_label
from bodyworn.findings.transcripts.text import is_sound, said

_CLOCK = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,6})?"
#: A time, or from when to when, at the head of a line.
_TIME = rf"[\[(<]?\s*{_CLOCK}\s*(?:(?:[-–—]+|to)\s*{_CLOCK}\s*)?[\])>]?"
_TIMED = re.compile(rf"\A{_TIME}(?:\s*[-–—|:]\s+|\s+|(?<=[\])>])|\Z)")
_TIME_ALONE = re.compile(rf"{_TIME}\Z")
#: A speaker with a time on a line of their own, as Otter, Teams and Zoom write transcripts.
_STAMPED = re.compile(rf"(?P<name>[^\n:]{{1,60}}?)\s+[\[(]?{_CLOCK}(?:\s?[ap]m)?[\])]?\s*\Z", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d{1,4})[.):]?\s+(?=\S)")
#: What stands in such files and is not said.
_ASIDE = re.compile(
    r"\[(ti|ar|al|by|offset|re|ve|length|la|au|tool):.*\]\Z|(transcribed|generated|created|recorded) by\b.*\Z"
    r"|detect(ing|ed) language\b.*\Z",
    re.IGNORECASE,
)
#: Of the lines of a text without speakers, so many begin with a time.
_MOSTLY = 0.6


def turns_of(untrusted_text: str) -> tuple[CueTurn, ...]:
    """The turns; none if too little says that the text is a transcript."""
    lines = [line for raw in untrusted_text.splitlines() if (line := said(raw)) and not _ASIDE.match(line)]
    lines = _unnumbered(lines)
    return _stamped(lines) or _script(lines) or _timed(lines)


def _unnumbered(lines: list[str]) -> list[str]:
    """Without the numbers of lines, where every line has the next one."""
    numbers = [_NUMBERED.match(line) for line in lines]
    counted = [int(match[1]) for match in numbers if match]
    if len(counted) == len(lines) > 1 and counted == list(range(counted[0], counted[0] + len(lines))):
        return [line[match.end() :] for line, match in zip(lines, numbers, strict=True) if match]
    return lines


def _stamped(lines: list[str]) -> tuple[CueTurn, ...]:
    """Turns under lines with a name and a time: ``Speaker 1  0:05``, or with the time on a line of its own."""
    joined = list(_with_their_times(lines))
    if sum(bool(_STAMPED.match(line)) for line in joined) < 2:
        return ()
    turns: list[CueTurn] = []
    role = "unknown"
    for line in joined:
        if match := _STAMPED.match(line):
            role = role_of_label(match["name"]) or "unknown"
        else:
            turns.append(CueTurn(role, line))
    return tuple(turns)


def _with_their_times(lines: list[str]) -> Iterator[str]:
    """Lines, those that are a name followed by a time on the next line with that time."""
    at = 0
    while at < len(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        named = role_of_label(lines[at]) is not None and len(lines[at].split()) <= 5 and ":" not in lines[at]
        if named and _TIME_ALONE.match(following):
            yield f"{lines[at]} {following}"
            at += 1
        else:
            yield lines[at]
        at += 1


def _script(lines: list[str]) -> tuple[CueTurn, ...]:
    """Turns of lines of which at least two begin with who speaks; lines without a name go on."""
    plain = [text for line in lines if (text := _TIMED.sub("", line, count=1))]
    labels = [label_of(line) for line in plain]
    if sum(label is not None and label.sure for label in labels) < 2:
        return ()
    names = {label.name for label in labels if label is not None and label.sure}
    turns: list[CueTurn] = []
    role = "unknown"
    for line, label in zip(plain, labels, strict=True):
        if label is not None and (label.sure or label.name in names):
            role, line = label.role, line[label.length :]
        if line and not is_sound(line):
            turns.append(CueTurn(role, line))
    return tuple(turns)


def _timed(lines: list[str]) -> tuple[CueTurn, ...]:
    """Turns of nobody in particular: what most lines say after a time."""
    plain = [_TIMED.sub("", line, count=1) for line in lines]
    timed = sum(text != line for text, line in zip(plain, lines, strict=True))
    if timed < 2 or timed < _MOSTLY * len(lines):
        return ()
    return tuple(CueTurn("unknown", text) for text in plain if text and not is_sound(text))
