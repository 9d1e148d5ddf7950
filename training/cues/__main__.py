"""Train the cue model and write what ships: ``model.onnx`` (calibration inside) and ``tokenizer.json``.

    python -m training.cues --out FOLDER [--work FOLDER] [--threads 2] [--into FOLDER]

1. Two courses of three epochs each over all that may be trained on but one writer and a fifth of the real encounters;
two from the average of their weights, one of which has further fragments of our own; their average is the model. 2.
Export. 3. What was held out, with
``real-dev``, sets thresholds and calibration and gives the figures that are printed. What a course made is kept in
``--work``: a run that was stopped goes on from there. An hour of two processors with bfloat16, several without. Needs
``training/requirements-train.txt``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from bench.corpora.encounters import Labeled, load
from tokenizers import Tokenizer

from training import package
from training.cues.calibration import INVENTED, calibrate, judged, report, write_calibration
from training.cues.corpus import Corpus, corpus
from training.cues.course import Course, fit
from training.cues.net import CueNet, unpack_base

COURSE = Course(epochs=3, rate=1e-4, head_rate=1e-3, warm=0.06, seed=0)
#: Each seed is a course of its own from the same base; both closing courses go on from the average of their weights.
SEEDS = (0, 1)
CLOSING_ON_FIRST = Course(epochs=2, rate=5e-5, head_rate=3e-4, warm=0.1, seed=2)
CLOSING_ON_ALL = Course(epochs=3, rate=7e-5, head_rate=5e-4, warm=0.08, seed=2)


def write_model(net: CueNet, base: Path, out: Path) -> None:
    """``model.onnx`` and ``tokenizer.json`` in ``out``."""
    from training.cues.export import write_blocks, write_float

    out.mkdir(parents=True, exist_ok=True)
    state = {name: value.numpy() for name, value in net.state_dict().items()}
    tokenizer = json.loads((base / "tokenizer.json").read_text())
    tokenizer["padding"] = tokenizer["truncation"] = None
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


def learned(base: Path, data: Corpus, tokens: Tokenizer, work: Path) -> CueNet:
    """What all courses come to; a course that a former run ended is taken from ``work``."""
    begun = []
    for seed in SEEDS:
        torch.manual_seed(seed)
        begun.append(_ended(CueNet(base), data.first, tokens, replace(COURSE, seed=seed), work / f"course-{seed}.pt"))
    net, ended = CueNet(base), []
    for course, some, name in ((CLOSING_ON_FIRST, data.first, "first"), (CLOSING_ON_ALL, data.learned, "all")):
        net.load_state_dict(_average(begun))
        ended.append(_ended(net, some, tokens, course, work / f"closing-on-{name}.pt"))
    net.load_state_dict(_average(ended))
    return net


def _average(states: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    return {name: sum(state[name] for state in states) / len(states) for name in states[0]}


def _ended(
    net: CueNet, data: Sequence[Labeled], tokens: Tokenizer, course: Course, kept: Path
) -> dict[str, torch.Tensor]:
    """The weights after ``course``, which ``net`` then has: from the file ``kept``, or by taking the course."""
    if not kept.exists():
        print(f"course {kept.stem}", flush=True)
        fit(net, data, tokens, course)
        part = kept.with_suffix(".part")
        torch.save(net.state_dict(), part)
        part.replace(kept)
    state: dict[str, torch.Tensor] = torch.load(kept, weights_only=True)
    net.load_state_dict(state)
    return state


def train() -> None:
    """Run it."""
    ask = argparse.ArgumentParser(description="Train the cue model.")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--work", type=Path, default=Path("out/cues"))
    ask.add_argument("--threads", type=int, default=2)
    package.add_option(ask)
    told = ask.parse_args()
    torch.set_num_threads(told.threads)
    base = unpack_base(told.work / "base")
    tokens = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokens.no_padding()
    tokens.no_truncation()
    data = corpus()
    net = learned(base, data, tokens, told.work)
    write_model(net, base, told.out)
    write_calibration(net, told.out, None)
    sets = {INVENTED: data.held_writer, "real": data.held_real, "real-dev": load("real-dev")}
    write_calibration(net, told.out, calibrate({name: judged(told.out, one) for name, one in sets.items()}))
    report(told.out, sets, tokens)
    sys.stdout.write(f"wrote {told.out}\n")
    package.put([told.out / "model.onnx", told.out / "tokenizer.json"], told.into)


if __name__ == "__main__":
    train()
