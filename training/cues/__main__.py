"""Train the cue model and write what ships: ``model.onnx`` (calibration inside) and ``tokenizer.json``.

    python -m training.cues --out FOLDER [--hold-out f] [--threads 2] [--into FOLDER]

1. Three epochs on the seven training files that are not held out; thresholds and the figures on the card come from the
   one that is (another writer's). 2. Two epochs more over all eight files at a falling rate. 3. Export.
Only ``train-*.jsonl`` is read. About an hour of processor time. Needs ``training/requirements-train.txt``.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from bench.corpora.encounters import KINDS, TRAIN, Augmentation, Labeled, f1_by_kind, load, misheard
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from bodyworn.findings.cues.windows import END, START
from training import package
from training.cues.net import MASK, CueNet, collate, sequences, unpack_base

POSITIVE_WEIGHT = 1.5
MASKED = 0.06
KEPT = 0.97


def lexicon_of(tokens: Tokenizer) -> list[str]:
    """Whole English words that the tokenizer knows, most frequent first."""
    ranked = sorted(tokens.get_vocab().items(), key=lambda item: item[1])
    return [word for word, _ in ranked if word.isalpha() and word.isascii()]


@dataclass(frozen=True)
class Course:
    """``epochs`` of a course that takes the rate from ``rate`` to nothing in ``of`` epochs, after warming up."""

    epochs: int
    of: int
    rate: float
    head_rate: float
    warm: float
    seed: int


FIRST = Course(epochs=3, of=5, rate=1e-4, head_rate=1e-3, warm=0.1, seed=0)
THEN = Course(epochs=2, of=2, rate=4.4e-5, head_rate=4e-4, warm=0.05, seed=1)


def fit(net: CueNet, data: Sequence[Labeled], tokens: Tokenizer, course: Course) -> None:
    """Train in place; the weights end as a moving average over the steps after the first two fifths."""
    seed, warm = course.seed, course.warm
    torch.manual_seed(seed)
    draw, change = random.Random(seed), Augmentation(lexicon_of(tokens), 100 * (1 + seed))
    groups = net.groups(course.rate, course.head_rate, decay=0.9)
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)
    full = [group["lr"] for group in optimizer.param_groups]
    total = course.of * math.ceil(len(sequences(data, tokens, draw)) / 4)
    step, mean, begun = 0, None, time.process_time()
    for epoch in range(course.epochs):
        net.train()
        items = sequences([change(one) for one in data], tokens, draw)
        draw.shuffle(items)
        lost = []
        for at in range(0, len(items), 4):
            done = min(1.0, step / total)
            for group, most in zip(optimizer.param_groups, full, strict=True):
                group["lr"] = most * (done / warm if done < warm else max(0.02, (1 - done) / (1 - warm)))
            lost.append(_step(net, items[at : at + 4], optimizer))
            step += 1
            if done > 0.4:
                mean = _averaged(net, mean)
        print(f"epoch {epoch + 1}: loss {np.mean(lost):.3f}, {time.process_time() - begun:.0f} s CPU", flush=True)
    if mean is not None:
        with torch.no_grad():
            for name, parameter in net.named_parameters():
                parameter.copy_(mean[name])


def _step(net: CueNet, batch: Sequence[tuple[list[int], list[int], np.ndarray]], optimizer: torch.optim.AdamW) -> float:
    ids, mask, pool, truth, is_turn = collate(batch)
    hide = (torch.rand(ids.shape) < MASKED) & (ids > 4) & (ids != START) & (ids != END)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = net(torch.where(hide, torch.tensor(MASK), ids), mask, pool)
    loss = functional.binary_cross_entropy_with_logits(logits.float(), truth, reduction="none")
    loss = loss * (1 + (POSITIVE_WEIGHT - 1) * truth)
    loss = (loss.sum(-1) * is_turn).sum() / is_turn.sum()
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    return loss.item()


def _averaged(net: CueNet, mean: dict[str, torch.Tensor] | None) -> dict[str, torch.Tensor]:
    with torch.no_grad():
        if mean is None:
            return {name: value.detach().clone() for name, value in net.named_parameters()}
        for name, value in net.named_parameters():
            mean[name].lerp_(value, 1 - KEPT)
    return mean


def thresholds(truth: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """One logit threshold a kind: its best on held-out data, drawn two thirds toward the best common one."""
    grid = np.arange(-2.5, 1.51, 0.1)
    by_kind = np.stack([f1_by_kind(truth, logits >= value) for value in grid])
    smooth = np.stack([by_kind[max(0, n - 2) : n + 3].mean(0) for n in range(len(grid))])
    common = grid[smooth.mean(1).argmax()]
    return (2 * common + grid[smooth.argmax(0)]) / 3


def write_model(net: CueNet, base: Path, out: Path) -> None:
    """``model.onnx`` and ``tokenizer.json`` in ``out``."""
    from training.cues.export import write_blocks, write_float

    out.mkdir(parents=True, exist_ok=True)
    state = {name: value.numpy() for name, value in net.state_dict().items()}
    tokenizer = json.loads((base / "tokenizer.json").read_text())
    kept = _keep_english(tokenizer)
    state["enc.embeddings.word_embeddings.weight"] = state["enc.embeddings.word_embeddings.weight"][kept]
    (out / "tokenizer.json").write_text(json.dumps(tokenizer, separators=(",", ":"), ensure_ascii=False))
    write_float(state, out / "float.onnx")
    write_blocks(out / "float.onnx", out / "model.onnx")
    (out / "float.onnx").unlink()


def _keep_english(tokenizer: dict[str, Any]) -> list[int]:
    """Drop word pieces that no English transcript has (other scripts, unused places); ids of those kept, in order."""
    special = {token["content"] for token in tokenizer["added_tokens"]}
    old = tokenizer["model"]["vocab"]
    names = [
        name
        for name in sorted(old, key=lambda name: old[name])
        if name in special or (name.isascii() and not name.startswith("[unused"))
    ]
    new = {name: number for number, name in enumerate(names)}
    tokenizer["model"]["vocab"] = new
    for token in tokenizer["added_tokens"]:
        token["id"] = new[token["content"]]
    return [old[name] for name in names]


def write_calibration(net: CueNet, out: Path, cut: Sequence[float]) -> None:
    """Into the model file: the head's bias and the logit that becomes a score of 0.5, by kind."""
    import onnx

    bias = net.head.bias.detach().tolist()
    tuned = {
        "bias": {kind: round(value, 5) for kind, value in zip(KINDS, bias, strict=True)},
        "threshold_logit": {kind: round(float(value), 3) for kind, value in zip(KINDS, cut, strict=True)},
    }
    model = onnx.load(str(out / "model.onnx"))
    onnx.helper.set_model_props(model, {"calibration": json.dumps(tuned)})
    onnx.save(model, str(out / "model.onnx"))


