"""What the cue model is compared with: a keyword list, TF-IDF with logistic regression, frozen MiniLM with the same.

The two trained ones see the utterance, the three turns before it and the role, and choose a threshold a kind on
training encounters set aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.corpora.encounters import KINDS, Labeled, f1_by_kind

#: (kind, who may say it, what is looked for)
KEYWORDS = (
    ("distress", "community", r"can'?t breathe|oh my god|please please|i'?m scared|it hurts|crying|can'?t do this"),
    ("help_request", "community", r"help (me|him|her|us)|call my|can i have a|please call|somebody help"),
    ("self_harm_risk", "", r"kill (myself|himself|herself)|want to die|be dead|suicid|end it|shoot me|hurt myself"),
    ("medical", "", r"\bems\b|ambulance|medic|bleeding|overdose|cpr|narcan|chest pain|can'?t breathe|seizure|pulse"),
    ("empathy", "officer", r"i'?m (so )?sorry|sounds (really )?hard|must be|i understand|i know (it|this|that)"),
    (
        "reassurance",
        "officer",
        r"you'?re (okay|all right|safe)|going to be (okay|all right)|get better|breathe|take your time",
    ),
    (
        "supportive_act",
        "officer",
        r"i'?ll (get|call|stay|give|take)|let me (get|call)|give you a ride|blanket|water|jacket|hug",
    ),
    (
        "listening",
        "officer",
        r"what'?s going on|what happened|tell me|talk to me|thinking (about|of) (hurting|killing)",
    ),
    ("explanation", "officer", r"reason i|because|pulled you over|stopped you|the way this works|you have the right"),
    ("courtesy", "officer", r"\bsir\b|ma'?am|please|thank you|my name is|drive safe|good (morning|evening)|appreciate"),
    ("leniency", "officer", r"warning|let you go|cut you a break|not going to (write|cite|ticket)"),
    ("deescalation", "officer", r"nobody'?s going to hurt|step back|all night|no rush|don'?t want to hurt|your choice"),
    ("hostility", "", r"fuck(ing)? you|bitch|asshole|idiot|stupid|pig|piece of shit|shut up|moron"),
    ("threat", "", r"i'?ll (kill|hurt|beat|find|break)|kill you|you'?re dead|watch your back"),
    ("gratitude", "community", r"thank you|thanks for|appreciate|god bless"),
    ("command", "officer", r"step out|hands|get (on the|down|out)|stop|drop|turn around|stay in|don'?t move|sit down"),
    ("force_warning", "officer", r"tase|taser|dog|pepper|going to jail|be arrested|under arrest if|will use"),
    ("safety_risk", "", r"gun|knife|weapon|shots|armed|backup|not going back|waistband"),
)


def by_keywords(data: Sequence[Labeled]) -> np.ndarray:
    """0 and 1 of shape ``(utterances, 18)``."""
    said = []
    for turn in (turn for one in data for turn in one.turns):
        found = {
            kind for kind, who, words in KEYWORDS if turn.role.startswith(who) and re.search(words, turn.text.lower())
        }
        said.append([kind in found for kind in KINDS])
    return np.array(said, np.float32)


def by_tfidf(train: Sequence[Labeled]) -> Callable[[Sequence[Labeled]], np.ndarray]:
    """Word and letter n-grams of the utterance, word n-grams of the turns before."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=3)
    before = TfidfVectorizer(sublinear_tf=True, min_df=3)
    parts = (words, letters, before)

    def columns(data: Sequence[Labeled]) -> tuple[list[str], list[str], list[str]]:
        own = [f"role{turn.role.split('_')[0]} {turn.text}" for one in data for turn in one.turns]
        return own, own, _before(data)

    for part, texts in zip(parts, columns(train), strict=True):
        part.fit(texts)

    def features(data: Sequence[Labeled]) -> Any:
        made = [part.transform(texts) for part, texts in zip(parts, columns(data), strict=True)]
        return hstack([made[0], made[1], 0.4 * made[2]]).tocsr()

    return _regression(train, features)


def by_frozen_encoder(train: Sequence[Labeled], folder: Path) -> Callable[[Sequence[Labeled]], np.ndarray]:
    """MiniLM-L6 as it comes: vectors of the utterance and of the turns before, and the role."""
    import torch
    from tokenizers import Tokenizer
    from transformers import BertModel

    net = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
    tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokens.enable_truncation(128)

    def vectors(texts: list[str]) -> np.ndarray:
        made = []
        for start in range(0, len(texts), 64):
            tokens.enable_padding()
            batch = tokens.encode_batch(texts[start : start + 64])
            ids, mask = torch.tensor([b.ids for b in batch]), torch.tensor([b.attention_mask for b in batch])
            with torch.no_grad():
                hidden = net(input_ids=ids, attention_mask=mask).last_hidden_state
            pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            made.append(torch.nn.functional.normalize(pooled).numpy())
        return np.concatenate(made)

    def features(data: Sequence[Labeled]) -> np.ndarray:
        own = vectors([turn.text for one in data for turn in one.turns])
        roles = np.array(
            [
                [turn.role.startswith(r) for r in ("officer", "community", "dispatch")]
                for one in data
                for turn in one.turns
            ],
            np.float32,
        )
        return np.hstack([own * 4, vectors(_before(data)) * 2, roles])

    return _regression(train, features)


def _before(data: Sequence[Labeled]) -> list[str]:
    return [
        " ".join(turn.text for turn in one.turns[max(0, at - 3) : at]) for one in data for at in range(len(one.turns))
    ]


def _regression(train: Sequence[Labeled], features: Callable[..., Any]) -> Callable[[Sequence[Labeled]], np.ndarray]:
    """One logistic regression a kind; thresholds from every fifth encounter, then fitted on all."""
    from sklearn.linear_model import LogisticRegression

    def fitted(data: Sequence[Labeled]) -> list[Any]:
        x, truth = features(data), np.concatenate([one.truth for one in data])
        return [
            LogisticRegression(C=6, solver="liblinear", class_weight="balanced").fit(x, truth[:, n])
            for n in range(len(KINDS))
        ]

    def chances(models: list[Any], data: Sequence[Labeled]) -> np.ndarray:
        x = features(data)
        return np.stack([model.predict_proba(x)[:, 1] for model in models], axis=1)

    aside = [one for number, one in enumerate(train) if number % 5 == 0]
    trial = chances(fitted([one for number, one in enumerate(train) if number % 5]), aside)
    truth = np.concatenate([one.truth for one in aside])
    grid = np.arange(0.1, 0.95, 0.05)
    cut = grid[np.stack([f1_by_kind(truth, trial >= value) for value in grid]).argmax(0)]
    models = fitted(train)
    return lambda data: (chances(models, data) >= cut).astype(np.float32)
