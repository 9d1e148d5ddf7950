"""Wishes to die and plans to kill oneself that are said outright.

The labeled data hold many veiled ones and almost none in so many words, and a plain "I want to kill myself" must not
depend on a score. Such words raise ``self_harm_risk`` to at least :data:`LEAST_SCORE`; nothing is ever lowered.
Items 1, 2, 4 and 5 of the Columbia Suicide Severity Rating Scale (Posner et al. 2011).
"""

from __future__ import annotations

import re

from bodyworn.domain.role import is_officer
from bodyworn.findings.cues.apostrophes import restored

KIND = "self_harm_risk"
LEAST_SCORE = 0.6
_WHO = r"(?:i|i'm|i'd|he|he's|she|she's|they|they're)(?: (?:just|really|only|still|do|honestly)){0,2}"
_SELF = r"(?:myself|himself|herself|themself|themselves)"
_LIFE = r"(?:my|his|her|their)(?: own)? life"
_WAYS = (
    rf"{_WHO} (?:wants? to|wanna) (?:die|be dead|kill {_SELF}|end {_LIFE})",
    rf"{_WHO} (?:do not|don't|doesn't|no longer) (?:wants? to|wanna) (?:live|be alive|wake up)(?: any ?more)?",
    r"wish(?:es)? (?:i|he|she|they) (?:was|were|could be) dead",
    rf"(?:going to|gonna|about to|trying to|tried to|threatening to|wants? to|wanna|planning to) kill {_SELF}",
    rf"thinking (?:of|about) (?:killing {_SELF}|ending {_LIFE})",
    rf"(?:end|take) {_LIFE}",
    r"better off dead|nothing (?:left )?to live for|no reason to live",
    r"i (?:just )?(?:feel|felt) like jumping",
    r"(?:i|he|she) (?:just )?(?:took|swallowed) (?:all|the whole bottle)(?: of)?(?: (?:my|his|her|the|those|these))?"
    r"(?: \w+)?(?: (?:pills|meds|medication|tablets))",
    r"\A(?:just |please )?(?:shoot|kill) me(?! down)"
    r"|(?:go ahead and|come on and|why don't you) (?:just )?(?:shoot|kill) me",
    r"i (?:don't|do not|can't) (?:want to|wanna) be (?:here|alive|around) any ?more",
    r"(?:nobody|no one|no-one)(?:'d| would| will|'ll| is gonna| is going to)(?: even)? (?:miss me|care if i)",
    r"i (?:just )?want (?:it|this|everything)(?: all)? to (?:be over|be all over|end)",
)
#: What follows hyperbole: "… if they lose again", "… laughing", "… live with my brother".
_HYPERBOLE = r"(?! (?:if|when|over|for|from|laughing|of|before|with)\b)"
_OUTRIGHT = re.compile(rf"\b(?:{'|'.join(_WAYS)})\b{_HYPERBOLE}", re.IGNORECASE)
#: Right before such words: "I don't want to kill myself", "I never said I want to die".
_DENIED = re.compile(
    r"\b(?:(?:don't|do not|not|never|wouldn't|won't|ain't|didn't)(?: \w+ly)?|never said|didn't say"
    r"|not saying|den(?:ied|ies|y)) \Z"
)
_PUNCTUATION = re.compile(r"[^\w' ]+")


def said_outright(role: str, text: str) -> list[str]:
    """The words that say it, or nothing. Officers ask and repeat such words; only what others say counts."""
    if is_officer(role):
        return []
    plain = plain_words(text)
    for found in _OUTRIGHT.finditer(plain):
        if not _DENIED.search(plain[: found.start()].lower()):
            return found.group().split()
    return []


def plain_words(text: str) -> str:
    """The words with single spaces, straight apostrophes (those that were lost put back) and nothing else."""
    return restored(" ".join(_PUNCTUATION.sub(" ", text.replace("’", "'")).split()))
