"""Subtitles in XML (TTML and its relatives, YouTube), and those that pysubs2 reads: ASS, SSA, SAMI, MicroDVD, MPL2."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from html.parser import HTMLParser

from bodyworn.findings.transcripts.captions import TimedBlock
from bodyworn.findings.transcripts.recognizers import voiced

_SIGNS = (
    ("ass", re.compile(r"\[Script Info\]|^Dialogue:", re.M)),
    ("sami", re.compile(r"<SAMI>", re.I)),
    ("microdvd", re.compile(r"\A\{\d+\}\{\d+\}")),
    ("mpl2", re.compile(r"\A\[\d+\]\[\d+\]")),
)
_XML = re.compile(r"<(?:\w+:)?(tt|transcript|timedtext)[\s>]")
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)(?::(\d+))?\Z")
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|m|s|ms|f|t)?\Z")
_UNITS_MS = {"h": 3_600_000.0, "m": 60_000.0, "s": 1000.0, "ms": 1.0, "f": 1000 / 30, "t": 1e-4}


def subtitles_of(untrusted_text: str) -> list[TimedBlock] | None:
    """Each subtitle, with its speaker as a voice tag where one is named; ``None`` for other text."""
    text = untrusted_text.lstrip()
    head = text[:20_000]
    if _XML.search(head[:2000]) and (found := _from_xml(text)) is not None:
        return found
    name = next((name for name, sign in _SIGNS if sign.search(head)), None)
    return None if name is None else _by_library(text, name)


def _by_library(text: str, name: str) -> list[TimedBlock] | None:
    import pysubs2

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of fields that nobody needs here
            read = pysubs2.SSAFile.from_string(text, format_=name, fps=25.0)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, SyntaxError):
        return None
    return [
        TimedBlock(event.start, event.end, tuple(_lines(event.name, event.plaintext)))
        for event in read
        if not event.is_comment
    ]


def _lines(speaker: str, text: str) -> list[str]:
    lines = text.replace("|", "\n").split("\n")
    return [f"<v {speaker}>{' '.join(lines)}"] if speaker.strip() else lines


class _Read(HTMLParser):
    """Subtitles of XML, however well it is formed: no entity of a file's own is ever expanded."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[TimedBlock] = []
        self._agents: dict[str, str] = {}
        self._agent = ""
        self._times: tuple[int, int] | None = None
        self._who, self._said = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a subtitle, an agent or a line."""
        own = {name.rpartition(":")[2]: value or "" for name, value in attrs}
        local = tag.rpartition(":")[2]
        if local in ("p", "text") and {"begin", "start", "t"} & own.keys():
            self._end()
            self._times, self._who = _times(own), self._agents.get(own.get("agent", ""), "")
        elif local == "br":
            self._said += "\n"
        elif local == "agent":
            self._agent = own.get("id", "")

    def handle_endtag(self, tag: str) -> None:
        """End a subtitle or an agent."""
        local = tag.rpartition(":")[2]
        if local in ("p", "text"):
            self._end()
        elif local == "agent":
            self._agent = ""

    def handle_data(self, data: str) -> None:
        """Take the words of a subtitle or the name of an agent."""
        if self._times is not None:
            self._said += re.sub(r"\s+", " ", data)
        elif self._agent and data.strip():
            self._agents[self._agent] = data.strip()

    def _end(self) -> None:
        if self._times is not None and self._said.strip():
            parts = self._said.strip().split("\n")
            lines = (
                voiced(self._who, " ".join(parts)) if self._who else [line for p in parts for line in voiced(None, p)]
            )
            self.made.append(TimedBlock(*self._times, tuple(line.strip() for line in lines if line.strip())))
        self._times, self._said = None, ""


def _from_xml(text: str) -> list[TimedBlock] | None:
    read = _Read()
    read.feed(text)
    read.close()
    return read.made or None


def _times(own: Mapping[str, str]) -> tuple[int, int]:
    in_ms = "ms" * ("t" in own)
    start = _ms((own.get("begin") or own.get("start") or own.get("t") or "0") + in_ms)
    if end := own.get("end"):
        return start, max(start, _ms(end))
    return start, start + _ms((own.get("dur") or own.get("d") or "0") + in_ms)


def _ms(time: str) -> int:
    if match := _CLOCK.match(time):
        hours, minutes, seconds, frames = match.groups()
        return round(
            (int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)) * 1000 + int(frames or 0) * 1000 / 30
        )
    match = _OFFSET.match(time)
    return round(float(match[1]) * _UNITS_MS[match[2] or "s"]) if match else 0
