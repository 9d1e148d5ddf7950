"""Two readings of the same speech: the transcript, and the transcript with what was heard the second time in its place.

What either reading has to hide is hidden. Times of the second reading are those of its own words, but for words that
only the first has: where nothing was heard again, both are the same. A rare word that both wrote is no misheard name.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bodyworn.domain.language import ENGLISH
from bodyworn.domain.redaction import SoundSpan
from bodyworn.redactions.spoken.words import plain

Row = Mapping[str, Any]
#: A word heard again belongs to the utterance that is at most so far away; else nobody is known to have said it.
NEAR_MS = 1_500
#: A word of both hearings is the same if it was heard at most so far apart.
SAME_WORD_MS = 1_000
#: Spans of both readings that share this much of the shorter are of one item.
SAME_ITEM = 0.5


def second_reading(said: Sequence[Row], again: Sequence[Row]) -> list[Row]:
    """Utterances ``said`` with the words of ``again`` in place of theirs, in the stretches that were heard again.

    Words heard again go to the utterance that is nearest; lines in another language than English keep theirs.
    """
    words: list[list[Row]] = [list(row.get("words") or ()) for row in said]
    strays: list[Row] = []
    for stretch in again:
        start, end = stretch["start_ms"], stretch["end_ms"]
        near = [
            number
            for number, row in enumerate(said)
            if row["start_ms"] < end + NEAR_MS and row["end_ms"] > start - NEAR_MS
        ]
        open_to = [n for n in near if said[n].get("language", ENGLISH) == ENGLISH and said[n].get("words")]
        for number in open_to:
            words[number] = [word for word in words[number] if not start <= _middle(word) < end]
        for word in stretch["words"]:
            nearest = min(open_to, key=lambda n: _away(said[n], word), default=None)
            if nearest is not None and _away(said[nearest], word) <= NEAR_MS:
                words[nearest].append(word)
            else:
                strays.append(word)
    rows = [_row(row, own) for row, own in zip(said, words, strict=True) if own or not row.get("words")]
    rows += [_row({"role": "unknown"}, [word]) for word in strays]
    return sorted(rows, key=lambda row: row["start_ms"])


def heard_alike(said: Sequence[Row], again: Sequence[Row]) -> frozenset[str]:
    """Words that both hearings wrote at one place, both in lower case: two recognizers took them for no name."""
    first = [word for row in said for word in row.get("words") or ()]
    found: set[str] = set()
    for stretch in again:
        start, end = stretch["start_ms"], stretch["end_ms"]
        here = [word for word in first if start <= _middle(word) < end and _is_lower(word)]
        found |= {
            plain(one["text"])
            for one in stretch["words"]
            for other in here
            if _is_lower(one) and abs(_middle(one) - _middle(other)) <= SAME_WORD_MS
            if plain(one["text"]) == plain(other["text"])
        }
    return frozenset(found)


def _is_lower(word: Row) -> bool:
    return str(word["text"]).strip()[:1].islower()


def _middle(word: Row) -> float:
    return float(word["start_ms"] + word["end_ms"]) / 2


def _away(row: Row, word: Row) -> float:
    """How far the middle of the word is from the utterance, in milliseconds; 0 inside."""
    middle = _middle(word)
    return float(max(row["start_ms"] - middle, middle - row["end_ms"], 0))


def _row(row: Row, words: Sequence[Row]) -> Row:
    if not words:
        return row
    own = sorted(words, key=lambda word: (word["start_ms"], word["end_ms"]))
    text = " ".join(str(word["text"]).strip() for word in own)
    return {**row, "words": own, "text": text, "start_ms": own[0]["start_ms"], "end_ms": own[-1]["end_ms"]}


def united(first: Sequence[SoundSpan], second: Iterable[SoundSpan]) -> list[SoundSpan]:
    """Spans of both readings, in order and named anew: one for each item, over all that either reading wants."""
    spans = sorted(first, key=lambda span: span.start_us)
    for span in second:
        at = max(range(len(spans)), key=lambda n: _shared(spans[n], span), default=None)
        if at is not None and _of_one_item(spans[at], span):
            start, end = min(spans[at].start_us, span.start_us), max(spans[at].end_us, span.end_us)
            spans[at] = replace(spans[at], start_us=start, end_us=end)
        else:
            spans.insert(bisect_left([one.start_us for one in spans], span.start_us), span)
    spans.sort(key=lambda span: span.start_us)
    return [replace(span, id=f"speech-{number}") for number, span in enumerate(spans, 1)]


def _shared(one: SoundSpan, other: SoundSpan) -> int:
    return min(one.end_us, other.end_us) - max(one.start_us, other.start_us)


def _of_one_item(one: SoundSpan, other: SoundSpan) -> bool:
    shorter = min(one.end_us - one.start_us, other.end_us - other.start_us)
    least = 0 if one.reason == other.reason else SAME_ITEM * shorter
    return _shared(one, other) > least
