"""Spoken personal data: how many of the items are masked, and how many masks hide an item.

Two scripts of ``corpora/spoken_pii`` are each scored twice: exactly as said (no case, no punctuation, numbers as words)
and as the recognizers wrote it from synthetic speech (``…_heard.json``, made by
``python -m bench.corpora.spoken_pii.script SCRIPT.txt HEARD.json``), with and without the second hearing. Beside it
the named-entity network alone, every label but O masked. ``--of SCRIPT.txt HEARD.json`` scores another script.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from bench.corpora.spoken_pii.script import CORPUS, as_said, item_texts, read_script
from bench.report import Out, run_alone, table
from bench.scores.spoken_items import is_legible, masked_ms
from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken import tagger
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.proposing import AGAIN_REACH_MS, propose_words, spans
from bodyworn.redactions.spoken.readings import heard_alike, second_reading, united
from bodyworn.redactions.spoken.rules import SpokenRule
from bodyworn.redactions.spoken.words import SpokenTranscript, transcript_of

QUICK = True

#: The peer: the network without any rule of ours.
OURS = "bodyworn"
ALONE = SpokenRule("network-alone", 1.0, "")
FOUND_SHARE, RIGHT_SHARE = 0.8, 0.5
#: A word so far from every item was masked for nothing.
BESIDE_MS = 350
Finder = Callable[[SpokenTranscript, AbstractSet[str]], Sequence[SpokenProposal]]


@dataclass
class Score:
    """Counts over all clips. ``by_reason`` holds found and all; ``shares`` how much of each item's time is masked."""

    found: int = 0
    items: int = 0
    right: int = 0
    proposals: int = 0
    plain: int = 0
    plain_masked: int = 0
    named: int = 0
    words_found: int = 0
    legible: int = 0
    legible_found: int = 0
    seconds: float = 0.0
    spoken_ms: int = 0
    shares: list[float] = field(default_factory=list)
    by_reason: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def ours(talk: SpokenTranscript, known: AbstractSet[str]) -> list[SpokenProposal]:
    """What the product proposes."""
    return propose_words(talk, known=known)


def alone(talk: SpokenTranscript, _known: AbstractSet[str]) -> list[SpokenProposal]:
    """Whatever the network labels, neighbors joined."""
    tags = tagger.load().tags(talk)
    made = []
    for _, group in groupby(enumerate(sorted(tags)), key=lambda pair: pair[1] - pair[0]):
        indexes = [index for _, index in group]
        made.append(SpokenProposal(indexes[0], indexes[-1], Reason.OTHER, ALONE))
    return made


def score_clip(clip: Mapping[str, Any], find: Finder, score: Score, texts: Iterator[str]) -> None:
    talk = transcript_of(clip["utterances"])
    begun = time.process_time()
    known = heard_alike(clip["utterances"], clip.get("again", ()))
    readings = [Reading(talk, find(talk, known))]
    made = spans(talk, readings[0].proposals)
    if clip.get("again"):
        other = transcript_of(second_reading(clip["utterances"], clip["again"]))
        readings.append(Reading(other, find(other, known)))
        made = united(made, spans(other, readings[1].proposals, most_reach_ms=AGAIN_REACH_MS))
    score.seconds += time.process_time() - begun
    masks = [(span.start_ms, span.end_ms) for span in made]
    score.spoken_ms += sum(word.end_ms - word.start_ms for word in talk.words)
    for item in clip["items"]:
        length = sum(end - start for start, end in item["parts"])
        share = masked_ms(item["parts"], masks) / length
        own = [(s.start_ms, s.end_ms) for s in made if s.reason.value == item["reason"]]
        score.items += 1
        score.found += share >= FOUND_SHARE
        score.named += masked_ms(item["parts"], own) / length >= FOUND_SHARE
        score.shares.append(share)
        text = next(texts)
        legible = any(is_legible(text, _near(one.talk, item["parts"], 60)) for one in readings)
        score.legible += legible
        score.legible_found += legible and share >= FOUND_SHARE
        score.words_found += _words_share(talk, item["parts"], masks) >= FOUND_SHARE
        score.by_reason[item["reason"]][0] += share >= FOUND_SHARE
        score.by_reason[item["reason"]][1] += 1
        if share < FOUND_SHARE:
            heard = " | ".join(_near(one.talk, item["parts"]) for one in readings)
            score.missed.append(f"{item['reason']} {share:.2f} {heard}")
    true_parts = [(start, end) for item in clip["items"] for start, end in item["parts"]]
    _score_plain(talk, true_parts, masks, score)
    for number, reading in enumerate(readings):
        before = [part for one in readings[:number] for proposal in one.proposals for part in one.parts(proposal)]
        for proposal in reading.proposals:
            if masked_ms(reading.parts(proposal), before) == 0:
                _score_proposal(reading, proposal, true_parts, score)


