"""Findings as cards, and the derived facts in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bodyworn.domain.finding import Family
from bodyworn.web import wording
from bodyworn.web.recordings.transcript import Piece, quoted


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
    quote: tuple[Piece, ...]
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


def cards(document: Mapping[str, Any]) -> list[Card]:
    """All findings in time order."""
    confidence = {u["i"]: u.get("role_confidence") for u in document.get("utterances", ())}
    ordered = sorted(document.get("findings", ()), key=lambda f: (f["start_ms"], f["end_ms"], f["kind"]))
    return [_card(n, finding, confidence) for n, finding in enumerate(ordered)]


def _card(n: int, finding: Mapping[str, Any], confidence: Mapping[int, float | None]) -> Card:
    evidence = finding.get("evidence") or {}
    voiced = finding["family"] not in (Family.SIGHT.value,)
    quote = evidence.get("quote") or ""
    return Card(
        n=n,
        kind=finding["kind"],
        family=finding["family"],
        start_ms=finding["start_ms"],
        end_ms=finding["end_ms"],
        role=finding.get("role") if voiced else None,
        role_confidence=confidence.get(evidence.get("i", -1)),
        score=float(finding["score"]),
        quote=quoted(quote, evidence.get("words") or ()) if quote else (),
        measures=measured(evidence.get("measures") or {}),
        made_by=finding["made_by"],
    )


_UNITS = {
    "ms": "ms", "s": "s", "db": "dB", "hz": "Hz", "percent": "%", "ratio": "×", "semitones": "semitones",
}  # fmt: skip


def measured(measures: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Measures with the unit in their name as pairs of words: ``{"above_db": 9.2}`` as ``above``, ``9.2 dB``."""
    rows = []
    for key, value in measures.items():
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            continue
        name, _, unit = key.rpartition("_")
        if unit in ("ms",) and isinstance(value, int | float):
            rows.append((name.replace("_", " "), wording.length(int(value))))
        elif name and unit in _UNITS:
            rows.append((name.replace("_", " "), f"{_figure(value)} {_UNITS[unit]}"))
        else:
            rows.append((key.replace("_", " "), _figure(value)))
    return tuple(rows)


def _figure(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) else f"{value:.2f}".rstrip("0").rstrip(".")


def counts(shown: Sequence[Card]) -> dict[str, int]:
    """How many findings each family has, every family named."""
    tally = Counter(card.family for card in shown)
    return {family.value: tally.get(family.value, 0) for family in Family}


def facts(shown: Sequence[Card]) -> list[Fact]:
    """The derived findings as facts; spans between two events lead to both ends."""
    return [_fact(card) for card in shown if card.family == Family.DERIVED.value]


_PAIRS = {
    "distress_to_compassion": ("first distress", "first compassion"),
    "medical_to_aid": ("first medical need", "first aid request"),
}


def _fact(card: Card) -> Fact:
    quote = "".join(piece.text for piece in card.quote)
    if card.kind in _PAIRS:
        first, then = _PAIRS[card.kind]
        places = ((first, card.start_ms), (then, card.end_ms))
        return Fact(card.kind, wording.kind_name(card.kind), places, wording.length(card.end_ms - card.start_ms), quote)
    return Fact(card.kind, wording.kind_name(card.kind), (("", card.start_ms),), "", quote)
