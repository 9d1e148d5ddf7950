"""One course of training: epochs at a rate that rises, then falls to nothing; the weights end as an average."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from bench.corpora.encounters import Augmentation, Labeled, lexicon_of
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from bodyworn.findings.cues.windows import END, START
from training.cues.corpus import Item, batches_of, changed, items_of
from training.cues.net import MASK, CueNet, collate

POSITIVE_WEIGHT = 1.5
#: Share of the tokens hidden in training.
MASKED = 0.06
#: How much of the average of the weights stays at each step.
KEPT = 0.98
TOKENS_A_BATCH = 1536
#: Steps between two lines of progress.
TOLD = 20


@dataclass(frozen=True)
class Course:
    """``epochs`` over the data from ``rate`` to nothing after warming up over the share ``warm`` of the steps."""

    epochs: int
    rate: float
    head_rate: float
    warm: float
    seed: int


def fit(net: CueNet, data: Sequence[Labeled], tokens: Tokenizer, course: Course) -> None:
    """Train in place; the weights end as a moving average over the steps after the first half."""
    torch.manual_seed(course.seed)
    draw, change = random.Random(course.seed), Augmentation(lexicon_of(tokens), 100 * (1 + course.seed))
    optimizer = torch.optim.AdamW(
        net.groups(course.rate, course.head_rate, decay=0.9), betas=(0.9, 0.98), eps=1e-6, fused=True
    )
    full = [group["lr"] for group in optimizer.param_groups]
    an_epoch = len(batches_of(items_of(data, tokens, draw), TOKENS_A_BATCH, draw))
    total, step, begun = course.epochs * an_epoch, 0, time.monotonic()
    mean: dict[str, torch.Tensor] | None = None
    for epoch in range(course.epochs):
        net.train()
        items = items_of([changed(one, change, draw) for one in data], tokens, draw)
        lost: list[float] = []
        for batch in batches_of(items, TOKENS_A_BATCH, draw):
            done = min(1.0, step / total)
            for group, most in zip(optimizer.param_groups, full, strict=True):
                group["lr"] = most * (done / course.warm if done < course.warm else _falling(done, course.warm))
            lost.append(_step(net, batch, optimizer))
            step += 1
            if done > 0.5:
                mean = _averaged(net, mean)
            if step % TOLD == 0:
                left = (time.monotonic() - begun) / step * max(0, total - step)
                recent = sum(lost[-TOLD:]) / len(lost[-TOLD:])
                where = f"epoch {epoch + 1}, step {step} of {total}"
                print(f"{where}: loss {recent:.3f}, {left / 60:.0f} min left", flush=True)
    if mean is not None:
        with torch.no_grad():
            for name, parameter in net.named_parameters():
                parameter.copy_(mean[name])


def _has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself; where it does not, it costs 75 times a float's work."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def _falling(done: float, warm: float) -> float:
    return max(0.02, 0.5 * (1 + math.cos(math.pi * (done - warm) / (1 - warm))))


def _step(net: CueNet, items: Sequence[Item], optimizer: torch.optim.AdamW) -> float:
    batch = collate(items)
    hide = (torch.rand(batch.ids.shape) < MASKED) & (batch.ids > 4) & (batch.ids != START) & (batch.ids != END)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_has_bfloat16()):
        logits = net(torch.where(hide, torch.tensor(MASK), batch.ids), batch)
    loss = functional.binary_cross_entropy_with_logits(logits, batch.truth, reduction="none")
    loss = loss * (1 + (POSITIVE_WEIGHT - 1) * batch.truth) * batch.weight
    loss = loss.sum() / batch.weight[..., 0].count_nonzero().clamp(min=1)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    return float(loss.item())


def _averaged(net: CueNet, mean: dict[str, torch.Tensor] | None) -> dict[str, torch.Tensor]:
    with torch.no_grad():
        if mean is None:
            return {name: value.detach().clone() for name, value in net.named_parameters()}
        for name, value in net.named_parameters():
            mean[name].lerp_(value, 1 - KEPT)
    return mean