@dataclass(frozen=True)
class Reading:
    """One reading of a clip and what is proposed in it."""

    talk: SpokenTranscript
    proposals: Sequence[SpokenProposal]

    def parts(self, proposal: SpokenProposal) -> list[tuple[int, int]]:
        """The times of the proposal's words."""
        return [(word.start_ms, word.end_ms) for word in self.talk.words[proposal.first : proposal.last + 1]]


def _score_proposal(
    reading: Reading, proposal: SpokenProposal, true_parts: Sequence[tuple[int, int]], score: Score
) -> None:
    own = reading.parts(proposal)
    good = masked_ms(own, true_parts) / sum(end - start for start, end in own) >= RIGHT_SHARE
    score.right += good
    score.proposals += 1
    if not good:
        said = reading.talk.plain(proposal.first, proposal.last + 1)
        score.wrong.append(f"{proposal.reason.value} {said}: {proposal.why}")


def _score_plain(
    talk: SpokenTranscript, parts: Sequence[tuple[int, int]], masks: Sequence[tuple[int, int]], score: Score
) -> None:
    """Words that are not near an item, and those of them that are masked by half."""
    for word in talk.words:
        middle = (word.start_ms + word.end_ms) // 2
        if not any(start - BESIDE_MS <= middle <= end + BESIDE_MS for start, end in parts):
            score.plain += 1
            score.plain_masked += any(start <= middle < end for start, end in masks)


def _words_share(talk: SpokenTranscript, parts: Sequence[Sequence[int]], masks: Sequence[tuple[int, int]]) -> float:
    """How much of the times of the words recognized within the parts is masked; 0 where none was recognized."""
    within = [
        (word.start_ms, word.end_ms)
        for word in talk.words
        if any(start - 60 <= (word.start_ms + word.end_ms) / 2 <= end + 60 for start, end in parts)
    ]
    length = sum(end - start for start, end in within)
    return masked_ms(within, masks) / length if length else 0.0


def _near(talk: SpokenTranscript, parts: Sequence[Sequence[int]], around_ms: int = 600) -> str:
    """Words whose middle lies within the parts, or so far beside them."""
    first, last = parts[0][0] - around_ms, parts[-1][1] + around_ms
    return " ".join(word.text for word in talk.words if first <= (word.start_ms + word.end_ms) / 2 <= last)


def score_all(clips: Sequence[Mapping[str, Any]], find: Finder, texts: Sequence[str]) -> Score:
    score, following = Score(), iter(texts)
    for clip in clips:
        score_clip(clip, find, score, following)
    return score


def _row(name: str, how: str, score: Score) -> list[object]:
    recall, precision = score.found / score.items, score.right / max(1, score.proposals)
    return [
        name,
        how,
        f"{recall:.3f} ({score.found} of {score.items})",
        f"{score.words_found / score.items:.3f}",
        f"{precision:.3f} ({score.right} of {score.proposals})",
        f"{score.named / score.items:.3f}" if how != "network alone" else "",
        f"{100 * score.plain_masked / max(1, score.plain):.1f}",
        f"{1000 * score.seconds / (score.spoken_ms / 60_000):.0f} ms",
    ]


def run(out: Out) -> None:
    """Score both scripts; with ``--show`` what was missed or wrong is printed."""
    tagger.load()
    tagger.common_words()
    show = "--show" in out.words
    if "--of" in out.words:
        script, heard = out.words[out.words.index("--of") + 1 :][:2]
        print(scored(script, heard, True))
        return
    parts = (
        f"{_BLIND}\n\n{scored('blind.txt', 'blind_heard.json', show)}",
        f"{_FIRST}\n\n{scored('script.txt', 'script_heard.json', show)}",
        _HOW,
    )
    out.section("spoken_pii", "Spoken personal data", "\n\n".join(parts))


