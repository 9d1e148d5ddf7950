"""Speakers as people label them, and the role that a label says: the right one or ``unknown``, never a guess.

``Female Officer`` is an officer, ``Officer Vega's mother`` is not, ``Police Dispatcher`` is dispatch, ``UNIDENTIFIED
MALE`` may be anyone, ``Fire Chief`` is none of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from bodyworn.findings.transcripts.label_words import (
    DESCRIBING,
    LINKS,
    OTHER_TRADES,
    RANKS,
    ROLE_OF,
    SAID,
    SOUNDS,
)

_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "ii": 2, "iii": 3}
_NUMBER = re.compile(r"[ _#.-]*(?:no\.? ?|number )?([1-9][0-9]?|two|three|four|five|ii|iii)\Z")
_ORDINAL = re.compile(r"\A(?:the )?(second|2nd|third|3rd) ")
_TIME = re.compile(r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?")
_MOST_WORDS = 8
#: Characters of a name that are looked at.
_LONGEST = 200
_NAME = r"(?:911 |9-1-1 |\d(?:st|nd|rd) )?[^\W\d_][\w .,#'’/&-]{0,60}?"
_IN_BRACKETS = re.compile(rf"[\[(<]({_NAME})[\])>]\s*[:：]?(?:\s+|\Z)")
_BEFORE_COLON = re.compile(
    rf"[\[(]?({_NAME})[\])]?\s*(?:[\[(][\w :.,'’/-]{{0,30}}[\])]\s*){{0,2}}[:：](?!\d|//)(?:\s+|\Z|(?<=：))"
)
_BEFORE_DASH = re.compile(r"([A-Z][A-Z .#0-9'-]{1,40}?)\s[-–—]{1,2}\s")
#: A description of a sound before a label.
_SOUND_FIRST = re.compile(r"(?:[\[(][^\])]{1,40}[\])]\s*)+(?=[\w\[(])")
#: Where the part that says who somebody is ends: ``Officer over radio``, ``Driver to Officer``.
_TAIL = re.compile(r" (?:to|over|on|via|through|at|in|by|with|for|from) |,")


@dataclass(frozen=True)
class Label:
    """A label at the head of a text: the role it says, and how many characters it takes. ``sure`` is false for a name
    that is a label only if it comes back."""

    role: str
    length: int
    name: str
    sure: bool


def role_of_label(untrusted_name: str) -> str | None:
    """The role that a speaker's name says: ``Officer 2`` -> ``officer_2``, ``Driver`` -> ``community``.

    ``unknown`` for a label without meaning such as ``SPEAKER_01`` or a person's name, ``None`` for what is no name.
    """
    name = " ".join(_TIME.sub(" ", untrusted_name[:_LONGEST]).split()).strip(" _#.-:,")
    lower = _lower(name)
    in_bracket = re.search(r"[\[(]([^\])]+)[\])]", lower)
    bare = re.sub(r"[\[(][^\])]*[\])]", " ", lower).strip() or lower
    number = _NUMBER.search(bare) or _ORDINAL.match(bare)
    role = _role(_ORDINAL.sub("", _NUMBER.sub("", bare)))
    if role is None and in_bracket is not None:
        role = _role(in_bracket[1])
    if role is not None:
        count = (_COUNTS.get(number[1]) or int(number[1])) if number and number[1] != "911" else 1
        return f"{role}_{count}" if count > 1 and role in ("officer", "community") else role
    if re.match(r"(speaker|spk|s|voice|unknown|unidentified)[ _#.-]*\d*\Z", lower):
        return "unknown"
    words = name.split()
    a_name = name.isupper() or (len(words) > 1 and all(word[:1].isupper() for word in words))
    return "unknown" if a_name and not SAID.intersection(lower.split()) and len(words) <= 5 else None


def _lower(name: str) -> str:
    lower = name.lower().replace("’", "'").replace("p.o", "po").replace("9-1-1", "911").replace("k-9", "k9")
    lower = re.sub(r"\b(?:no\.? ?|number )(?=\d)", "#", lower)
    return re.sub(r"\boff\.", "officer", lower)


def _role(lower: str) -> str | None:
    """The role of a name in lower case without its number; ``unknown`` if it may be anyone or two different people,
    ``None`` if nothing says."""
    parts = [part for part in re.split(r" and | & |/| \+ ", lower) if part.strip()]
    roles = {_role_of_one(part) for part in parts}
    return roles.pop() if len(roles) == 1 else "unknown"


def _role_of_one(lower: str) -> str | None:
    """By the last word that says what somebody is: after a possessive, before ``of``, ``to`` or ``over``."""
    owned = lower.rpartition("'s ")
    core = owned[2] if owned[1] and not owned[0].endswith(("sheriff", "driver", "women", "men")) else lower
    core = re.sub(r"\A(?:the )?voice of ", "", core)
    core = _TAIL.split(re.split(r" of ", core)[0])[0]
    words = [word for word in re.split(r"[^\w']+", core) if word and word not in ("the", "a", "an")]
    known = [word for word in words if word in ROLE_OF]
    telling = [word for word in known if ROLE_OF[word] != "anyone"]
    if "911" in words and "caller" not in words:
        return "dispatch"
    if not telling:
        return "unknown" if known else None
    role = ROLE_OF[telling[-1]]
    if "dispatch" in {ROLE_OF[word] for word in telling} and role in ("dispatch", "officer"):
        role = "dispatch"
    if role == "other" or (role in ("officer", "dispatch") and OTHER_TRADES.intersection(words)):
        return "unknown"
    if telling[-1] in ("operator", "control", "central") and len(words) > 1 and not _of_the_police(words):
        return "unknown"
    after_rank = [word for rank, word in pairwise(words) if rank in RANKS and word not in RANKS]
    return "unknown" if role == "community" and telling[-1] in after_rank else role


def _of_the_police(words: list[str]) -> bool:
    return bool(
        {"police", "radio", "dispatch", "emergency", "county", "911", "sheriff's", "sheriff"}.intersection(words)
    )


def label_of(text: str) -> Label | None:
    """The label that ``text`` begins with; ``None`` if it begins with words."""
    if found := _label(text):
        return found
    if (sound := _SOUND_FIRST.match(text)) and (found := _label(text[sound.end() :])) and found.sure:
        return Label(found.role, sound.end() + found.length, found.name, sure=True)
    return None


def _label(text: str) -> Label | None:
    if match := _IN_BRACKETS.match(text):
        role = role_of_label(match[1])
        if role is not None and _is_label(match[1], bracketed=True):
            return Label(role, match.end(), match[1], sure=True)
    if (match := _BEFORE_DASH.match(text)) and _is_label(match[1], bracketed=True):
        return Label(role_of_label(match[1]) or "unknown", match.end(), match[1], sure=True)
    match = _BEFORE_COLON.match(text)
    if match is None or _says_something(match[1]):
        return None
    role = role_of_label(text[: match.end()].rstrip(" :：\t")) or role_of_label(match[1])
    if role is not None:
        sure = _is_label(match[1]) or (match[1].isupper() and " " in match[1])
        return Label(role, match.end(), match[1], sure=sure)
    return Label("unknown", match.end(), match[1], sure=False) if match[1][0].isupper() else None


def _says_something(name: str) -> bool:
    """Whether words before a colon are a sentence: ``so I told the officer``."""
    words = _lower(name).split()
    own = [word for word in words if word.strip(".,") in SAID and word not in LINKS]
    return bool(own) or len(words) > _MOST_WORDS


def _is_label(name: str, *, bracketed: bool = False) -> bool:
    """Whether a name holds a word for somebody, and else only names, descriptions and small words."""
    lower = _lower(name)
    plain = [re.sub(r"[^\w'-]|'s\Z", "", word) for word in _words_of(lower)]
    written = _words_of(_TAIL.split(name)[0])
    if not any(word.split("-")[0] in ROLE_OF for word in plain) and "911" not in plain:
        return bool(re.match(r"(speaker|spk|voice)[ _#.-]*\d+\Z", lower))
    if bracketed and (SOUNDS.intersection(plain) or plain[0] in LINKS | {"over"} or _sounding(plain)):
        return False
    capitals = name.isupper()
    return all(
        not word
        or word.isdigit()
        or capitals
        or big[:1].isupper()
        or word in _COUNTS
        or {word, word.split("-")[0]} & (ROLE_OF.keys() | LINKS | DESCRIBING)
        for word, big in zip(plain, written, strict=False)
    )


def _words_of(name: str) -> list[str]:
    return [word for word in re.split(r"[\s/&,_]+", name) if word]


def _sounding(plain: list[str]) -> bool:
    """``[woman screaming]`` describes a sound."""
    return len(plain) > 1 and plain[-1].endswith("ing")
