"""Utterances with their cues, joined; and how a derived finding names what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bodyworn.domain.finding import Finding
from bodyworn.domain.span import Span, merge

_OFFICER = re.compile(r"officer(_\d+)?\Z")
_COMMUNITY = re.compile(r"community(_\d+)?\Z")


@dataclass(frozen=True)
class UtteranceWord:
    """One word in lower case without punctuation; ``ends`` tells that a sentence mark follows it."""

    text: str
    start_ms: int
    ends: bool


@dataclass(frozen=True, eq=False)
class HeardUtterance:
    """One utterance with its cues. ``sure`` (0..1) is how sure both its words and its role are."""

    i: int
    span: Span
    speaker: str | None
    role: str
    text: str
    sure: float
    kinds: frozenset[str]
    scores: Mapping[str, float]
    carried: Mapping[str, Sequence[str]]
    words: tuple[UtteranceWord, ...]

    @property
    def by_officer(self) -> bool:
        """Whether the wearer or another officer said it."""
        return bool(_OFFICER.match(self.role))

    @property
    def by_community(self) -> bool:
        """Whether a member of the community said it."""
        return bool(_COMMUNITY.match(self.role))

    def score(self, kinds: Iterable[str] = ()) -> float:
        """How sure a finding resting on this is: the least of words, role and the best of the cues named."""
        cues = [self.scores.get(kind, 0.0) for kind in kinds if kind in self.kinds]
        return min([self.sure, max(cues)]) if cues else self.sure

    def quoted(self) -> dict[str, Any]:
        """The utterance as evidence."""
        return {"i": self.i, "start_ms": self.span.start_ms, "role": self.role, "quote": self.text}


def join(utterances: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> tuple[HeardUtterance, ...]:
    """Utterances and cue rows (shapes in docs/findings/stages.md) by their ``i``, in time order."""
    cues = {row["i"]: row for row in rows}
    joined = [_said(utterance, cues.get(utterance["i"], {})) for utterance in utterances]
    return tuple(sorted(joined, key=lambda said: (said.span, said.i)))


def _said(utterance: Mapping[str, Any], row: Mapping[str, Any]) -> HeardUtterance:
    span = Span(utterance["start_ms"], max(utterance["start_ms"], utterance["end_ms"]))
    return HeardUtterance(
        i=utterance["i"],
        span=span,
        speaker=utterance.get("speaker"),
        role=utterance["role"],
        text=utterance["text"],
        sure=min(float(utterance.get("confidence", 1.0)), float(utterance.get("role_confidence", 1.0))),
        kinds=frozenset(row.get("kinds", ())),
        scores=row.get("scores", {}),
        carried=row.get("words", {}),
        words=_words(utterance, span),
    )


def _words(utterance: Mapping[str, Any], span: Span) -> tuple[UtteranceWord, ...]:
    """Words with their times; where a transcript has none, spread evenly over the utterance."""
    timed = [(word["text"], word["start_ms"]) for word in utterance.get("words") or ()]
    if not timed:
        parts = utterance["text"].split()
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
    measures: Mapping[str, Any] | None = None,
) -> Finding:
    """A derived finding resting on the utterances ``on``; role and speaker are those of the first."""
    first = on[0]
    evidence: dict[str, Any] = {
        "quote": " … ".join(said.text for said in on),
        "words": list(words),
        "i": first.i,
        "rests_on": [said.quoted() for said in on],
    }
    if measures:
        evidence["measures"] = dict(measures)
    return Finding(kind, span, min(1.0, max(0.0, score)), made_by, first.role, first.speaker, evidence)


def time_in(spans: Iterable[Span], within: Span) -> int:
    """How many milliseconds of ``within`` the ``spans`` cover together."""
    return sum(span.overlap_ms(within) for span in merge(list(spans)))
