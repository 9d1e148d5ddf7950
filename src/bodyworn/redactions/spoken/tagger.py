"""The named-entity network: for each word, whether it is part of a name or a place, and how likely.

Rampart by National Design Studio (6-layer BERT, 384 wide, uncased, 4-bit weights; CC BY 4.0), run by onnxruntime.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bodyworn.models import registry
from bodyworn.models.session import load as load_network
from bodyworn.redactions.spoken.words import SpokenTranscript

MODEL = "personal-data"
_MOST_TOKENS = 480


@dataclass(frozen=True)
class WordTag:
    """What the network says of a word: the label without B- or I-, and its probability (0..1)."""

    label: str
    p: float


class Tagger:
    """The loaded network; :class:`~bodyworn.domain.errors.ModelError` if its package is missing."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        path = registry.locate(MODEL)
        self._session = load_network(MODEL)
        self._tokenizer: Any = Tokenizer.from_file(str(path.parent.parent / "tokenizer.json"))
        labels = json.loads((path.parent.parent / "config.json").read_text("utf-8"))["id2label"]
        self._labels = [labels[str(number)].split("-", 1)[-1] for number in range(len(labels))]

    def tags(self, heard: SpokenTranscript) -> dict[int, WordTag]:
        """Tags of all words that are something, by index; each utterance is read alone."""
        found: dict[int, WordTag] = {}
        for line in heard.lines:
            texts = [heard.words[i].text for i in range(line.first, line.last)]
            for start in range(0, len(texts), 90):
                part = self._of_words(texts[start : start + 90])
                found |= {line.first + start + number: tag for number, tag in part.items()}
        return found

    def _of_words(self, texts: list[str]) -> Mapping[int, WordTag]:
        import numpy as np

        encoded = self._tokenizer.encode(texts, is_pretokenized=True)
        ids = encoded.ids[:_MOST_TOKENS]
        feeds = {
            "input_ids": np.array([ids], np.int64),
            "attention_mask": np.ones((1, len(ids)), np.int64),
            "token_type_ids": np.zeros((1, len(ids)), np.int64),
        }
        scores = self._session.run(None, feeds)[0][0]
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        found: dict[int, WordTag] = {}
        for place, word in enumerate(encoded.word_ids[: len(ids)]):
            if word is None or not any(c.isalnum() for c in encoded.tokens[place]):
                continue
            best = int(shares[place].argmax())
            p = float(shares[place, best])
            if self._labels[best] != "O" and (word not in found or p > found[word].p):
                found[word] = WordTag(self._labels[best], round(p, 3))
        return found


@cache
def load() -> Tagger:
    """The network, loaded once."""
    return Tagger()


@cache
def common_words() -> frozenset[str]:
    """Words that English writes in lower case: pieces that the recognizer's own vocabulary holds whole."""
    path = registry.locate("whisper-tiny.en").parent / "vocabulary.txt"
    entries = path.read_text("utf-8").splitlines()
    return frozenset(word[1:] for word in entries if word.startswith("Ġ") and word[1:].isalpha() and word[1:].islower())
