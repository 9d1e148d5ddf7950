"""Captions as a list: when, and the lines of text. Every block that has a time is read or counted as unread.

Read by line, not by the letter of a standard: WebVTT (W3C 2019), SubRip as players read it, SBV, and what
recognizers print to a console. Hours, milliseconds and blanks may be missing, frames may stand for milliseconds, arrows
come in many shapes, a line of blanks does not end a caption, captions need no empty line between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: Blanks between the parts of a time; few, so that no line takes long.
_B = r"\s{0,8}"
_FULL = rf"(-)?(?:(\d{{1,6}}){_B}:{_B})?(\d{{1,3}}){_B}:{_B}(\d{{1,2}})(?:{_B}([.,:;]){_B}(\d{{1,9}}))?"
_SECONDS = r"(\d{1,6})[.,](\d{1,6})s?"
_ARROW_FORM = r"(?:(?:[-–—=~]\s?){1,3}(?:>|&gt;)|→|⇒|➔)"
_TIMING = re.compile(
    rf"\[?{_B}{_FULL}{_B}(?:{_ARROW_FORM}|,(?=\d+:\d\d:\d\d\.\d)){_B}{_FULL}{_B}\]?(?P<rest>(?:\D.*)?)\Z"
)
_TIMING_IN_SECONDS = re.compile(rf"\[?{_B}{_SECONDS}{_B}{_ARROW_FORM}{_B}{_SECONDS}{_B}\]?(?P<rest>(?:\D.*)?)\Z")
_ARROW = re.compile(rf"--\s?(?:>|&gt;)|\d\s*{_ARROW_FORM}\s*\d")
_INDEX = re.compile(r"\s*\d+\s*\Z")
_ASIDE = re.compile(r"(NOTE|STYLE|REGION)\b")
#: Settings of a WebVTT cue, which stand on the line of its time.
_SETTING = re.compile(r"(align|position|line|size|vertical|region|X1|X2|Y1|Y2):\S")
#: What recognizers print beside their text.
_LOG = re.compile(r"(whisper_\w+|ggml_\w+|system_info|main|output_\w+|llama_\w+): ")
#: Frames in a second where a time counts them.
_FRAME_RATE = 30
#: A file in which this share of the lines is followed by an empty one has an empty line between all lines.
_DOUBLE_SPACED = 0.9


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


@dataclass
class _Reading:
    """Captions read so far; ``groups`` says in which of several joined files each stands."""

    found: list[tuple[int, int, list[str]]] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    unread: int = 0

    def in_order(self) -> tuple[TimedBlock, ...]:
        """The captions by their times; joined files one after the other."""
        order = sorted(range(len(self.found)), key=lambda n: (self.groups[n], self.found[n][0]))
        return tuple(TimedBlock(s, max(s, e), tuple(lines)) for s, e, lines in (self.found[n] for n in order))


def looks_timed(text: str) -> bool:
    """Whether some line is the time of a caption."""
    return any(_timing(line) for line in text.splitlines()[:4000])


def read_captions(untrusted_text: str) -> TimedBlocks:
    """The captions of WebVTT, SubRip, SBV or console output, by their times."""
    lines = _lines(untrusted_text)
    webvtt = untrusted_text.lstrip().startswith("WEBVTT")
    reading = _Reading()
    aside, group = False, 0
    for number, line in enumerate(lines):
        if (timing := _timing(line)) is not None:
            aside = False
            reading.found.append(timing)
            reading.groups.append(group)
        elif _ARROW.search(line):
            reading.unread, aside = reading.unread + 1, False
        elif line == "":
            aside = False
        elif aside or (webvtt and _ASIDE.match(line) and (not number or not lines[number - 1].strip())):
            aside = True
        elif _LOG.match(line):
            continue
        elif reading.found and _is_index(lines, number, named=webvtt and bool(reading.found[-1][2])):
            group += line.strip() in ("0", "1")
        elif reading.found:
            reading.found[-1][2].append(line)
    return TimedBlocks(reading.in_order(), reading.unread)


def _lines(text: str) -> list[str]:
    lines = re.sub(r"\r*\n|\r", "\n", text).split("\n")
    filled = [n for n, line in enumerate(lines[:-1]) if line.strip()]
    doubled = sum(not lines[n + 1].strip() for n in filled)
    if len(filled) >= 4 and doubled >= _DOUBLE_SPACED * len(filled):
        return [line for line in lines if line.strip()]
    return lines


def _timing(line: str) -> tuple[int, int, list[str]] | None:
    """Start and end in milliseconds and what stands after them; ``None`` if a line is no time."""
    stripped = line.strip()
    if match := _TIMING.match(stripped):
        start, end = _ms(match, 1), _ms(match, 7)
    elif match := _TIMING_IN_SECONDS.match(stripped):
        start, end = (int(match[at]) * 1000 + int(match[at + 1].ljust(3, "0")[:3]) for at in (1, 3))
    else:
        return None
    rest = match["rest"].strip()
    return start, end, [] if all(_SETTING.match(word) for word in rest.split()) else [rest]


def _is_index(lines: list[str], number: int, *, named: bool) -> bool:
    """Whether a line only numbers the caption that follows or, where captions have names, names it."""
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if not (_timing(following) or _ARROW.search(following)):
        return False
    return bool(_INDEX.match(lines[number])) or (named and not lines[number - 1].strip())


def _ms(match: re.Match[str], first: int) -> int:
    sign, hours, minutes, seconds, mark, part = match.group(*range(first, first + 6))
    part = part or "0"
    frames = mark in (":", ";") and len(part) <= 2
    below = int(part) * 1000 // _FRAME_RATE if frames else int(part.ljust(3, "0")[:3])
    value = ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + below
    return -value if sign else value
