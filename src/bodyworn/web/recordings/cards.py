"""Findings as cards, and the derived facts in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bodyworn.domain.finding import Family
from bodyworn.domain.measure import measured
from bodyworn.domain.role import Role
from bodyworn.domain.span import length
from bodyworn.web import wording
from bodyworn.web.families import FAMILIES
from bodyworn.web.findings.document import Document, EvidenceEntry, FindingEntry
from bodyworn.web.recordings.transcript import TextRun, quoted


@dataclass(frozen=True)
class Card:
    """One finding. ``n`` is its place in time order, from 0, the same as in the script's data."""

    n: int
    kind: str
    family: str
    start_ms: int
    end_ms: int
    role: str | None
    role_confidence: float | None
    score: float
    quote: tuple[TextRun, ...]
    measures: tuple[tuple[str, str], ...]
    made_by: str


@dataclass(frozen=True)
class Fact:
    """One derived fact: a sentence, and the places it leads to as ``(label, ms)``."""

    kind: str
    title: str
    places: tuple[tuple[str, int], ...]
    between: str
    quote: str


def cards(document: Document) -> list[Card]:
    """All findings in time order."""
    confidence = {u["i"]: u.get("role_confidence") for u in document.get("utterances", ())}
    return [_card(n, finding, confidence) for n, finding in enumerate(in_order(document))]


def in_order(document: Document) -> list[FindingEntry]:
    """The findings in the order of the cards: by start, the surest of those that start together first."""
    return sorted(document.get("findings", ()), key=lambda f: (f["start_ms"], -f["score"], f["kind"]))


def speaker_of(finding: FindingEntry) -> str | None:
    """The role a finding is of; what is seen, or is of no one voice, has none."""
    nobody = finding["family"] == Family.SIGHT.value or (finding["role"] == Role.UNKNOWN and not finding.get("speaker"))
    return None if nobody else str(finding["role"])


def _card(n: int, finding: FindingEntry, confidence: Mapping[int, float | None]) -> Card:
    evidence: EvidenceEntry = finding.get("evidence") or {}
    quote = evidence.get("quote") or ""
    return Card(
        n=n,
        kind=finding["kind"],
        family=finding["family"],
        start_ms=finding["start_ms"],
        end_ms=finding["end_ms"],
        role=speaker_of(finding),
        role_confidence=confidence.get(evidence.get("i", -1)),
        score=float(finding["score"]),
        quote=quoted(quote, evidence.get("words") or ()) if quote else (),
        measures=measured(evidence.get("measures") or {}),
        made_by=finding["made_by"],
    )


def counts(findings: Iterable[FindingEntry], made_by: Mapping[str, str]) -> dict[str, int | None]:
    """How many findings each family has; ``None``, not zero, where the stage that looks for them made nothing."""
    tally = Counter(finding["family"] for finding in findings)
    return {
        family.value: tally[family.value] if face.stage in made_by or tally[family.value] else None
        for family, face in FAMILIES.items()
    }


def facts(shown: Sequence[Card]) -> list[Fact]:
    """The derived findings as facts, those between two events first; they lead to both ends."""
    derived = [card for card in shown if card.family == Family.DERIVED.value]
    return [_fact(card) for card in sorted(derived, key=lambda card: card.kind not in _PAIRS)]


_PAIRS = {
    "distress_to_compassion": ("first distress", "first compassion"),
    "medical_to_aid": ("first medical need", "first aid request"),
}


def _fact(card: Card) -> Fact:
    quote = "".join(piece.text for piece in card.quote)
    if card.kind in _PAIRS:
        first, then = _PAIRS[card.kind]
        unanswered = dict(card.measures).get("answer")
        if unanswered:
            return Fact(card.kind, wording.kind_name(card.kind), ((first, card.start_ms),), unanswered, quote)
        places = ((first, card.start_ms), (then, card.end_ms))
        return Fact(card.kind, wording.kind_name(card.kind), places, length(card.end_ms - card.start_ms), quote)
    return Fact(card.kind, wording.kind_name(card.kind), (("", card.start_ms),), "", quote)
