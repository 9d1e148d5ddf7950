"""How an encounter is opened and closed: reason or order in the first words, introduction, closing.

Rho et al. 2023 (doi:10.1073/pnas.2216162120) find in the first 45 words an officer says to a driver, before any event,
what tells stops that escalate from those that do not: an order, and no reason given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bodyworn.domain.finding import Finding
from bodyworn.domain.role import Role
from bodyworn.domain.span import Span, covered_ms
from bodyworn.findings.derived.said import HeardUtterance, propose

#: Officer words that count as the opening.
OPENING_WORDS = 45

#: An answer over the radio comes within this time, and a call to it has no longer pauses inside.
_RADIO_ANSWER_MS, _RADIO_PAUSE_MS = 8_000, 1_500

_RANK = r"(?:deputy|officer|sergeant|sgt|corporal|trooper|detective|lieutenant|captain|chief|sheriff|agent|constable)"
_NAME = re.compile(
    rf"\b(?:i'm|i am|my name is|my name's|name is|this is|it's)\s+(?:{_RANK}\b\.?\s*)?(?:(?!with\b|from\b)[a-z'-]+)?",
    re.I,
)
_NAMED = re.compile(rf"\bmy name(?:'s| is)\b|\b(?:i'm|i am|this is|it's)\s+(?:an?\s+)?{_RANK}\b", re.I)
_AGENCY = re.compile(
    r"\b(?:with|from|of)\s+(?:the\s+)?(?:[\w'.-]+\s+){0,4}"
    r"(?:police|p\.?d\.?|sheriff(?:'?s)?|(?:highway |state )?patrol|state police|troopers)\b"
    r"(?:\s+(?:department|office))?",
    re.I,
)
_CLOSING = re.compile(
    r"\b(?:drive safe(?:ly)?|be safe|stay safe|be careful|get home safe(?:ly)?|take care|good ?night|good luck|"
    r"have a (?:good|great|nice|safe|better|blessed)\b[\w ]{0,20}|"
    r"you(?:'re| are) (?:all set|good to go|free to (?:go|leave))|"
    r"bye|goodbye|see you (?:later|around|soon|tomorrow)|watch your speed|slow (?:it )?down (?:for me|out there))\b",
    re.I,
)
_KIND = frozenset({"courtesy", "reassurance", "empathy", "supportive_act", "leniency"})

#: The closing is looked for in so many of the officer's last utterances.
_LAST = 4


def opening(said: Sequence[HeardUtterance], unknown: Sequence[Span], maker: str) -> list[Finding]:
    """``opening_with_reason`` or ``opening_with_order`` (an order and no reason), or nothing if there is neither."""
    counted, said_words = _first_words(said)
    if not counted:
        return []
    reasons = [one for one in counted if "explanation" in one.kinds]
    orders = [one for one in counted if "command" in one.kinds]
    if not (reasons or orders):
        return []
    span = Span(counted[0].span.start_ms, counted[-1].span.end_ms)
    kind, on, cue = (
        ("opening_with_reason", reasons, "explanation") if reasons else ("opening_with_order", orders, "command")
    )
    measures = {
        "officer_words": said_words,
        "reasons": len(reasons),
        "orders": len(orders),
        "unknown_before_ms": covered_ms(unknown, Span(0, span.start_ms)),
        "unknown_within_ms": covered_ms(unknown, span),
    }
    words = [word for one in on for word in one.trigger_words.get(cue, ())]
    score = min(one.score((cue,)) for one in on)
    return [propose(kind, span, on, score=score, made_by=maker, words=words, measures=measures)]


def _first_words(said: Sequence[HeardUtterance]) -> tuple[list[HeardUtterance], int]:
    """The wearer's utterances that begin within the first 45 words not said to the radio, and how many words."""
    counted: list[HeardUtterance] = []
    words = 0
    for one in said:
        if one.role != Role.OFFICER.value or to_radio(one, said):
            continue
        if words >= OPENING_WORDS:
            break
        counted.append(one)
        words += len(one.words)
    return counted, min(words, OPENING_WORDS)


def to_radio(one: HeardUtterance, said: Sequence[HeardUtterance]) -> bool:
    """Whether an officer speaks to dispatch: what comes next, without a longer pause, is dispatch's answer."""
    end_ms = one.span.end_ms
    for other in said:
        if (other.span, other.i) <= (one.span, one.i):
            continue
        if other.role == Role.DISPATCH.value:
            return other.span.start_ms - end_ms <= _RADIO_ANSWER_MS
        if other.role != one.role or other.span.start_ms - end_ms > _RADIO_PAUSE_MS:
            return False
        end_ms = other.span.end_ms
    return False


def introduction(said: Sequence[HeardUtterance], maker: str) -> list[Finding]:
    """The first time an officer gives name, rank or agency to a person who is not on the radio."""
    for one in said:
        if not one.by_officer or to_radio(one, said):
            continue
        named, agency = _NAMED.search(one.text), _AGENCY.search(one.text)
        if not (named or agency):
            continue
        given = [match.group(0).strip() for match in (_NAME.search(one.text) if named else None, agency) if match]
        measures = {
            "name_or_rank": bool(named),
            "agency": bool(agency),
            "after_first_words_ms": one.span.start_ms - said[0].span.start_ms,
        }
        return [propose("introduction", one.span, [one], score=one.sure, made_by=maker, words=given, measures=measures)]
    return []


def closing(said: Sequence[HeardUtterance], maker: str) -> list[Finding]:
    """The last words of parting among the officer's last utterances, and whether they were kind ones."""
    last = [one for one in said if one.by_officer][-_LAST:]
    for one in reversed(last):
        parting = [match.group(0) for match in _CLOSING.finditer(one.text)]
        if not parting:
            continue
        left_ms = max(0, said[-1].span.end_ms - one.span.end_ms)
        measures = {"kind_cues": len(one.kinds & _KIND), "before_end_of_speech_ms": left_ms}
        return [propose("closing", one.span, [one], score=one.sure, made_by=maker, words=parting, measures=measures)]
    return []
