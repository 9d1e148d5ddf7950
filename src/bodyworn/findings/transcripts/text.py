"""Text of captions without what is not said: tags, escapes, direction marks, descriptions of sounds."""

from __future__ import annotations

import html
import re
import unicodedata

_ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_TAG = re.compile(r"</?[A-Za-z][^>]{0,400}>|<[\d:.]{1,20}>|\{\\[^}]{0,400}\}|\{/?[a-zA-Z](?::[^}]{0,40})?\}|\*\*|__")
_BREAK = re.compile(r"<br\s*/?>|\\[nh]", re.IGNORECASE)
_MUSIC = re.compile(r"[♪♫#][^♪♫]*[♪♫#]|[♪♫]+")
_SOUND = re.compile(r"\s*(\[[^\]]{1,60}\]|\([^)]{1,60}\)|\*[^*]{1,60}\*)[.,]?\s*\Z")


def clean(untrusted_text: str) -> str:
    """Text on one line: no control or format characters (those inside words vanish), no doubled spaces."""
    plain = _ESCAPE.sub("", untrusted_text)
    kept = "".join(" " if c.isspace() or unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in plain)
    return " ".join("".join(c for c in kept if unicodedata.category(c) != "Cf").split())


def said(untrusted_text: str) -> str:
    """A caption's text without markup."""
    return clean(html.unescape(_TAG.sub("", _BREAK.sub(" ", untrusted_text))))


def is_sound(text: str) -> bool:
    """Whether a text only describes what is heard: ``[Music]``, ``(sobbing)``, ``♪ … ♪``."""
    rest = text
    while (match := _SOUND.match(rest)) is not None:
        rest = rest[match.end() :]
    return not rest or not re.search(r"\w", _MUSIC.sub("", rest))
