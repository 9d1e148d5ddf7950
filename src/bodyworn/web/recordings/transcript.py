"""The transcript as the page shows it: utterances cut into marked pieces, with what was not understood in between."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bodyworn.web import wording
from bodyworn.web.findings.document import Document, EvidenceEntry, FindingEntry, UtteranceEntry, WordEntry
from bodyworn.web.recordings.unknowns import Unjudged

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class TextRun:
    """A run of text: ``unsure`` words are dotted, ``carried`` words are those that a finding rests on."""

    text: str
    unsure: bool = False
    carried: bool = False
    confidence: float | None = None


@dataclass(frozen=True)
class TranscriptRow:
    """One utterance; ``language`` is its code, ``None`` for English."""

    i: int
    start_ms: int
    end_ms: int
    role: str
    role_confidence: float | None
    speaker: str | None
    pieces: tuple[TextRun, ...]
    confidence: float | None
    same_voice: bool
    language: str | None = None


@dataclass(frozen=True)
class TranscriptGap:
    """A span between the utterances in which nothing could be heard or understood."""

    span: Unjudged


def lines(document: Document, unjudged: Iterable[Unjudged]) -> list[TranscriptRow | TranscriptGap]:
    """All utterances and audible gaps in time order."""
    carried = _carried_words(document.get("findings", ()))
    rows: list[tuple[int, int, TranscriptRow | TranscriptGap]] = [
        (u.start_ms, 0, TranscriptGap(u)) for u in unjudged if u.unheard
    ]
    previous: str | None = None
    for utterance in document.get("utterances", ()):
        voice = utterance.get("speaker") or utterance["role"]
        line = _line(utterance, carried.get(utterance["i"], frozenset()), voice == previous)
        rows.append((line.start_ms, 1, line))
        previous = voice
    return [row for _, _, row in sorted(rows, key=lambda r: r[:2])]


def _carried_words(findings: Sequence[FindingEntry]) -> dict[int, frozenset[str]]:
    words: dict[int, set[str]] = defaultdict(set)
    for finding in findings:
        evidence: EvidenceEntry = finding.get("evidence") or {}
        if isinstance(evidence.get("i"), int):
            words[evidence["i"]] |= bare_words(evidence.get("words", ()))
    return {i: frozenset(found) for i, found in words.items()}


def bare_words(phrases: Iterable[str]) -> set[str]:
    """The words of some phrases in lower case without punctuation."""
    return {word.casefold() for phrase in phrases for word in _WORD.findall(phrase)}


def _line(utterance: UtteranceEntry, carried: frozenset[str], same_voice: bool) -> TranscriptRow:
    words = _words(utterance)
    texts = [" ".join(w["text"].split()) for w in words] or utterance["text"].split()
    return TranscriptRow(
        i=utterance["i"],
        start_ms=utterance["start_ms"],
        end_ms=utterance["end_ms"],
        role=utterance["role"],
        role_confidence=utterance.get("role_confidence"),
        speaker=utterance.get("speaker"),
        pieces=_pieces(texts, [w.get("confidence") for w in words] or [None] * len(texts), carried),
        confidence=utterance.get("confidence"),
        same_voice=same_voice,
        language=utterance.get("language"),
    )


def _words(utterance: UtteranceEntry) -> list[WordEntry]:
    return [word for word in utterance.get("words", ()) if word["text"].strip()]


def timing(utterance: UtteranceEntry) -> list[tuple[int, int, int]]:
    """Start and length in milliseconds and number of characters of each word of a :class:`TranscriptRow`."""
    return [(w["start_ms"], w["end_ms"] - w["start_ms"], len(" ".join(w["text"].split()))) for w in _words(utterance)]


def _pieces(texts: list[str], confidences: Sequence[float | None], carried: frozenset[str]) -> tuple[TextRun, ...]:
    pieces: list[TextRun] = []
    for text, confidence in zip(texts, confidences, strict=True):
        unsure = confidence is not None and confidence < wording.LOW_CONFIDENCE
        bears = bool(carried) and not carried.isdisjoint(bare_words([text]))
        last = pieces[-1] if pieces else None
        if last and not unsure and not last.unsure and last.carried == bears:
            pieces[-1] = TextRun(f"{last.text} {text}", carried=bears)
        else:
            pieces.append(TextRun(text, unsure, bears, confidence if unsure else None))
    return tuple(pieces)


def quoted(quote: str, words: Iterable[str]) -> tuple[TextRun, ...]:
    """A finding's quote cut into pieces, the words that carried it marked. Phrases match as wholes, then word by word.

    Text outside the marks is kept as it stands, so that the pieces join to the quote again.
    """
    phrases = sorted({w.strip() for w in words if w.strip()}, key=len, reverse=True)
    if not phrases:
        return (TextRun(quote),)
    found = re.compile("|".join(rf"(?<!\w){re.escape(p)}(?!\w)" for p in phrases), re.IGNORECASE)
    pieces: list[TextRun] = []
    at = 0
    for match in found.finditer(quote):
        if match.start() > at:
            pieces.append(TextRun(quote[at : match.start()]))
        pieces.append(TextRun(match.group(), carried=True))
        at = match.end()
    if at < len(quote):
        pieces.append(TextRun(quote[at:]))
    return tuple(pieces)
