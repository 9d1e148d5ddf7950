"""How long from a need to its answer: distress and compassion, a medical need and a request for aid.

Each finding runs from the start of the need to the start of the answer. Where none was heard it covers the need alone
and says so, with how much of the time after it could not be judged: an answer not heard may still have been given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bodyworn.domain.evidence import Measure
from bodyworn.domain.finding import Finding
from bodyworn.domain.role import Role
from bodyworn.domain.span import Span, covered_ms
from bodyworn.findings.derived.said import HeardUtterance, propose

NEEDS = ("distress", "help_request", "self_harm_risk")
COMPASSION = ("empathy", "reassurance", "supportive_act")
NONE_HEARD = "none heard"

_AID = re.compile(
    r"\b(?:ems|e\.m\.s\.?|emts?|ambulance|medics?|paramedics?|rescue squad|fire department|narcan|naloxone|tourniquet|"
    r"cpr|(?:chest )?compressions|defibrillator|aed|first aid|medical (?:help|attention|en route|on the way)|"
    r"(?:roll|send|start|get|need) (?:me |us |you )?(?:a |an |the )?(?:medical|fire|rescue|doctor))\b",
    re.I,
)


def distress_to_compassion(said: Sequence[HeardUtterance], unknown: Sequence[Span], maker: str) -> list[Finding]:
    """From the community's first distress or request for help to an officer's first compassion after it."""
    need = _first(said, lambda one: one.by_community and bool(one.kinds & set(NEEDS)))
    if need is None:
        return []
    answer = _first(said, lambda one: one.by_officer and bool(one.kinds & set(COMPASSION)), after=need)
    return [_between("distress_to_compassion", need, answer, said, unknown, NEEDS, COMPASSION, maker)]


def medical_to_aid(said: Sequence[HeardUtterance], unknown: Sequence[Span], maker: str) -> list[Finding]:
    """From the first medical need put into words to the first request for, or start of, aid by an officer."""
    need = _first(said, lambda one: "medical" in one.kinds and one.role != Role.DISPATCH.value)
    if need is None:
        return []
    if need.by_officer and _AID.search(need.text):
        answer: HeardUtterance | None = need
    else:
        answer = _first(said, lambda one: one.by_officer and bool(_AID.search(one.text)), after=need)
    return [_between("medical_to_aid", need, answer, said, unknown, ("medical",), ("medical",), maker)]


def _first(
    said: Sequence[HeardUtterance], wanted: Callable[[HeardUtterance], bool], after: HeardUtterance | None = None
) -> HeardUtterance | None:
    for one in said:
        if after is not None and (one.span.start_ms, one.i) <= (after.span.start_ms, after.i):
            continue
        if wanted(one):
            return one
    return None


def _between(
    kind: str,
    need: HeardUtterance,
    answer: HeardUtterance | None,
    said: Sequence[HeardUtterance],
    unknown: Sequence[Span],
    need_cues: Sequence[str],
    answer_cues: Sequence[str],
    maker: str,
) -> Finding:
    unclear = [*unknown, *(one.span for one in said if one.role == Role.UNKNOWN.value)]
    words = [word for cue in need_cues for word in need.trigger_words.get(cue, ())]
    if answer is None:
        rest = Span(need.span.end_ms, max([need.span.end_ms, *(one.span.end_ms for one in said), *_ends(unknown)]))
        measures: dict[str, Measure] = {
            "answer": NONE_HEARD,
            "listened_after_ms": rest.length_ms,
            "unknown_after_ms": covered_ms(unclear, rest),
        }
        score = need.score(need_cues)
        return propose(kind, need.span, [need], score=score, made_by=maker, words=words, measures=measures)
    span = Span(need.span.start_ms, answer.span.start_ms)
    words += [word for cue in answer_cues for word in answer.trigger_words.get(cue, ())]
    measures = {
        "delay_ms": span.length_ms,
        "need_at_ms": need.span.start_ms,
        "answer_at_ms": answer.span.start_ms,
        "unknown_between_ms": covered_ms(unclear, span),
    }
    score = min(need.score(need_cues), answer.score(answer_cues))
    on = [need] if answer is need else [need, answer]
    return propose(kind, span, on, score=score, made_by=maker, words=words, measures=measures)


def _ends(spans: Sequence[Span]) -> list[int]:
    return [span.end_ms for span in spans]
