"""Apostrophes that recognizers and court text leave out, put back: ``dont``, ``im``, ``cant``.

Only words that are nothing else: ``were``, ``well``, ``its``, ``wed`` and ``ill`` stay as they are.
"""

from __future__ import annotations

import re

_N_T = "ain aren can couldn didn doesn don hadn hasn haven isn mustn shouldn wasn weren won wouldn"
_OTHERS = (
    "i'm i've you're you've you'll they're they've they'll we've that's there's what's who's he's she's where's y'all"
)
_BACK = {f"{word}t": f"{word}'t" for word in _N_T.split()} | {w.replace("'", ""): w for w in _OTHERS.split()}
_LOST = re.compile(rf"(?<![\w'’])(?:{'|'.join(sorted(_BACK, key=len, reverse=True))})(?![\w'’])", re.IGNORECASE)


def places(text: str) -> list[int]:
    """Before which characters of ``text`` an apostrophe is missing."""
    return [match.start() + _BACK[match.group().lower()].index("'") for match in _LOST.finditer(text)]


def restored(text: str) -> str:
    """The text with them."""
    parts, at = [], 0
    for place in places(text):
        parts.append(text[at:place])
        at = place
    return "'".join([*parts, text[at:]])
