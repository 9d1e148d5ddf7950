"""The labeled encounters as the cue model is trained on them: loaded, misheard on purpose, cut into sequences."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from bench.corpora.mishearing import Mishearing, plain_text
from bench.places import ENCOUNTERS
from bodyworn.domain.finding import SPEECH_KINDS
from bodyworn.findings.cues.turns import CueTurn

KINDS = tuple(SPEECH_KINDS)
#: Writers of the invented encounters that may be trained on.
TRAIN = "cdefghijklmnop"


@dataclass(frozen=True)
class Labeled:
    """One encounter; ``truth`` is ``(turns, 18)`` of 0 and 1, ``doubted`` the same of labels one annotator gave."""

    id: str
    file: str
    turns: tuple[CueTurn, ...]
    truth: np.ndarray
    doubted: np.ndarray


def load(name: str, folder: Path = ENCOUNTERS) -> list[Labeled]:
    """Encounters of ``train-c`` and the like."""
    found = []
    for line in (folder / f"{name}.jsonl").read_text().splitlines():
        encounter = json.loads(line)
        turns = tuple(CueTurn(turn["speaker"], turn["text"]) for turn in encounter["turns"])
        found.append(Labeled(encounter["id"], name, turns, _rows(encounter, "labels"), _rows(encounter, "debatable")))
    return found


def _rows(encounter: dict[str, Any], key: str) -> np.ndarray:
    return np.array([[kind in turn.get(key, ()) for kind in KINDS] for turn in encounter["turns"]], np.float32)


def in_held_fifth(name: str) -> bool:
    """Whether the real encounter ``name`` of ``real-train`` is in the fifth that nothing is trained on."""
    return hashlib.sha256(name.encode()).digest()[0] % 5 == 0


def lexicon_of(tokens: Tokenizer) -> list[str]:
    """Whole English words that the tokenizer knows, most frequent first."""
    ranked = sorted(tokens.get_vocab().items(), key=lambda item: item[1])
    return [word for word, _ in ranked if word.isalpha() and word.isascii()]


def misheard(data: Sequence[Labeled], lexicon: list[str], seed: int, rate: float = 0.15) -> list[Labeled]:
    """The same encounters with ``rate`` of the words misheard; a half of the utterances in lower case, no points."""
    noise, draw = Mishearing(lexicon, seed), random.Random(seed)
    return [
        replace(one, turns=tuple(CueTurn(t.role, noise.text(t.text, rate, draw.random() < 0.5)) for t in one.turns))
        for one in data
    ]


class Augmentation:
    """What training text goes through, anew in every epoch, from a seeded source.

    35 % of the encounters get 5 to 22 % of their words misheard (two in five of these also lose points and case), a
    further 10 % lose points and case only; in 30 % neighboring utterances of one speaker run together (labels united);
    10 % lose all roles, a further 9 % a third of them.
    """

    def __init__(self, lexicon: list[str], seed: int) -> None:
        self._draw = random.Random(seed)
        self._noise = Mishearing(lexicon, seed + 1)

    def __call__(self, one: Labeled) -> Labeled:
        """A changed copy."""
        both = list(np.concatenate([one.truth, one.doubted], axis=1))
        turns, rows = self._run_together(self._text(list(one.turns)), both)
        truth, doubted = np.split(np.stack(rows), 2, axis=1)
        return replace(one, turns=tuple(self._roles(turns)), truth=truth, doubted=doubted * (1 - truth))

    def _text(self, turns: list[CueTurn]) -> list[CueTurn]:
        draw = self._draw
        if draw.random() < 0.35:
            rate, plain = draw.uniform(0.05, 0.22), draw.random() < 0.4
            return [replace(turn, text=self._noise.text(turn.text, rate, plain)) for turn in turns]
        if draw.random() < 0.15:
            return [replace(turn, text=plain_text(turn.text) or turn.text) for turn in turns]
        return turns

    def _run_together(self, turns: list[CueTurn], truth: list[np.ndarray]) -> tuple[list[CueTurn], list[np.ndarray]]:
        if self._draw.random() >= 0.3:
            return turns, truth
        joined: list[CueTurn] = []
        labels: list[np.ndarray] = []
        for turn, row in zip(turns, truth, strict=True):
            if joined and joined[-1].role == turn.role and self._draw.random() < 0.3:
                joined[-1] = replace(turn, text=f"{joined[-1].text} {turn.text}")
                labels[-1] = np.maximum(labels[-1], row)
            else:
                joined.append(turn)
                labels.append(row)
        return joined, labels

    def _roles(self, turns: list[CueTurn]) -> list[CueTurn]:
        if self._draw.random() < 0.1:
            return [replace(turn, role="unknown") for turn in turns]
        if self._draw.random() < 0.1:
            return [replace(turn, role="unknown") if self._draw.random() < 0.3 else turn for turn in turns]
        return turns


def f1_by_kind(truth: np.ndarray, said: np.ndarray) -> np.ndarray:
    """F1 of each kind, shape ``(18,)``; both ``(utterances, 18)`` of 0 and 1."""
    hit = (truth * said).sum(0)
    return 2 * hit / np.maximum(truth.sum(0) + said.sum(0), 1)


def micro_f1(truth: np.ndarray, said: np.ndarray) -> float:
    """F1 over all labels taken together."""
    return float(2 * (truth * said).sum() / max(1.0, truth.sum() + said.sum()))
