"""What the words say about the role: a linear model over words and pairs of words, trained on labeled transcripts.

The model ``roles`` of the registry holds for each term the log-odds of officer, community, dispatch and of an officer
who is not the wearer, as that one talks to colleagues more and introduces himself less (card:
``models/roles/card.md``). The words of a speaker are one cue of several; they never decide alone (:mod:`.roles`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bodyworn.models.registry import locate

MODEL = "roles"
#: A further officer comes last: the evidence of ``officer`` is that of either.
CLASSES = ("officer", "community", "dispatch", "officer_2")
#: No utterance counts as less likely than this (log probability).
_LEAST = -4.0

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")


def terms(text: str) -> list[str]:
    """Words and pairs of words of one utterance, lower case, numbers as ``#``."""
    words = ["#" if word.isdigit() else word for word in _WORD.findall(text.lower().replace("’", "'"))]
    return words + [f"{one} {two}" for one, two in zip(["^", *words], [*words, "$"], strict=True)]


@dataclass(frozen=True)
class RoleEvidence:
    """What a speaker's words say: log-odds per class, in which ``officer`` is any officer and ``officer_2`` a further
    one, against the mean of officer, community and dispatch; and the terms that weighed most for each."""

    evidence: Mapping[str, float]
    telling: Mapping[str, Sequence[str]]


def weigh(texts: Sequence[str]) -> RoleEvidence:
    """Evidence of all utterances of one speaker. Each utterance counts by its own probability, tempered, so that one
    long line does not outweigh all others."""
    weights = _weights()
    total = dict.fromkeys(CLASSES, 0.0)
    carried: dict[str, dict[str, float]] = {name: {} for name in CLASSES}
    for text in texts:
        found = terms(text)
        if not found:
            continue
        scores = list(weights["*"])
        for term in found:
            for k, value in enumerate(weights.get(term, ())):
                scores[k] += value
                carried[CLASSES[k]][term] = carried[CLASSES[k]].get(term, 0.0) + value
        officer, community, dispatch, further = _log_softmax(scores)
        either = max(officer, further) + math.log1p(math.exp(-abs(officer - further)))
        for name, log_probability in zip(CLASSES, (either, community, dispatch, further), strict=True):
            total[name] += max(log_probability, _LEAST)
    mean = sum(total[name] for name in CLASSES[:3]) / 3
    return RoleEvidence(
        {name: value - mean for name, value in total.items()},
        {name: _most_telling(carried[name]) for name in CLASSES},
    )


def _log_softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    norm = top + math.log(sum(math.exp(score - top) for score in scores))
    return [score - norm for score in scores]


def _most_telling(carried: Mapping[str, float]) -> list[str]:
    ranked = sorted(carried.items(), key=lambda item: (-item[1], item[0]))
    shown: list[str] = []
    for term, value in ranked:
        plain = term.replace("^", "").replace("$", "").strip()
        if value < 0.5 or len(shown) == 3:
            break
        if len(plain) > 3 and "#" not in plain and not any(plain in other or other in plain for other in shown):
            shown.append(plain)
    return shown


@cache
def _weights() -> Mapping[str, Sequence[float]]:
    weights: Mapping[str, Sequence[float]] = json.loads(locate(MODEL).read_text("utf-8"))["weights"]
    return weights
