"""Join the words of the transcript with the turns of the speakers into utterances.

Each word takes the speaker who talks while it is said; as word times are only good to about 0.2 s, a short path search
(Viterbi 1967) lets the speaker change rather at a pause or the end of a sentence than inside one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.speakers import VoiceTurn
from bodyworn.findings.artifacts.transcript import TimedWord

#: A pause this long ends an utterance, and a shorter one does where a sentence ends.
PAUSE_MS = 1_000
SENTENCE_PAUSE_MS = 500
#: From this length on, an utterance also ends at the end of a sentence; none is longer than the second.
LONG_MS = 6_000
LONGEST_MS = 20_000
#: How far around a word a turn counts, and how far from any turn a word still belongs to the nearest.
_SLACK_MS = 120
_REACH_MS = 1_500
#: Cost of a change of speaker between two words, and at a pause or the end of a sentence.
_CHANGE = 2.0
_CHANGE_AT_PAUSE = 0.5
#: Share of talk that a speaker is given who is not heard at a word, so that a wrong turn does not rule anyone out.
_FLOOR = 0.04


@dataclass(frozen=True)
class Joined:
    """Words of one speaker in a row; ``speaker`` is ``None`` where no turn is near. ``sureness`` is 0..1."""

    words: tuple[TimedWord, ...]
    speaker: str | None
    sureness: float


def join(words: Sequence[TimedWord], turns: Sequence[VoiceTurn], overlaps: Sequence[Span]) -> list[Joined]:
    """Utterances in order; each word keeps its fields and is marked as ``overlap`` where several people talk."""
    ordered = sorted(words, key=lambda word: word.span)
    names = sorted({turn.speaker for turn in turns})
    shares = _shares(ordered, turns)
    path = _best_path(ordered, shares, names)
    marked = _mark_overlap(ordered, overlaps)
    groups: list[list[int]] = []
    for index in range(len(ordered)):
        if groups and path[index] == path[index - 1] and not _ends(ordered, groups[-1], index):
            groups[-1].append(index)
        else:
            groups.append([index])
    sure = [_sureness(group, path[group[0]], shares, turns) for group in groups]
    return [
        Joined(tuple(marked[i] for i in group), path[group[0]], value)
        for group, value in zip(groups, sure, strict=True)
    ]


def _shares(words: Sequence[TimedWord], turns: Sequence[VoiceTurn]) -> list[dict[str, float]]:
    """For each word the part of it, 0..1, during which each speaker talks; the nearest speaker where none does."""
    shares: list[dict[str, float]] = []
    first = 0
    for word in words:
        start, end = word.span.start_ms - _SLACK_MS, word.span.end_ms + _SLACK_MS
        while first < len(turns) and turns[first].span.end_ms < start - 60_000:
            first += 1
        share: dict[str, float] = {}
        nearest, distance = None, _REACH_MS
        for turn in turns[first:]:
            if turn.span.start_ms > end + _REACH_MS:
                break
            shared = min(end, turn.span.end_ms) - max(start, turn.span.start_ms)
            if shared > 0:
                share[turn.speaker] = min(1.0, share.get(turn.speaker, 0.0) + shared / (end - start))
            elif -shared < distance:
                nearest, distance = turn.speaker, -shared
        shares.append(share or ({nearest: 0.3} if nearest else {}))
    return shares


def _best_path(
    words: Sequence[TimedWord], shares: Sequence[Mapping[str, float]], names: Sequence[str]
) -> list[str | None]:
    """The speaker of each word with the least cost of unlikely words and of changes."""
    states: list[str | None] = [*names, None]
    cost = dict.fromkeys(states, 0.0)
    back: list[dict[str | None, str | None]] = []
    for index, share in enumerate(shares):
        change = _CHANGE if index and not _may_change(words[index - 1], words[index]) else _CHANGE_AT_PAUSE
        cheapest = min(states, key=lambda state: cost[state])
        came: dict[str | None, str | None] = {}
        fresh: dict[str | None, float] = {}
        for state in states:
            came[state] = state if cost[state] <= cost[cheapest] + change else cheapest
            said = share.get(state, 0.0) if state is not None else (0.15 if not share else 0.0)
            fresh[state] = cost[came[state]] + (change if came[state] != state else 0.0) - math.log(_FLOOR + said)
        back.append(came)
        cost = fresh
    path: list[str | None] = []
    state = min(states, key=lambda name: cost[name])
    for came in reversed(back):
        path.append(state)
        state = came[state]
    return path[::-1]


def _may_change(before: TimedWord, after: TimedWord) -> bool:
    return _gap_ms(before, after) >= 250 or _ends_sentence(before)


def _gap_ms(before: TimedWord, after: TimedWord) -> int:
    return after.span.start_ms - before.span.end_ms


def _ends_sentence(word: TimedWord) -> bool:
    return word.text.rstrip().endswith((".", "?", "!"))


def _ends(words: Sequence[TimedWord], group: Sequence[int], index: int) -> bool:
    """Whether the utterance of ``group`` is over before word ``index`` of the same speaker."""
    last = words[group[-1]]
    gap = _gap_ms(last, words[index])
    length = words[index].span.end_ms - words[group[0]].span.start_ms
    sentence = _ends_sentence(last)
    pause = gap >= PAUSE_MS or (sentence and gap >= SENTENCE_PAUSE_MS)
    return pause or (sentence and length > LONG_MS) or length > LONGEST_MS


def _mark_overlap(words: Sequence[TimedWord], overlaps: Sequence[Span]) -> list[TimedWord]:
    marked: list[TimedWord] = []
    first = 0
    for word in words:
        while first < len(overlaps) and overlaps[first].end_ms < word.span.start_ms - 60_000:
            first += 1
        shared = 0
        for span in overlaps[first:]:
            if span.start_ms >= word.span.end_ms:
                break
            shared += word.span.overlap_ms(span)
        both = shared * 2 >= max(1, word.span.length_ms)
        marked.append(replace(word, overlap=True) if both else word)
    return marked


def _sureness(
    group: Sequence[int], speaker: str | None, shares: Sequence[Mapping[str, float]], turns: Sequence[VoiceTurn]
) -> float:
    """How clearly the words are the speaker's: their share of the talk times the confidence of the turns."""
    if speaker is None:
        return 0.0
    clear = [shares[i].get(speaker, 0.0) / max(0.3, sum(shares[i].values())) for i in group]
    sure = [turn.confidence for turn in turns if turn.speaker == speaker]
    return sum(clear) / len(clear) * (0.5 + 0.5 * sum(sure) / len(sure))
