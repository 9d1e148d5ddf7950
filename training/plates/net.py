"""The plate network and how it is written: convolutions down to a sixteenth of the size and back to a quarter."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from bodyworn.models.conversion.onnx_writer import constant, model, node, tensor

#: Channels at a half, a quarter, an eighth and a sixteenth of the size.
WIDE = (16, 32, 64, 72)
#: Dilations of the convolutions at a sixteenth: the last see some 250 pixels.
SPREADS = (1, 2, 3)


def _conv(before: int, after: int, stride: int = 1, spread: int = 1) -> nn.Sequential:
    """A convolution of 3×3 with its normalization."""
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride, spread, spread, bias=False),
        nn.BatchNorm2d(after),
    )


class PlateNet(nn.Module):  # type: ignore[misc]
    """Luma (n, 2, h, w) and chroma (n, 2, h / 2, w / 2) to (n, 5, h / 4, w / 4)."""

    def __init__(self) -> None:
        super().__init__()
        half, quarter, eighth, sixteenth = WIDE
        self.first = _conv(2, half, 2)
        self.quarter = _conv(half + 2, quarter, 2)
        self.quarter_more = _conv(quarter, quarter)
        self.eighth = _conv(quarter, eighth, 2)
        self.eighth_more = _conv(eighth, eighth)
        self.sixteenth = _conv(eighth, sixteenth, 2)
        self.around = nn.ModuleList([_conv(sixteenth, sixteenth, 1, spread) for spread in SPREADS])
        self.up_eighth = nn.Conv2d(sixteenth, 4 * eighth, 1)
        self.joined_eighth = _conv(eighth, eighth)
        self.up_quarter = nn.Conv2d(eighth, 4 * quarter, 1)
        self.joined_quarter = _conv(quarter, quarter)
        self.head = nn.Conv2d(quarter, 5, 1)
        nn.init.constant_(self.head.bias, 0.0)
        with torch.no_grad():
            self.head.bias[0] = -4.0

    def forward(self, luma: torch.Tensor, chroma: torch.Tensor) -> torch.Tensor:
        relu, grown = nn.functional.relu, nn.functional.pixel_shuffle
        at_half = torch.cat([relu(self.first(luma)), chroma], dim=1)
        at_quarter = relu(self.quarter_more(relu(self.quarter(at_half))))
        at_eighth = relu(self.eighth(at_quarter))
        at_eighth = relu(at_eighth + self.eighth_more(at_eighth))
        deep = relu(self.sixteenth(at_eighth))
        for layer in self.around:
            deep = relu(deep + layer(deep))
        at_eighth = relu(at_eighth + grown(self.up_eighth(deep), 2))
        at_eighth = relu(self.joined_eighth(at_eighth))
        at_quarter = relu(at_quarter + grown(self.up_quarter(at_eighth), 2))
        return self.head(relu(self.joined_quarter(at_quarter)))


class _Writer:
    """Collects nodes and weights."""

    def __init__(self) -> None:
        self.nodes: list[bytes] = []
        self.weights: list[bytes] = []
        self._count = 0

    def name(self) -> str:
        self._count += 1
        return f"t{self._count}"

    def conv(self, layer: Any, before: str, into: str = "") -> str:
        """A convolution, normalization folded into its weights; the name of what it gives."""
        conv, norm = (layer[0], layer[1]) if isinstance(layer, nn.Sequential) else (layer, None)
        weight, bias = conv.weight, conv.bias
        if norm is not None:
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weight, bias = weight * gain[:, None, None, None], norm.bias - norm.running_mean * gain
        out = into or self.name()
        self.weights.append(constant(f"{out}w", weight.detach().float().contiguous().numpy()))
        self.weights.append(constant(f"{out}b", bias.detach().float().numpy()))
        self.nodes.append(
            node("Conv", [before, f"{out}w", f"{out}b"], [out], kernel_shape=list(conv.kernel_size),
                 strides=list(conv.stride), dilations=list(conv.dilation), pads=list(conv.padding) * 2)
        )  # fmt: skip
        return out

    def then(self, operator: str, *before: str, **attributes: Any) -> str:
        """Another operation; the name of what it gives."""
        out = self.name()
        self.nodes.append(node(operator, list(before), [out], **attributes))
        return out

    def seen(self, layer: Any, before: str) -> str:
        """A convolution and what of it is above zero."""
        return self.then("Relu", self.conv(layer, before))

    def grown(self, layer: Any, before: str) -> str:
        """A convolution whose channels become four places each."""
        return self.then("DepthToSpace", self.conv(layer, before), blocksize=2, mode="CRD")


def export(net: PlateNet) -> bytes:
    """The network as ONNX."""
    to = _Writer()
    at_half = to.then("Concat", to.seen(net.first, "luma"), "chroma", axis=1)
    at_quarter = to.seen(net.quarter_more, to.seen(net.quarter, at_half))
    at_eighth = to.seen(net.eighth, at_quarter)
    at_eighth = to.then("Relu", to.then("Add", at_eighth, to.conv(net.eighth_more, at_eighth)))
    deep = to.seen(net.sixteenth, at_eighth)
    for layer in net.around:
        deep = to.then("Relu", to.then("Add", deep, to.conv(layer, deep)))
    at_eighth = to.then("Relu", to.then("Add", at_eighth, to.grown(net.up_eighth, deep)))
    at_eighth = to.seen(net.joined_eighth, at_eighth)
    at_quarter = to.then("Relu", to.then("Add", at_quarter, to.grown(net.up_quarter, at_eighth)))
    to.conv(net.head, to.seen(net.joined_quarter, at_quarter), "plates")
    inputs = [tensor("luma", ["n", 2, "h", "w"]), tensor("chroma", ["n", 2, "half_h", "half_w"])]
    return model(to.nodes, to.weights, inputs, tensor("plates", ["n", 5, "rows", "cols"]))
