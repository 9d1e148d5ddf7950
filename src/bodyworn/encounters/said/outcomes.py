"""How the contact ends, as an officer says it: a warning, a citation, an arrest, a transport, or nothing of the kind.

What an officer could do, would do or is not going to do is no outcome: see :mod:`~bodyworn.encounters.said.sentences`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bodyworn.domain.encounter_facts import ContactOutcome
from bodyworn.encounters.said.sentences import Sentence, is_meant

_I = r"(?:i ?m|i am|we ?re|we are|ill|i will|well)"
_WILL = (
    r"(?:just |only |actually )?"
    r"(?:going to |gonna |gon |fixing to |about to |have to |going to have to |gonna have to )?"
)
_WHOM = r"(?:you|him|her|them|yall|both of you)"
_PAPER = r"(?:ticket|tickets|citation|citations|summons|cite)"
_GIVING = r"(?:write|writing|give|giving|issue|issuing|hand|handing)"
_PLACE = r"(?:hospital|er|emergency room|jail|station|county|precinct|detox|shelter|crisis center|booking|clinic)"
#: A warning that is an announcement of force, or the last before something else.
_OTHER_WARNINGS = re.compile(r"\b(?:last|final|one|fair|only|first|another|your)(?: \w+)? warning|warning shot")
#: ``get back or you go to jail``, ``one more step and you are going to jail``: a threat, told before it happens.
_THREAT = re.compile(r"\band $")


@dataclass(frozen=True)
class OutcomePhrase:
    """A way to say an outcome, and how sure it is (0..1)."""

    outcome: ContactOutcome
    pattern: re.Pattern[str]
    confidence: float


def _phrase(outcome: ContactOutcome, confidence: float, *patterns: str) -> OutcomePhrase:
    return OutcomePhrase(outcome, re.compile(r"\b(?:" + "|".join(patterns) + r")\b"), confidence)


PHRASES: tuple[OutcomePhrase, ...] = (
    _phrase(
        ContactOutcome.WARNING,
        0.9,
        rf"{_I} {_WILL}{_GIVING} (?:{_WHOM}|it|this|that) (?:up )?(?:as )?(?:just )?(?:an? )?"
        r"(?:\w+ ){0,2}warning",
        rf"{_I} {_WILL}(?:let|letting) {_WHOM} (?:go|off|slide)(?: today| tonight)? with "
        r"(?:just )?an? (?:\w+ )?warning",
        r"(?:youre|you are|hes|shes) (?:just )?getting (?:off with )?(?:just )?an? (?:\w+ )?warning",
        r"(?:this|this here|this heres|its|it is|thats)(?: is| here is)?(?: just| only)? an?"
        r" (?:written |verbal )?warning",
        r"(?:ive|i have|i) (?:wrote|written|gave|given|issued|put)(?: it| this| you| him| her| them)?(?: in)?"
        r" (?:as )?"
        r"(?:just )?an? (?:\w+ )?warning",
        r"(?:gave|wrote|issued) (?:you|him|her|them) an? (?:\w+ )?warning",
        r"just an? (?:written |verbal )?warning (?:today|tonight|this time)",
        rf"{_I} {_WILL}put (?:it|this) in as an? warning",
    ),
    _phrase(
        ContactOutcome.CITATION,
        0.9,
        rf"{_I} {_WILL}{_GIVING} {_WHOM} (?:up )?(?:an? |this |the |your |two |just )?(?:\w+ ){{0,3}}{_PAPER}",
        rf"{_I} {_WILL}(?:cite|citing|ticket|ticketing) {_WHOM}",
        rf"(?:youre|you are|hes|shes) (?:being|getting|going to be|gonna be) (?:cited|ticketed|issued an? {_PAPER})",
        rf"(?:youre|you are|hes|shes) (?:going to get|gonna get|getting) (?:an? |the |this )?(?:\w+ )?{_PAPER}",
        rf"(?:heres|here is) (?:your|the) (?:\w+ )?{_PAPER}",
        rf"(?:ive|i have|i) (?:wrote|written|issued|given|gave) {_WHOM} (?:an? |the |this )?(?:\w+ ){{0,2}}{_PAPER}",
        rf"(?:ive |i have )cited {_WHOM}|i cited {_WHOM}",
        r"this (?:\w+ )?(?:ticket|citation) is for",
        r"(?:hell get|shell get|he gets|she gets|hes getting|shes getting) (?:the|an?) (?:ticket|citation)",
    ),
    _phrase(
        ContactOutcome.ARREST,
        0.9,
        r"(?:youre|you are|hes|he is|shes|she is|theyre|youre all|both of you are|yall are) under arrest",
        r"(?:youre|you are|hes|shes) being (?:placed under arrest|arrested)",
        rf"{_I} {_WILL}(?:place|placing|put|putting) {_WHOM} under arrest",
        rf"(?:i ?m|we ?re|we are|i am) arresting {_WHOM}",
    ),
    _phrase(
        ContactOutcome.TRANSPORT,
        0.7,
        rf"(?:{_I}|theyre|they are|the medics are|ems is|the ambulance is) {_WILL}"
        rf"(?:take|taking|transport|transporting|bring|bringing|drive|driving) {_WHOM} "
        rf"(?:\w+ )?to (?:the |a )?(?:\w+ ){{0,2}}{_PLACE}",
        r"transporting (?:one|two|a|1|2|our|him|her|them|the)(?: \w+)?",
        r"(?:one|two|1|2) (?:male |female )?(?:for|to) (?:an? )?(?:courtesy )?transport",
        r"(?:youre|you are|hes|shes) (?:going|gonna ride|gonna go|going to go|going to ride)(?: \w+){0,4} to"
        r" (?:the )?"
        r"(?:hospital|er|emergency room|detox|crisis center)",
    ),
    _phrase(
        ContactOutcome.NONE,
        0.7,
        r"(?:youre|you are|yall are|hes|shes) (?:all )?(?:free|good|clear) to (?:go|leave)",
        r"you can (?:go|leave) (?:now|home|on home)|(?:youre|you are) all set",
    ),
)
#: That there is no paper; the denial is what is said here, so that it is not looked for before it.
_NO_PAPER = re.compile(
    rf"\b(?:(?:theres |there is )?no {_PAPER} (?:today|tonight|for|on this)|(?:theres|there is) no {_PAPER}"
    rf"|{_I} not (?:going to |gonna )(?:cite|ticket|write) {_WHOM}|{_I} not (?:citing|ticketing) {_WHOM})\b"
)


def outcomes_in(sentence: Sentence) -> Iterator[tuple[ContactOutcome, float]]:
    """The outcomes that a sentence of an officer states, with how sure each is."""
    for phrase in PHRASES:
        for found in phrase.pattern.finditer(sentence.plain):
            if phrase.outcome is ContactOutcome.WARNING and _OTHER_WARNINGS.search(found[0]):
                continue
            if _THREAT.search(sentence.plain[: found.start()]) and "jail" in found[0]:
                continue
            if is_meant(sentence, found.start(), found.end()):
                yield phrase.outcome, phrase.confidence
                break
    paper = _NO_PAPER.search(sentence.plain)
    if paper and not sentence.asks and is_meant(sentence, paper.start(), paper.end()):
        yield ContactOutcome.NONE, 0.7
