"""Thresholds and scores of the cue model, set on text that it did not learn from.

One common threshold is drawn first; each kind's own moves it only as far as there are labels to say so. Speakers
without a role get one step more or less. One slope makes a score above the threshold about the share that are right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from bench.corpora.encounters import KINDS, Labeled, f1_by_kind, lexicon_of, micro_f1, misheard
from tokenizers import Tokenizer

from bodyworn.domain.codec import to_json
from bodyworn.findings.cues.calibration import METADATA, Calibration
from training.cues.net import CueNet

GRID = np.arange(-2.5, 1.51, 0.1)
#: How many labels (real ones twice) draw a kind's threshold half the way to its own best.
HALF_WAY = 40.0
FARTHEST = 0.8
#: How much a real utterance counts beside an invented one.
REAL_COUNTS = 2.0
INVENTED = "writer"


@dataclass(frozen=True)
class Judged:
    """Of one set: labels, and logits with the speakers' roles and without; all ``(utterances, 18)``."""

    truth: np.ndarray
    doubted: np.ndarray
    known: np.ndarray
    unknown: np.ndarray


def write_calibration(net: CueNet, out: Path, tuned: Calibration | None) -> None:
    """Into the model file: the head's bias with ``tuned``, or with thresholds of nothing while there is none."""
    import onnx

    bias = {kind: round(value, 5) for kind, value in zip(KINDS, net.head.bias.detach().tolist(), strict=True)}
    made = Calibration(bias, dict.fromkeys(KINDS, 0.0)) if tuned is None else replace(tuned, bias=bias)
    model = onnx.load(str(out / "model.onnx"))
    onnx.helper.set_model_props(model, {METADATA: json.dumps(to_json(made))})
    onnx.save(model, str(out / "model.onnx"))


def judged(out: Path, data: Sequence[Labeled]) -> Judged:
    """``data`` as the files in ``out`` judge it, by the product's own reader, before rules and thresholds."""
    from bodyworn.findings.cues.reader import CueReader, strongest_piece
    from bodyworn.models.session import SessionSettings, open_network

    reader = CueReader(open_network(out / "model.onnx", SessionSettings(threads=0)), out / "tokenizer.json")
    bias = np.array([reader.encoder.calibration.bias[kind] for kind in KINDS], np.float32)

    def logits(without_roles: bool) -> np.ndarray:
        rows = []
        for one in data:
            turns = [replace(turn, role="unknown") if without_roles else turn for turn in one.turns]
            heard = reader.in_context(turns)
            low = np.full(len(KINDS), -20.0, np.float32)
            rows += [strongest_piece(heard[at]) + bias if at in heard else low for at in range(len(turns))]
        return np.array(rows)

    truth, doubted = (np.concatenate([getattr(one, name) for one in data]) for name in ("truth", "doubted"))
    return Judged(truth, doubted, logits(False), logits(True))


def calibrate(sets: Mapping[str, Judged]) -> Calibration:
    """From the held-out writer (``writer``) and sets of real encounters."""
    weights = {name: 1.0 if name == INVENTED else REAL_COUNTS for name in sets}
    counts = np.stack([_together(sets, weights, cut, "known") for cut in GRID])
    by_kind = _f1(counts)
    smooth = np.stack([by_kind[max(0, n - 2) : n + 3].mean(0) for n in range(len(GRID))])
    common = GRID[(_f1(counts.sum(2)) + smooth.mean(1)).argmax()]
    labels = counts[0, 1]
    own = np.clip((GRID[smooth.argmax(0)] - common) * labels / (labels + HALF_WAY), -FARTHEST, FARTHEST)
    cut = common + own
    steps = np.arange(-0.6, 1.01, 0.1)
    without = [float(_f1(_together(sets, weights, cut + step, "unknown").sum(1))) for step in steps]
    return Calibration(
        bias={},
        threshold_logit={kind: round(float(value), 3) for kind, value in zip(KINDS, cut, strict=True)},
        unknown_step=round(float(steps[int(np.argmax(without))]), 2),
        slope=_slope(sets, weights, cut),
    )


def _together(
    sets: Mapping[str, Judged],
    weights: Mapping[str, float],
    cut: np.ndarray | float,
    roles: Literal["known", "unknown"],
) -> np.ndarray:
    """Hits, labels and findings by kind over all sets, ``(3, 18)``; what only one annotator gave is left out."""
    counts = np.zeros((3, len(KINDS)))
    for name, one in sets.items():
        said = (getattr(one, roles) >= cut) * (1 - one.doubted)
        counts += weights[name] * np.stack([(said * one.truth).sum(0), one.truth.sum(0), said.sum(0)])
    return counts


def _f1(counts: np.ndarray) -> np.ndarray:
    """F1 of counts ``(…, 3, kinds)`` or ``(…, 3)``."""
    hit, labels, said = np.moveaxis(counts, -1 if counts.shape[-1] == 3 else -2, 0)
    return 2 * hit / np.maximum(labels + said, 1e-9)


def _slope(sets: Mapping[str, Judged], weights: Mapping[str, float], cut: np.ndarray) -> float:
    """The slope with the least cross-entropy of scores against labels, over findings at or above the threshold."""
    best = (np.inf, 1.0)
    for slope in np.arange(0.2, 2.01, 0.05):
        lost = 0.0
        for name, one in sets.items():
            over = (one.known - cut) * slope
            named = (over >= 0) & (one.doubted == 0)
            score = 1 / (1 + np.exp(-over[named]))
            lost -= weights[name] * np.where(one.truth[named] > 0, np.log(score), np.log1p(-score + 1e-6)).sum()
        best = min(best, (lost, float(slope)))
    return round(best[1], 2)


def report(out: Path, sets: Mapping[str, Sequence[Labeled]], tokens: Tokenizer) -> None:
    """Print figures of the files in ``out`` on ``sets``, read as the product reads, clean and misheard."""
    from bodyworn.findings.cues.reader import CueReader
    from bodyworn.models.session import SessionSettings, open_network

    reader = CueReader(open_network(out / "model.onnx", SessionSettings(threads=0)), out / "tokenizer.json")
    for name, clean in sets.items():
        for title, data in ((name, clean), (f"{name}, misheard", misheard(clean, lexicon_of(tokens), 777))):
            read = [one for each in data for one in reader.read(each.turns, explain=False)]
            scores = np.array([[one.scores[kind] for kind in KINDS] for one in read])
            truth = np.concatenate([one.truth for one in data])
            doubted = np.concatenate([one.doubted for one in data])
            said = (scores >= 0.5) * (1 - doubted)
            occurs = truth.sum(0) > 0
            f1 = f1_by_kind(truth, said)
            print(f"{title}: micro {micro_f1(truth, said):.3f}, macro of {occurs.sum()} kinds {f1[occurs].mean():.3f}")
            print("  " + ", ".join(f"{kind} {f1[n]:.2f}" for n, kind in enumerate(KINDS) if occurs[n]), flush=True)
