"""A denial is no risk: "No, nothing like that." to a question about suicide, and "denies wanting to hurt himself".

The guidelines say so, and such a line shown as a risk is unjust to the person. With ``agreed`` it is the only rule
that takes a kind away: the score goes to :data:`MOST_SCORE` at most. Anything that takes the denial back keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bodyworn.domain.role import is_officer
from bodyworn.findings.cues.outright import plain_words, said_outright
from bodyworn.findings.cues.turns import CueTurn

KIND = "self_harm_risk"
MOST_SCORE = 0.4
#: Turns back in which the question can stand.
_BACK = 2
MOST_WORDS = 20
_QUESTION = re.compile(
    r"\b(?:(?:hurt|hurting|harm|harming|kill|killing|cut|cutting) (?:yourself|anybody|anyone|himself|herself)"
    r"|suicid\w+|end(?:ing)? (?:your|it) (?:life|all)|want(?:ing)? to die|self.harm)\b"
)
_FIRST = r"(?:(?:um|uh|oh|god|what|man|sir|ma'am|officer) ){0,2}"
_NO = re.compile(rf"\A{_FIRST}(?:no(?! one)|nah|nope|never|of course not|not at all|i'm not)\b")
_REPORTED = re.compile(
    r"\b(?:den(?:ies|ied|ying)|negative (?:for|on)) (?:\w+ ){0,3}(?:suicid\w+|self.harm|hurt\w*|harm\w*|kill\w*|si)\b"
)
#: What takes a denial back.
_BUT = re.compile(
    r"\b(?:but|maybe|already|took|sometimes|used to|anymore|any more|yet|if|just want|tired|done|over|pills?|gun|knife"
    r"|better off|die|dead|point|matter|care|end|stop|goodbye|alone|live|anyway)\b"
)


def is_denial(turns: Sequence[CueTurn], at: int) -> bool:
    """Whether turn ``at`` only denies a wish to harm oneself."""
    turn = turns[at]
    said = plain_words(turn.text).lower()
    if said_outright(turn.role, turn.text):
        return False
    if _REPORTED.search(said):
        return not _BUT.search(said)
    if is_officer(turn.role) or not _NO.match(said) or len(said.split()) > MOST_WORDS:
        return False
    before = turns[max(0, at - _BACK) : at]
    asked = any(is_officer(one.role) and _QUESTION.search(plain_words(one.text).lower()) for one in before)
    return asked and not _BUT.search(_HOME.sub("", said))


#: A plain wish that says the opposite.
_HOME = re.compile(r"\bjust want to (?:get|go) home\b")
