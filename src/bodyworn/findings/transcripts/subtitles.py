"""Subtitles that pysubs2 reads: ASS and SSA, TTML, SAMI, MicroDVD, MPL2."""

from __future__ import annotations

import re

_SIGNS = (
    ("ass", re.compile(r"\[Script Info\]|^Dialogue:", re.M)),
    ("ttml", re.compile(r"<tt[\s>]|xmlns=\"http://www.w3.org/ns/ttml")),
    ("sami", re.compile(r"<SAMI>", re.I)),
    ("microdvd", re.compile(r"\A\{\d+\}\{\d+\}")),
    ("mpl2", re.compile(r"\A\[\d+\]\[\d+\]")),
)


def lines_of(untrusted_text: str) -> list[list[str]] | None:
    """The lines of each subtitle, with its speaker as a voice tag where one is named; ``None`` for other text."""
    head = untrusted_text.lstrip()[:20_000]
    name = next((name for name, sign in _SIGNS if sign.search(head)), None)
    if name is None or "<!DOCTYPE" in head or "<!ENTITY" in head:
        return None
    import pysubs2

    try:
        read = pysubs2.SSAFile.from_string(untrusted_text.lstrip(), format_=name, fps=25.0)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, SyntaxError):
        return None
    return [_lines(event.name, event.plaintext) for event in read if not event.is_comment]


def _lines(speaker: str, text: str) -> list[str]:
    lines = text.split("\n")
    return [f"<v {speaker}>{' '.join(lines)}"] if speaker.strip() else lines
