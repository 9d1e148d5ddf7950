"""Train the words-to-role model on the labeled transcripts ``train-c`` to ``train-p`` and the real exchanges of
``real-train``, and check it on held-out ones.

Softmax regression with L2 over words and pairs of words that occur in at least three encounters. One fifth of the
encounters is held out for the figures printed here; the shipped model is then trained on all of them. ``dev-*`` and
``real-dev`` are not read.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
from bench.places import ENCOUNTERS
from bench.report import table

from bodyworn.findings.voices.role_words import CLASSES, terms
from training import package

FILES = (*(f"train-{letter}" for letter in "cdefghijklmnop"), "real-train")
LEAST_ENCOUNTERS, L2, STEPS = 3, 2e-4, 400


def read_encounters() -> list[list[tuple[str, int]]]:
    """Per encounter the texts with the number of their class."""
    encounters = []
    for name in FILES:
        for line in (ENCOUNTERS / f"{name}.jsonl").read_text("utf-8").splitlines():
            turns = json.loads(line)["turns"]
            rows = [(turn["text"], class_of(turn["speaker"])) for turn in turns]
            encounters.append([(text, CLASSES.index(role)) for text, role in rows if role in CLASSES])
    return encounters


def class_of(speaker: str) -> str:
    """The class of a speaker of the transcripts: all further officers are of one, the others of their kind."""
    kind, _, number = speaker.partition("_")
    return "officer_2" if kind == "officer" and number else kind


def train(encounters: list[list[tuple[str, int]]]) -> tuple[list[str], np.ndarray]:
    """Vocabulary and weights ``(terms + 1, classes)``, the bias last; Adam on the mean loss with balanced classes."""
    seen: Counter[str] = Counter()
    for turns in encounters:
        seen.update({term for text, _ in turns for term in terms(text)})
    words = sorted(term for term, count in seen.items() if count >= LEAST_ENCOUNTERS)
    index = {term: number for number, term in enumerate(words)}
    cells, rows, y = features([turn for turns in encounters for turn in turns], index)
    share = np.bincount(y, minlength=len(CLASSES)) / len(y)
    importance = (1 / share)[y] ** 0.5
    importance /= importance.mean()
    weights = np.zeros((len(words) + 1, len(CLASSES)))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        odds = scores(cells, rows, weights)
        odds = np.exp(odds - odds.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        odds[np.arange(len(y)), y] -= 1
        slope = spread(cells, rows, odds * importance[:, None], len(weights)) / len(y) + L2 * weights
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        weights -= 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return words, weights


def features(turns: list[tuple[str, int]], index: dict[str, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns of all terms, the row each is in, and class numbers; every row has the bias column, the last."""
    cells, rows = [], []
    for row, (text, _) in enumerate(turns):
        found = [index[term] for term in terms(text) if term in index]
        cells += [*found, len(index)]
        rows += [row] * (len(found) + 1)
    return np.array(cells), np.array(rows), np.array([label for _, label in turns])


def scores(cells: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sum of the weights of each row's cells."""
    return np.stack([np.bincount(rows, weights[cells, k]) for k in range(len(CLASSES))], axis=1)


def spread(cells: np.ndarray, rows: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """The transpose of :func:`scores`."""
    return np.stack([np.bincount(cells, values[rows, k], size) for k in range(len(CLASSES))], axis=1)


def figures(encounters: list[list[tuple[str, int]]]) -> tuple[int, str]:
    """How many encounters are held out, and a table of what a model of the others makes of their utterances."""
    order = list(range(len(encounters)))
    random.Random(7).shuffle(order)
    held = set(order[: len(order) // 5])
    words, weights = train([turns for n, turns in enumerate(encounters) if n not in held])
    index = {term: number for number, term in enumerate(words)}
    cells, places, y = features([turn for n in sorted(held) for turn in encounters[n]], index)
    odds = scores(cells, places, weights)
    guess = np.argmax(odds, axis=1)
    rows: list[tuple[object, ...]] = [_row(name, guess == number, y == number) for number, name in enumerate(CLASSES)]
    rows.append(("all", len(y), f"{(guess == y).sum() / len(y):.3f}", ""))
    either = np.c_[np.logaddexp(odds[:, 0], odds[:, -1]), odds[:, 1:-1]].argmax(axis=1)
    together = np.where(y == len(CLASSES) - 1, 0, y)
    rows.append(_row("officer or officer_2", either == 0, together == 0))
    rows.append(("all, officers as one", len(y), f"{(either == together).sum() / len(y):.3f}", ""))
    return len(held), table(("role", "utterances", "recall", "precision"), rows)


def _row(name: str, given: np.ndarray, said: np.ndarray) -> tuple[object, ...]:
    right = int((given & said).sum())
    return name, int(said.sum()), f"{right / max(1, said.sum()):.3f}", f"{right / max(1, given.sum()):.3f}"


def shipped(encounters: list[list[tuple[str, int]]]) -> str:
    """The weights of all encounters as the product reads them; terms that say little are left out."""
    words, weights = train(encounters)
    kept = {term: [round(float(v), 2) for v in weights[n]] for n, term in enumerate(words)}
    kept = {term: value for term, value in kept.items() if max(map(abs, value)) >= 0.15}
    kept["*"] = [round(float(v), 2) for v in weights[-1]]
    body = ",\n".join(f"{json.dumps(term)}: {json.dumps(value)}" for term, value in sorted(kept.items()))
    return f'{{"classes": {json.dumps(CLASSES)}, "weights": {{\n{body}\n}}}}\n'


def main() -> None:
    """Print the figures, write the weights into ``--out``; with ``--into`` the product gets them."""
    ask = argparse.ArgumentParser(prog="python -m training.roles", description=__doc__)
    ask.add_argument("--out", type=Path, default=Path("out/roles"))
    package.add_option(ask)
    told = ask.parse_args()
    encounters = read_encounters()
    held, text = figures(encounters)
    print(f"Single utterances of {held} held-out encounters, words alone:\n\n{text}")
    told.out.mkdir(parents=True, exist_ok=True)
    (told.out / "weights.json").write_text(shipped(encounters), "utf-8")
    package.put([told.out / "weights.json"], told.into)


if __name__ == "__main__":
    main()
