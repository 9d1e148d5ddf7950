"""Fixed phrases with one meaning: alarms on the radio, and pleas of people who fear for their life or cannot breathe.

"Shots fired!" and "Please don't shoot me." are short, stand alone and leave a model that reads stories little to go by.
Such words raise their kind to at least :data:`LEAST_SCORE`; nothing is ever lowered. The guidelines name them: "shots",
"officer hurt", "person armed", "I can't breathe".
"""

from __future__ import annotations

import re

from bodyworn.domain.role import is_officer
from bodyworn.findings.cues.outright import plain_words

LEAST_SCORE = 0.6
_WEAPON = (
    r"(?:gun|guns|handgun|pistol|rifle|shotgun|firearm|knife|machete|weapon)"
    r"(?! (?:permit|license|safe|case|show|range|rack|shop|store|collection|in the past))"
)
_THEM = r"(?:he|she|they|suspect|subject|guy|man|male|female|driver|kid|somebody|someone)"
#: Said by anyone.
_ANYONE: tuple[tuple[str, str], ...] = (
    ("safety_risk", r"(?:shots?|we have shots|heard shots) fired|active shooter|officers? (?:is )?(?:down|hit|shot)"),
    ("safety_risk", r"officer needs (?:help|assistance|backup)|(?:gun gun|knife knife)"),
    ("safety_risk", rf"{_THEM}(?:'s| has| have| is)?(?: got| armed with| holding| pointing) (?:a |an |the )?{_WEAPON}"),
    ("safety_risk", rf"{_THEM}(?: has|'s got| has got) (?:a |an ){_WEAPON}"),
    ("medical", r"(?:he|she) (?:can't|cannot|isn't|is not|stopped|ain't) breath(?:e|ing)"),
)
#: Said by anyone but an officer.
_OTHERS: tuple[tuple[str, str], ...] = (
    ("distress", r"don't (?:shoot|kill) (?:me|us|him|her)|please don't (?:shoot|hurt me|kill)"),
    ("distress", r"i (?:can't|cannot|can not) breathe"),
    ("medical", r"i (?:can't|cannot|can not) breathe"),
)
#: What makes of it a question, a condition, a denial or a story.
_NOT_MEANT = re.compile(
    r"\b(?:if|whether|unless|no|any|never|not|wasn't|weren't|nobody|thought|says|said|told|think|does|did|do|suppose|like)"
    r"(?: \w+){0,2} \Z"
)


def _compiled(rules: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for kind, pattern in rules)


_OF_ANYONE, _OF_OTHERS = _compiled(_ANYONE), _compiled(_OTHERS)


def raised_by(role: str, text: str) -> dict[str, list[str]]:
    """For each kind that ``text`` says in so many words, the words that say it."""
    plain = plain_words(text)
    asked = text.rstrip().endswith("?")
    found: dict[str, list[str]] = {}
    for kind, pattern in (*_OF_ANYONE, *(() if is_officer(role) else _OF_OTHERS)):
        match = pattern.search(plain)
        meant = match is not None and not _NOT_MEANT.search(plain[: match.start()].lower())
        if match is not None and meant and not (asked and kind == "safety_risk") and kind not in found:
            found[kind] = match.group().split()
    return found