_BLIND = (
    "**The blind script**, written after the rules by the same author, with other turns of phrase, and never tuned on. "
    "Its first run found 0.846 as said and 0.821 as recognized, with a precision of 1.0; then words that English does "
    "not know and figures before a word came to be hidden, tuned on the other scripts, without looking at what was "
    "missed here. Heard once it found 0.846; the second hearing was set on tuning scripts and other voices."
)
_FIRST = (
    "**The first script**, written before the rules. Not blind: between rounds of tuning on five other scripts the "
    "totals were looked at, though not what was missed; one of those follows its turns of phrase with other names and "
    "numbers. Its first run found 0.928 as said and 0.800 as recognized. It was heard once, before the second hearing."
)
_HOW = (
    "Synthetic speech (two voices, three pitches), each item's place in the sound known to the sample. Found: at least "
    "80 % of its time in the sound is masked. Hidden for nothing: of 100 words that are 0.35 s from every item, those "
    "masked. Right: at least half of the proposed words' time is an item's. By words: recall by the recognizer's times "
    "of the words it heard there, 0 where it heard none. Named: found, and with the right reason. Heard once: without "
    "the second hearing. Roles of speakers are taken as known; real voices, noise and wrong roles make it worse."
)


def scored(script: str, heard_file: str, show: bool) -> str:
    """Tables of one script, as said and as recognized."""
    exchanges = read_script(CORPUS / script)
    heard = json.loads((CORPUS / heard_file).read_text("utf-8"))
    once = [{**clip, "again": []} for clip in heard]
    rows, scores = [], {}
    for name, how, clips, find in (
        ("as said", OURS, [as_said(exchanges)], ours),
        ("as said", "network alone", [as_said(exchanges)], alone),
        ("as recognized", OURS, heard, ours),
        ("as recognized", "heard once", once, ours),
        ("as recognized", "network alone", once, alone),
    ):
        if clips is once and how != "network alone" and not any(clip.get("again") for clip in heard):
            continue
        scores[name, how] = score = score_all(clips, find, item_texts(exchanges))
        rows.append(_row(name, how, score))
        if show and how == OURS:
            print(*score.missed, sep="\n  missed ")
            print(*score.wrong, sep="\n  wrong ")
    turns = sum(len(exchange) for exchange in exchanges)
    said, recognized = scores["as said", OURS], scores["as recognized", OURS]
    kinds = [
        [reason, f"{said.by_reason[reason][0]} of {all_}", f"{recognized.by_reason[reason][0]} of {all_}"]
        for reason, (_, all_) in sorted(said.by_reason.items())
    ]
    both = (said.found + recognized.found) / (said.items + recognized.items)
    whole = sum(share > 0.995 for share in recognized.shares)
    head = ["words", "method", "recall", "recall by words", "precision", "named", "hidden for nothing", "rules, CPU"]
    return (
        f"{turns} utterances with {said.items} items.\n\n"
        + table(head, rows)
        + "\n\n"
        + table(["reason", "as said", "as recognized"], kinds)
        + f"\n\nOf the items as recognized, {whole} of {recognized.items} are masked from their first to their last "
        f"sample. {recognized.legible} are written so that they can be recognized (60 % of letters and digits alike); "
        f"of these {recognized.legible_found} are found ({recognized.legible_found / recognized.legible:.3f}). Both "
        f"ways together: {both:.3f}. {_cost(heard)}"
    )


def _cost(heard: Sequence[Mapping[str, Any]]) -> str:
    """What both hearings took for a minute, and how much was heard twice, if that was noted."""
    if any("cost" not in clip for clip in heard):
        return ""
    minutes = sum(clip["cost"]["s"] for clip in heard) / 60
    first, second = (sum(clip["cost"][name] for clip in heard) / minutes for name in ("transcript", "second_hearing"))
    again = sum(part["end_ms"] - part["start_ms"] for clip in heard for part in clip["again"]) / 60_000
    return (
        f"Processor time for a minute of the clips: transcript {first:.1f} s, second hearing {second:.1f} s, over "
        f"{again / minutes:.0%} of the time."
    )


if __name__ == "__main__":
    run_alone(run)
