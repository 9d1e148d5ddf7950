"""All rules over one recording, and what becomes of their proposals: words to hide, and spans of sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, pairwise
from typing import Any

from bodyworn.domain.redaction import SoundAction, SoundSpan
from bodyworn.models import registry
from bodyworn.redactions.spoken import numbers, spanish, tagger
from bodyworn.redactions.spoken.addresses import addresses
from bodyworn.redactions.spoken.breaths import apart
from bodyworn.redactions.spoken.dates import dates
from bodyworn.redactions.spoken.emails import emails
from bodyworn.redactions.spoken.identifiers import identifiers
from bodyworn.redactions.spoken.names import names
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.rules import LEAST_SURE
from bodyworn.redactions.spoken.words import SpokenTranscript

VERSION = "4"
#: How far a mask reaches over the words beside it, in milliseconds: a recognizer places the first sound of a word up to
#: 0.2 s late, its last one seldom early.
BEFORE_MS, AFTER_MS = 200, 120
#: How far it reaches at most into a pause, where times are least certain: a word after a pause was measured to begin up
#: to 0.8 s before its time.
REACH_MS, NUMBER_REACH_MS = 900, 1000
#: The same for words heard again: their times spread half as far, and most items are under the first mask already.
AGAIN_REACH_MS = 300


def propose_words(
    heard: SpokenTranscript, *, officers_too: bool = False, known: AbstractSet[str] = frozenset()
) -> list[SpokenProposal]:
    """What to hide, in order, no word in two proposals; the surer one keeps a word that two rules want.

    Names of officers are left out unless ``officers_too``: in most places they are public. Words in ``known`` are not
    hidden only for being rare.
    """
    found = list(apart(heard, numbers.runs(heard)))
    tags = tagger.load().tags(heard)
    common = tagger.common_words()
    ranked: list[SpokenProposal] = [*emails(heard)]
    for group in (
        chain(spanish.streets(heard), addresses(heard, found, tags)),
        dates(heard, found),
        identifiers(heard, found),
    ):
        ranked += _free(group, ranked)
    ranked += _free(names(heard, found, tags, common, known, officers_too), ranked)
    return sorted((item for item in ranked if item.confidence >= LEAST_SURE), key=lambda item: item.first)


def _free(group: Iterable[SpokenProposal], taken: Sequence[SpokenProposal]) -> list[SpokenProposal]:
    """Those of the group that share no word with the taken or with a surer one of the group."""
    kept: list[SpokenProposal] = []
    for item in sorted(group, key=lambda item: -item.confidence):
        if not any(item.overlaps(other) for other in (*taken, *kept)):
            kept.append(item)
    return kept


def spans(
    heard: SpokenTranscript,
    proposals: Iterable[SpokenProposal],
    action: SoundAction = SoundAction.BLEEP,
    most_reach_ms: int = NUMBER_REACH_MS,
) -> list[SoundSpan]:
    """Spans of sound over the proposals' words, a little wider, and up to ``most_reach_ms`` into a pause beside them.

    An item that another speaker cuts is two spans.
    """
    made_by = f"speech@{VERSION} (model {registry.MODELS[tagger.MODEL].sha256[:12]})"
    made: list[SoundSpan] = []
    for item in proposals:
        for first, last in _parts(heard, item):
            start, end = place(heard, first, last, most_reach_ms)
            made.append(SoundSpan.of_ms(f"speech-{len(made) + 1}", start, end, action, item.reason, made_by))
    return made


def place(heard: SpokenTranscript, first: int, last: int, most_reach_ms: int = NUMBER_REACH_MS) -> tuple[int, int]:
    """Start and end of the mask over words ``first..last``, in milliseconds."""
    words = heard.words
    start, end = words[first].start_ms, max(word.end_ms for word in words[first : last + 1])
    floor = max((word.end_ms for word in words[max(0, first - 8) : first]), default=0)
    ceiling = min((word.start_ms for word in words[last + 1 : last + 9]), default=end + NUMBER_REACH_MS)
    reach = min(most_reach_ms, NUMBER_REACH_MS if any(c.isdigit() for c in words[last].text) else REACH_MS)
    missing = max(0, _least_ms(heard, first, last) - (end - start))
    more = min(AFTER_MS, missing // 2)
    start = min(start - BEFORE_MS - more, max(floor, start - min(most_reach_ms, REACH_MS) - missing))
    return max(0, start), max(end + AFTER_MS + more, min(ceiling, end + reach + missing))


def _least_ms(heard: SpokenTranscript, first: int, last: int) -> int:
    """How long words take to say at least: 65 ms a letter, 190 ms a figure. Shorter times are wrong."""
    letters = [c for word in heard.words[first : last + 1] for c in word.plain if c.isalnum()]
    return sum(190 if c.isdigit() else 65 for c in letters)


def _parts(heard: SpokenTranscript, item: SpokenProposal) -> list[tuple[int, int]]:
    """The item's words in pieces that one speaker says."""
    role = heard.words[item.first].role
    own = [i for i in range(item.first, item.last + 1) if heard.words[i].role == role]
    cuts = [number + 1 for number, (a, b) in enumerate(pairwise(own)) if b > a + 1]
    edges = [0, *cuts, len(own)]
    return [(own[a], own[b - 1]) for a, b in pairwise(edges)]


def explained(heard: SpokenTranscript, proposals: Iterable[SpokenProposal]) -> list[dict[str, Any]]:
    """Proposals for a person to decide by: places, reasons and why, without the words."""
    rows: list[Mapping[str, Any]] = []
    for item in proposals:
        place = {"start_ms": heard.words[item.first].start_ms, "end_ms": heard.words[item.last].end_ms}
        words = {"first_word": item.first, "last_word": item.last}
        rows.append({**place, **words, "reason": item.reason.value, "confidence": item.confidence, "why": item.why})
    return [dict(row) for row in rows]