def held_out(out: Path, data: Sequence[Labeled]) -> tuple[np.ndarray, np.ndarray]:
    """Truth and logits of ``data`` by the files in ``out``, read by the product's own reader."""
    from bodyworn.findings.cues.reader import CueReader
    from bodyworn.models.session import SessionSettings, open_network

    reader = CueReader(open_network(out / "model.onnx", SessionSettings(threads=0)), out / "tokenizer.json")
    scores = [[list(reading.scores.values()) for reading in reader.read(one.turns)] for one in data]
    values = np.clip(np.array([row for one in scores for row in one]), 1e-4, 1 - 1e-4)
    return np.concatenate([one.truth for one in data]), np.log(values / (1 - values))


def train() -> None:
    """Run it."""
    ask = argparse.ArgumentParser(description="Train the cue model.")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--work", type=Path, default=Path("out/cues"))
    ask.add_argument("--hold-out", default="f")
    ask.add_argument("--threads", type=int, default=2)
    package.add_option(ask)
    told = ask.parse_args()
    torch.set_num_threads(told.threads)
    base = unpack_base(told.work / "base")
    tokens = Tokenizer.from_file(str(base / "tokenizer.json"))
    files = {letter: load(f"train-{letter}") for letter in TRAIN}
    kept = files[told.hold_out]
    rest = [one for letter in TRAIN if letter != told.hold_out for one in files[letter]]
    torch.manual_seed(FIRST.seed)
    net = CueNet(base)
    fit(net, rest, tokens, FIRST)
    write_model(net, base, told.out)
    write_calibration(net, told.out, [0.0] * len(KINDS))
    truth, logits = held_out(told.out, kept)
    cut = thresholds(truth, logits)
    for title, data in (("clean", kept), ("misheard", misheard(kept, lexicon_of(tokens), 777))):
        truth, logits = held_out(told.out, data)
        print(title, json.dumps(dict(zip(KINDS, f1_by_kind(truth, logits >= cut).round(3).tolist(), strict=True))))
        print(title, "macro-F1", f1_by_kind(truth, logits >= cut).mean().round(4))
    fit(net, [*rest, *kept], tokens, THEN)
    write_model(net, base, told.out)
    write_calibration(net, told.out, cut.tolist())
    sys.stdout.write(f"wrote {told.out}\n")
    package.put([told.out / "model.onnx", told.out / "tokenizer.json"], told.into)


if __name__ == "__main__":
    train()
