"""Captions as a list: when, and the lines of text. Every block that has a time is read or counted as unread.

Read by line, not by the letter of a standard: WebVTT (W3C 2019), SubRip as players read it, SBV, and what
recognizers print to a console. Milliseconds may have one to three digits or be missing, arrows need no spaces, a line
of blanks does not end a caption, captions need no empty line between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,6}))?"
_TIMING = re.compile(rf"\s*\[?\s*{_CLOCK}\s*(?:-{{1,3}}>|→|,(?=\d+:\d\d:\d\d\.\d))\s*{_CLOCK}\s*\]?(?P<rest>.*)\Z")
_ARROW = re.compile(r"-->|\d\s*->\s*\d")
_INDEX = re.compile(r"\s*\d+\s*\Z")
_ASIDE = re.compile(r"(NOTE|STYLE|REGION)\b")
#: Settings of a WebVTT cue, which stand on the line of its time.
_SETTINGS = re.compile(r"(\s*\b(align|position|line|size|vertical|region|X1|X2|Y1|Y2):\S+)*\s*\Z")


@dataclass(frozen=True)
class TimedBlock:
    """Lines shown in ``[start_ms, end_ms)``, with their markup."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class TimedBlocks:
    """All captions in order, and how many blocks look like captions but could not be read."""

    captions: tuple[TimedBlock, ...]
    unread: int


def looks_timed(text: str) -> bool:
    """Whether some line is the time of a caption."""
    return any(_TIMING.match(line) for line in text.splitlines()[:4000])


def read_captions(untrusted_text: str) -> TimedBlocks:
    """The captions of WebVTT, SubRip, SBV or console output."""
    found: list[tuple[int, int, list[str]]] = []
    unread, aside = 0, False
    lines = untrusted_text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        if match := _TIMING.match(line):
            rest = match["rest"].strip()
            payload = [] if not rest or _SETTINGS.fullmatch(match["rest"]) else [rest]
            found.append((_ms(match, 1), _ms(match, 5), payload))
            aside = False
        elif _ARROW.search(line):
            unread, aside = unread + 1, False
        elif line == "":
            aside = False
        elif aside or (_ASIDE.match(line) and (not number or not lines[number - 1].strip())):
            aside = True
        elif found and not _is_index(lines, number):
            found[-1][2].append(line)
    captions = tuple(TimedBlock(start, max(start, end), tuple(payload)) for start, end, payload in found)
    return TimedBlocks(captions, unread)


def _is_index(lines: list[str], number: int) -> bool:
    """Whether a line only numbers or names the caption that follows."""
    following = lines[number + 1] if number + 1 < len(lines) else ""
    timed = bool(_TIMING.match(following) or _ARROW.search(following))
    named = not lines[number - 1].strip() if number else True
    return timed and (bool(_INDEX.match(lines[number])) or named)


def _ms(match: re.Match[str], first: int) -> int:
    hours, minutes, seconds, part = match.group(first, first + 1, first + 2, first + 3)
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((part or "0").ljust(3, "0")[:3])
