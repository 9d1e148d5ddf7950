"""What the cue network learns from: labeled encounters, changed anew in every epoch, cut into windows of pieces.

The pieces and windows are laid out as the product's reader lays them out (``findings/cues/windows.py``), so that what
is learned is what is asked: an utterance's logit is that of its strongest piece.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from bench.corpora.encounters import TRAIN, Augmentation, Labeled, in_held_fifth, load
from tokenizers import Tokenizer

from bodyworn.findings.cues.turns import CueTurn
from bodyworn.findings.cues.windows import END, START, WINDOW, WindowPart, cut_pieces

#: The writer who is held out to set thresholds.
HELD_OUT_WRITER = "f"
REAL = "real-train"
#: Our own invented fragments; the first courses have these of them, the last course all.
OWN = Path(__file__).parent / "invented"
FIRST_OWN = ("acute", "routine")
#: Tokens of one utterance that are read in training.
LONGEST_UTTERANCE = 160
#: Shares of the encounters that are cut into short windows, get lines repeated, lose apostrophes.
IN_FRAGMENTS, WITH_REPEATS, WITHOUT_APOSTROPHES = 0.2, 0.1, 0.1
#: Target and weight of a label that only one of two annotators gave.
DEBATABLE_TARGET, DEBATABLE_WEIGHT = 0.5, 0.5


@dataclass(frozen=True)
class Corpus:
    """What is learned ``first``, what in the end, and what is held out: a writer and a fifth of the real encounters."""

    first: list[Labeled]
    learned: list[Labeled]
    held_writer: list[Labeled]
    held_real: list[Labeled]


def corpus() -> Corpus:
    """All that may be trained on. A fifth of the real encounters, drawn by the digest of their ids, is held out."""
    invented = [one for letter in TRAIN if letter != HELD_OUT_WRITER for one in load(f"train-{letter}")]
    own = {path.stem: load(path.stem, OWN) for path in sorted(OWN.glob("*.jsonl"))}
    real = load(REAL)
    held_real = [one for one in real if in_held_fifth(one.id)]
    kept_real = [one for one in real if not in_held_fifth(one.id)]
    first = [*invented, *(one for name in FIRST_OWN for one in own[name]), *kept_real, *kept_real]
    further = [one for name, all_of_it in own.items() if name not in FIRST_OWN for one in all_of_it]
    return Corpus(first, [*first, *further], load(f"train-{HELD_OUT_WRITER}"), held_real)


@dataclass(frozen=True)
class Item:
    """One window: token ``ids``; the piece of each token or -1; the turn of each piece; a row for each turn."""

    ids: list[int]
    piece_of: list[int]
    turn_of: list[int]
    truth: np.ndarray
    weight: np.ndarray


def changed(one: Labeled, change: Augmentation, draw: random.Random) -> Labeled:
    """A copy as misheard (``Augmentation``), at times with lines said again and without apostrophes."""
    one = change(one)
    if draw.random() < WITH_REPEATS:
        one = _with_repeats(one, draw)
    if draw.random() < WITHOUT_APOSTROPHES:
        one = replace(one, turns=tuple(replace(turn, text=turn.text.replace("'", "")) for turn in one.turns))
    return one


def _with_repeats(one: Labeled, draw: random.Random) -> Labeled:
    """A fifth of the lines of at most six words said two to seven times."""
    rows = [
        at
        for at, turn in enumerate(one.turns)
        for _ in range(draw.randint(2, 7) if len(turn.text.split()) <= 6 and draw.random() < 0.2 else 1)
    ]
    return replace(one, turns=tuple(one.turns[at] for at in rows), truth=one.truth[rows], doubted=one.doubted[rows])


def items_of(data: Sequence[Labeled], tokens: Tokenizer, draw: random.Random) -> list[Item]:
    """Windows that cover every utterance of ``data`` once, cut at new places each time."""

    def encode(text: str) -> tuple[list[int], list[tuple[int, int]]]:
        encoded = tokens.encode(text, add_special_tokens=False)
        return encoded.ids[:LONGEST_UTTERANCE], encoded.offsets[:LONGEST_UTTERANCE]

    items: list[Item] = []
    for one in data:
        by_turn: list[list[WindowPart]] = [[] for _ in one.turns]
        for piece in cut_pieces([CueTurn(turn.role, turn.text) for turn in one.turns], encode):
            by_turn[piece.turn].append(piece)
        short = draw.random() < IN_FRAGMENTS
        limit, at = draw.randint(8, 64) if short else draw.randint(WINDOW // 4, WINDOW), 0
        while at < len(by_turn):
            last, used = at, 1
            while last < len(by_turn) and (last == at or used + _size(by_turn[last]) <= limit):
                used += _size(by_turn[last])
                last += 1
            items.append(_item(by_turn[at:last], one.truth[at:last], one.doubted[at:last]))
            at, limit = last, draw.randint(8, 64) if short else WINDOW
    return [item for item in items if item.turn_of]


def _size(pieces: Sequence[WindowPart]) -> int:
    return sum(piece.size for piece in pieces)


def _item(turns: Sequence[Sequence[WindowPart]], truth: np.ndarray, doubted: np.ndarray) -> Item:
    ids, piece_of = [START], [-1]
    turn_of: list[int] = []
    for number, pieces in enumerate(turns):
        for piece in pieces:
            ids += [*piece.head, *piece.body, END]
            piece_of += [len(turn_of)] * (len(piece.head) + len(piece.body)) + [-1]
            turn_of.append(number)
    read = np.array([[len(pieces) > 0] for pieces in turns], np.float32)
    target = np.where(doubted > 0, DEBATABLE_TARGET, truth).astype(np.float32)
    weight = np.where(doubted > 0, DEBATABLE_WEIGHT, 1.0).astype(np.float32) * read
    return Item(ids, piece_of, turn_of, target, weight)


def batches_of(items: Sequence[Item], tokens: int, draw: random.Random) -> list[list[Item]]:
    """Items of about equal length together, at most ``tokens`` tokens a batch with padding; batches in random order."""
    ordered = sorted(items, key=lambda item: (len(item.ids), draw.random()))
    batches: list[list[Item]] = [[]]
    for item in ordered:
        if batches[-1] and (len(batches[-1]) + 1) * len(item.ids) > tokens:
            batches.append([])
        batches[-1].append(item)
    draw.shuffle(batches)
    return batches
