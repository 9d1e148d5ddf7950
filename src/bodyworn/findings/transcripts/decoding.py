"""Bytes of a transcript as text: UTF-8, UTF-16 and UTF-32 with or without their mark, else the Western code page."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What no text of this code page holds: control characters other than tabs and line ends.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
WESTERN = "cp1252"


def decoded(data: bytes) -> tuple[str, str] | None:
    """The text and the name of its encoding; ``None`` for what is no text."""
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding).replace("\x00", "") if encoding == "utf-8" else data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != WESTERN or not _CONTROL.search(text):
            return text.removeprefix("\ufeff"), encoding
    return None


def _candidates(data: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding,)
    zeros_even, zeros_odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
    pairs = min(len(data), 4000) // 2
    if pairs and zeros_odd > 0.6 * pairs and not zeros_even:
        return ("utf-16-le",)
    if pairs and zeros_even > 0.6 * pairs and not zeros_odd:
        return ("utf-16-be",)
    return ("utf-8", WESTERN)
