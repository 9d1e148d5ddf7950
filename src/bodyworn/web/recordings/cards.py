"""Findings as cards, one for each sentence with all that was proposed for it, and the derived facts in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bodyworn.domain.finding import Family
from bodyworn.domain.measure import measured
from bodyworn.domain.role import Role
from bodyworn.domain.span import length
from bodyworn.web import wording
from bodyworn.web.families import FAMILIES, Sense
from bodyworn.web.findings.document import Document, EvidenceEntry, FindingEntry, UtteranceEntry
from bodyworn.web.recordings.transcript import TextRun, quoted
from bodyworn.web.recordings.unknowns import Summary, all_of_it


@dataclass(frozen=True)
class Proposal:
    """One finding. ``n`` is its place in time order, from 0, the same as in the script's data.

    ``carried`` are the words it rests on, ``measures`` what was measured, both for people who ask why.
    """

    n: int
    kind: str
    family: str
    start_ms: int
    end_ms: int
    role: str | None
    score: float
    carried: tuple[str, ...]
    measures: tuple[tuple[str, str], ...]
    made_by: str


@dataclass(frozen=True)
class Question:
    """What another voice asked just before: an answer cannot be judged without it."""

    start_ms: int
    role: str
    text: str


@dataclass(frozen=True)
class Card:
    """One sentence with its proposals, or one finding that rests on no words. ``n`` is its place in time order."""

    n: int
    start_ms: int
    role: str | None
    role_confidence: float | None
    quote: tuple[TextRun, ...]
    question: Question | None
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class Fact:
    """One derived fact: a sentence, and the places it leads to as ``(label, ms)``; ``n`` is its finding's place."""

    n: int
    kind: str
    title: str
    places: tuple[tuple[str, int], ...]
    between: str
    quote: str


#: The most time between the end of a question and the answer, in milliseconds.
ANSWERED_WITHIN_MS = 8000


def cards(document: Document) -> list[Card]:
    """All findings in time order, those of one sentence together."""
    said = document.get("utterances", ())
    place = {utterance["i"]: at for at, utterance in enumerate(said)}
    shown = [_card(one, said, place) for one in _together(document)]
    return [replace(card, n=n) for n, card in enumerate(sorted(shown, key=lambda card: card.start_ms))]


def _together(document: Document) -> list[list[tuple[int, FindingEntry]]]:
    """The findings, each with its place in :func:`in_order`, put together by the sentence that they quote."""
    groups: dict[tuple[str, int], list[tuple[int, FindingEntry]]] = {}
    for n, finding in enumerate(in_order(document)):
        i = _evidence(finding).get("i")
        groups.setdefault(("finding", n) if i is None else ("said", i), []).append((n, finding))
    return list(groups.values())


def in_order(document: Document) -> list[FindingEntry]:
    """The findings in the order of the cards: by start, the surest of those that start together first."""
    return sorted(document.get("findings", ()), key=lambda f: (f["start_ms"], -f["score"], f["kind"]))


def speaker_of(finding: FindingEntry) -> str | None:
    """The role a finding is of; what is seen, or is of no one voice, has none."""
    nobody = finding["family"] == Family.SIGHT.value or (finding["role"] == Role.UNKNOWN and not finding.get("speaker"))
    return None if nobody else str(finding["role"])


def _card(found: Sequence[tuple[int, FindingEntry]], said: Sequence[UtteranceEntry], place: Mapping[int, int]) -> Card:
    first = next((one for _, one in found if one["family"] != Family.DERIVED.value), found[0][1])
    evidence = _evidence(first)
    quote = evidence.get("quote") or ""
    at = place.get(evidence.get("i", -1))
    carried = [word for _, one in found for word in _evidence(one).get("words") or ()]
    return Card(
        n=-1,
        start_ms=said[at]["start_ms"] if at is not None else first["start_ms"],
        role=next((role for _, one in found if (role := speaker_of(one))), None),
        role_confidence=said[at].get("role_confidence") if at is not None else None,
        quote=quoted(quote, carried) if quote else (),
        question=_question(said, at) if at is not None else None,
        proposals=tuple(_proposal(nth, one) for nth, one in found),
    )


def _evidence(finding: FindingEntry) -> EvidenceEntry:
    return finding.get("evidence") or {}


def _question(said: Sequence[UtteranceEntry], at: int) -> Question | None:
    """The question that another voice asked right before the utterance at place ``at``, if it asked one."""
    if at == 0:
        return None
    before, answer = said[at - 1], said[at]
    asked = before["text"].rstrip().endswith("?")
    other = (before.get("speaker") or before["role"]) != (answer.get("speaker") or answer["role"])
    if not asked or not other or answer["start_ms"] - before["end_ms"] > ANSWERED_WITHIN_MS:
        return None
    return Question(before["start_ms"], before["role"], before["text"])


def _proposal(n: int, finding: FindingEntry) -> Proposal:
    evidence = _evidence(finding)
    return Proposal(
        n=n,
        kind=finding["kind"],
        family=finding["family"],
        start_ms=finding["start_ms"],
        end_ms=finding["end_ms"],
        role=speaker_of(finding),
        score=float(finding["score"]),
        carried=tuple(dict.fromkeys(evidence.get("words") or ())),
        measures=measured(evidence.get("measures") or {}),
        made_by=finding["made_by"],
    )


def counts(
    findings: Iterable[FindingEntry], made_by: Mapping[str, str], summary: Summary, duration_ms: int
) -> dict[str, int | None]:
    """How many findings each family has; ``None``, not zero, where none could be found.

    None could be found where the stage that looks for them made nothing, and where nothing of the recording could be
    heard, or seen for what is seen.
    """
    tally = Counter(finding["family"] for finding in findings)
    unjudged = {Sense.HEARING: summary.unheard_ms, Sense.SEEING: summary.unseen_ms}
    lost = {sense: all_of_it(ms, duration_ms) for sense, ms in unjudged.items()}
    return {
        family.value: tally[family.value]
        if tally[family.value] or (face.stage in made_by and not lost[face.sense])
        else None
        for family, face in FAMILIES.items()
    }


def facts(shown: Sequence[Card]) -> list[Fact]:
    """The derived findings as facts, those between two events first; they lead to both ends."""
    derived = [(card, one) for card in shown for one in card.proposals if one.family == Family.DERIVED.value]
    return [_fact(card, one) for card, one in sorted(derived, key=lambda pair: pair[1].kind not in _PAIRS)]


_PAIRS = {
    "distress_to_compassion": ("first distress", "first compassion"),
    "medical_to_aid": ("first medical need", "first aid request"),
}


def _fact(card: Card, one: Proposal) -> Fact:
    quote, title = "".join(piece.text for piece in card.quote), wording.kind_name(one.kind)
    if one.kind in _PAIRS:
        first, then = _PAIRS[one.kind]
        unanswered = dict(one.measures).get("answer")
        if unanswered:
            return Fact(one.n, one.kind, title, ((first, one.start_ms),), unanswered, quote)
        places = ((first, one.start_ms), (then, one.end_ms))
        return Fact(one.n, one.kind, title, places, length(one.end_ms - one.start_ms), quote)
    return Fact(one.n, one.kind, title, (("", one.start_ms),), "", quote)
