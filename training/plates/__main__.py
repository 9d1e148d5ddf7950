"""Train the plate network: ``python -m training.plates [--into FOLDER]``.

Real photos with boxed plates, plates drawn over those and elsewhere, and pictures without plates
(:mod:`training.plates.photos`). Needs torch (``training/requirements-train.txt``), one thread, half an hour.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from bodyworn.redactions.detectors.plates_network import STRIDE
from training import package
from training.plates.net import PlateNet, export
from training.plates.photos import unsure_boxes, with_plates, without_plates
from training.plates.tiles import Source, Tiles

BATCH, RATE = 16, 2.5e-3
#: What the network takes for a plate with this score where none is, it sees again.
_HARD = 0.3
_SAVED_EVERY = 500


def loss_of(answer: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
    """Focal loss of the middles, and distances of the boxes where there is a plate."""
    counted, there = goal[:, 0] >= 0, goal[:, 1]
    cross = nn.functional.binary_cross_entropy_with_logits(answer[:, 0], there, reduction="none")
    sure = torch.where(there > 0, torch.sigmoid(answer[:, 0]), 1 - torch.sigmoid(answer[:, 0]))
    weight = torch.where(there > 0, 2.0, 1.0) * (1 - sure) ** 2
    middles = (cross * weight)[counted].sum()
    boxes = (nn.functional.smooth_l1_loss(answer[:, 1:], goal[:, 2:], reduction="none", beta=0.1).sum(1) * there).sum()
    return (middles + boxes) / there.sum().clamp(min=20)


def learn_from_errors(tiles: Tiles, answer: torch.Tensor, goal: torch.Tensor, sources: list[Source]) -> None:
    """Remember where something that is no plate was taken for one."""
    wrong = torch.where(goal[:, 0] == 0, answer[:, 0], torch.full_like(answer[:, 0], -9.0)).flatten(1)
    logits, cells = wrong.max(dim=1)
    least = float(np.log(_HARD / (1 - _HARD)))
    for logit, cell, source in zip(logits.tolist(), cells.tolist(), sources, strict=True):
        if logit > least:
            row, col = divmod(cell, answer.shape[3])
            tiles.hard(source, (col + 0.5) * STRIDE, (row + 0.5) * STRIDE)


def train(out: Path, seconds: float, wall: float, seed: int = 1) -> None:
    """Train until ``seconds`` of CPU or ``wall`` seconds are used, the rate of learning falling to zero with them."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    cv2.setNumThreads(1)
    real, plain = [p for p in with_plates() if not p.kept_apart], [p for p in without_plates() if not p.kept_apart]
    tiles = Tiles(real, plain, np.random.default_rng([seed, 77]))
    print(f"{len(real)} photos with {sum(len(p.plates) for p in real)} plates, {len(plain)} without", flush=True)
    net = PlateNet().to(memory_format=torch.channels_last)
    mean_net = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.998), use_buffers=True)
    best = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=1e-3)
    began, step, mean = time.monotonic(), 0, 0.0
    while (part := max(time.process_time() / seconds, (time.monotonic() - began) / wall)) < 1:
        for group in best.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / 100) * (0.5 + 0.5 * np.cos(np.pi * part)) + 1e-5
        loss = _step(net, tiles, best)
        mean_net.update_parameters(net)
        mean += (loss - mean) * (0.02 if step > 50 else 0.2)
        step += 1
        if step % 100 == 0:
            print(f"step {step}, {time.process_time():.0f} s CPU, {100 * part:.0f} %, loss {mean:.3f}", flush=True)
        if step % _SAVED_EVERY == 0:
            _save(mean_net.module, out)
            unsure = unsure_boxes()
            for photo in real + plain:
                photo.unsure = unsure.get(photo.name, [])
    _save(mean_net.module, out)
    print(f"{step} steps, {time.process_time():.0f} s CPU, {out.stat().st_size} bytes")


def _step(net: PlateNet, tiles: Tiles, best: torch.optim.Optimizer) -> float:
    """Learn from one batch; its loss."""
    lumas, chromas, goals, sources = zip(*(tiles.sample() for _ in range(BATCH)), strict=True)
    seen = [torch.from_numpy(np.stack(some)).to(memory_format=torch.channels_last) for some in (lumas, chromas)]
    goal = torch.from_numpy(np.stack(goals))
    with torch.autocast("cpu", torch.bfloat16):
        answer: Any = net(*seen)
    answer = answer.float()
    loss = loss_of(answer, goal)
    best.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    best.step()
    learn_from_errors(tiles, answer.detach(), goal, list(sources))
    return float(loss.detach())


def _save(net: Any, out: Path) -> None:
    part = out.with_suffix(".part")
    part.write_bytes(export(net))
    part.replace(out)


def main() -> None:
    """Train into the folder ``--out``; with ``--into`` the product gets the weights."""
    ask = argparse.ArgumentParser(prog="python -m training.plates", description=__doc__)
    ask.add_argument("--out", type=Path, default=Path("out/plates"))
    ask.add_argument("--seconds", type=float, default=1800.0, help="of the processor")
    ask.add_argument("--wall", type=float, default=1e9, help="seconds by the clock")
    package.add_option(ask)
    told = ask.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    train(told.out / "plates.onnx", told.seconds, told.wall)
    package.put([told.out / "plates.onnx"], told.into)


if __name__ == "__main__":
    main()
