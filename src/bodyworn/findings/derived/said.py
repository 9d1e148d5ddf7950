"""Utterances with their cues, joined; and how a derived finding names what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bodyworn.domain.evidence import Evidence, Measure, QuotedUtterance
from bodyworn.domain.finding import Finding
from bodyworn.domain.language import ENGLISH
from bodyworn.domain.role import is_community, is_officer
from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.cues import CueRow
from bodyworn.findings.artifacts.utterances import Utterance


@dataclass(frozen=True)
class UtteranceWord:
    """One word in lower case without punctuation; ``ends`` tells that a sentence mark follows it."""

    text: str
    start_ms: int
    ends: bool


@dataclass(frozen=True, eq=False)
class HeardUtterance:
    """One utterance with its cues: ``kinds``, their ``scores``, and the ``trigger_words`` of each kind.

    ``sure`` (0..1) is how sure both its words and its role are.
    """

    i: int
    span: Span
    speaker: str | None
    role: str
    text: str
    sure: float
    words: tuple[UtteranceWord, ...]
    kinds: frozenset[str] = frozenset()
    scores: Mapping[str, float] = field(default_factory=dict)
    trigger_words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def by_officer(self) -> bool:
        """Whether the wearer or another officer said it."""
        return is_officer(self.role)

    @property
    def by_community(self) -> bool:
        """Whether a member of the community said it."""
        return is_community(self.role)

    def score(self, kinds: Iterable[str] = ()) -> float:
        """How sure a finding resting on this is: the least of words, role and the best of the cues named."""
        cues = [self.scores.get(kind, 0.0) for kind in kinds if kind in self.kinds]
        return min([self.sure, max(cues)]) if cues else self.sure

    def quoted(self) -> QuotedUtterance:
        """The utterance as evidence."""
        return QuotedUtterance(self.i, self.span.start_ms, self.role, self.text)


def join(utterances: Sequence[Utterance], rows: Sequence[CueRow]) -> tuple[HeardUtterance, ...]:
    """Utterances in English and cue rows by their ``i``, in time order: no rule here knows another language."""
    cues = {row.i: row for row in rows}
    joined = [_said(utterance, cues.get(utterance.i)) for utterance in utterances if utterance.language == ENGLISH]
    return tuple(sorted(joined, key=lambda said: (said.span, said.i)))


def _said(utterance: Utterance, row: CueRow | None) -> HeardUtterance:
    heard = HeardUtterance(
        i=utterance.i,
        span=utterance.span,
        speaker=utterance.speaker,
        role=utterance.role,
        text=utterance.text,
        sure=min(utterance.confidence, utterance.role_confidence),
        words=_words(utterance),
    )
    if row is None:
        return heard
    return replace(heard, kinds=frozenset(row.kinds), scores=row.scores, trigger_words=row.words)


def _words(utterance: Utterance) -> tuple[UtteranceWord, ...]:
    """Words with their times; where a transcript has none, spread evenly over the utterance."""
    span = utterance.span
    timed = [(word.text, word.span.start_ms) for word in utterance.words]
    if not timed:
        parts = utterance.text.split()
        step = span.length_ms / max(1, len(parts))
        timed = [(part, span.start_ms + int(number * step)) for number, part in enumerate(parts)]
    words = []
    for text, start_ms in timed:
        plain = re.sub(r"[^\w']", "", text.replace("’", "'").lower()).strip("'")
        if plain:
            words.append(UtteranceWord(plain, start_ms, bool(re.search(r"[.?!,;:]\W*\Z", text))))
    return tuple(words)


def propose(
    kind: str,
    span: Span,
    on: Sequence[HeardUtterance],
    *,
    score: float,
    made_by: str,
    words: Sequence[str] = (),
    measures: Mapping[str, Measure] | None = None,
) -> Finding:
    """A derived finding resting on the utterances ``on``; role and speaker are those of the first."""
    first = on[0]
    evidence = Evidence(
        quote=" … ".join(said.text for said in on),
        words=tuple(words),
        i=first.i,
        rests_on=tuple(said.quoted() for said in on),
        measures=measures or None,
    )
    return Finding(kind, span, min(1.0, max(0.0, score)), made_by, first.role, first.speaker, evidence)
