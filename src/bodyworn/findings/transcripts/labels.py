"""Speakers as people label them, and the role that a label says: the right one or ``unknown``, never a guess.

``Female Officer`` is an officer, ``Officer Vega's mother`` is not, ``Police Dispatcher`` is dispatch, ``UNIDENTIFIED
MALE`` may be anyone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROLE_WORDS = {
    "officer": "officer officers ofc cop police deputy trooper sergeant sgt sheriff corporal cpl detective det"
    " lieutenant lt captain capt chief marshal constable patrolman wearer po",
    "dispatch": "dispatch dispatcher dispatchers radio control operator",
    "community": "community driver passenger caller subject woman man citizen civilian resident victim witness suspect"
    " mother father mom dad son daughter wife husband brother sister boy girl bystander neighbor complainant person"
    " motorist pedestrian arrestee defendant girlfriend boyfriend grandmother grandfather tenant customer patient kid"
    " child teen juvenile employee clerk manager owner roommate uncle aunt cousin inmate",
    "unknown": "male female voice unidentified unknown speaker spk medic paramedic emt nurse doctor firefighter ems"
    " guard interpreter narrator reporter anchor host judge attorney crowd all others",
}
_ROLE_OF = {word: role for role, words in _ROLE_WORDS.items() for word in words.split()}
#: Words that are no label although a colon follows them.
_NO_LABEL_WORDS = (
    "note warning time date address name answer question reason plate license case number subject re step example"
    " update http https quote age height weight listen look hands stop wait okay ok yes no hey sir"
)
_NO_LABEL = frozenset(_NO_LABEL_WORDS.split())
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}
_NUMBER = re.compile(r"[ _#.-]*(?:no\.? ?)?([1-9][0-9]?|two|three|four|five)\Z")
_TIME = re.compile(r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?")
_IN_BRACKETS = re.compile(r"[\[(]((?:911 )?[^\W\d_][\w .#'’/&-]{0,60})[\])]:?\s+(?=\S)")
_BEFORE_COLON = re.compile(
    r"[\[(]?((?:911 )?[^\W\d_][\w .,#'’/&-]{0,60}?)[\])]?\s*(?:[\[(][\w :.,-]{0,20}[\])])?\s*:(?!\d|//)(?:\s+|\Z)"
)


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
    name = " ".join(_TIME.sub(" ", untrusted_name).split()).strip(" _#.-:,")
    lower = name.lower().replace("’", "'").replace("p.o", "po").replace("9-1-1", "911")
    number = _NUMBER.search(lower)
    head = _head(_NUMBER.sub("", lower))
    if (role := _ROLE_OF.get(head)) is not None:
        count = (_COUNTS.get(number[1]) or int(number[1])) if number and number[1] != "911" else 1
        return f"{role}_{count}" if count > 1 and role in ("officer", "community") else role
    if re.match(r"(speaker|spk|s|voice|unknown|unidentified)[ _#.-]*\d*\Z", lower):
        return "unknown"
    words = name.split()
    a_name = name.isupper() or (len(words) > 1 and all(word[:1].isupper() for word in words))
    return "unknown" if a_name and lower not in _NO_LABEL and len(words) <= 5 else None


def _head(lower: str) -> str:
    """The word that says what somebody is: the last known one, after a possessive, before ``of``."""
    owned = lower.rpartition("'s ")
    core = owned[2] if owned[1] and not owned[0].endswith(("sheriff", "driver", "women", "men")) else lower
    core = re.split(r" of | for | with |,", core)[0]
    words = [word for word in re.split(r"[^a-z0-9]+", core) if word]
    known = [word for word in words if word in _ROLE_OF]
    telling = [word for word in known if _ROLE_OF[word] != "unknown"]
    if "dispatch" in {_ROLE_OF[word] for word in telling} or ("911" in words and "caller" not in words):
        return "dispatch"
    return (telling or known or [""])[-1]


def label_of(text: str) -> Label | None:
    """The label that ``text`` begins with; ``None`` if it begins with words."""
    if (match := _IN_BRACKETS.match(text)) and (role := role_of_label(match[1])) is not None and _says_role(match[1]):
        return Label(role, match.end(), match[1], sure=True)
    match = _BEFORE_COLON.match(text)
    if match is None or match[1].lower().split()[0] in _NO_LABEL:
        return None
    role = role_of_label(match[1])
    if role is not None:
        return Label(role, match.end(), match[1], sure=_says_role(match[1]) or (match[1].isupper() and " " in match[1]))
    return Label("unknown", match.end(), match[1], sure=False) if match[1][0].isupper() else None


def _says_role(name: str) -> bool:
    lower = name.lower().replace("p.o", "po")
    return any(word in _ROLE_OF for word in re.split(r"[^a-z]+", lower)) or "911" in lower
