"""The segmentation network from its checkpoint to ONNX.

Plaquet & Bredin, "Powerset multi-class cross entropy loss for neural speaker diarization", Interspeech 2023: SincNet
filters (Ravanelli & Bengio 2018) and four bidirectional LSTM layers. Input: ``wave`` (n, 1, 160000), 16 kHz; output:
logits (n, 589, 7).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bodyworn.models.conversion.checkpoint import read_weights
from bodyworn.models.conversion.graph import GraphBuilder

_RATE = 16_000
_SAMPLES = 160_000


def voice_segmentation(path: Path) -> bytes:
    """The network with the weights of the checkpoint at ``path``, as a serialized ONNX model."""
    net = GraphBuilder(read_weights(path))
    x = net.instance_norm("wave", "sincnet.wav_norm1d")
    x = net.node("Conv", [x, net.constant(_sinc_filters(net.weights))], strides=[10])
    x = _pool_and_norm(net, net.node("Abs", [x]), 0)
    for layer in (1, 2):
        x = _pool_and_norm(net, net.conv(x, f"sincnet.conv1d.{layer}"), layer)
    x = net.node("Transpose", [x], perm=[2, 0, 1])
    for layer in range(4):
        x = _lstm(net, x, layer)
    x = net.node("Transpose", [x], perm=[1, 0, 2])
    for layer in range(2):
        x = net.node("LeakyRelu", [net.linear(x, f"linear.{layer}")], alpha=0.01)
    return net.model({"wave": ("n", 1, _SAMPLES)}, net.linear(x, "classifier"))


def _pool_and_norm(net: GraphBuilder, x: str, layer: int) -> str:
    x = net.node("MaxPool", [x], kernel_shape=[3], strides=[3])
    return net.node("LeakyRelu", [net.instance_norm(x, f"sincnet.norm1d.{layer}")], alpha=0.01)


def _lstm(net: GraphBuilder, x: str, layer: int) -> str:
    """One bidirectional layer on ``(frames, n, features)``; the checkpoint's gates i f g o become i o f g."""

    def gates(kind: str) -> NDArray[np.generic]:
        both = [net.weights[f"lstm.{kind}_l{layer}{tail}"] for tail in ("", "_reverse")]
        return np.stack([np.concatenate([part[k * 128 : (k + 1) * 128] for k in (0, 3, 1, 2)]) for part in both])

    bias = np.concatenate([gates("bias_ih"), gates("bias_hh")], axis=1)
    inputs = [x, net.constant(gates("weight_ih")), net.constant(gates("weight_hh")), net.constant(bias)]
    x = net.node("LSTM", inputs, hidden_size=128, direction="bidirectional")
    x = net.node("Transpose", [x], perm=[0, 2, 1, 3])
    return net.node("Reshape", [x, net.constant(np.array([0, 0, 256], np.int64))])


def _sinc_filters(weights: Mapping[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    """The 80 band-pass filters of 251 taps: 40 even and 40 odd, from their learned edges in Hz.

    Worked out in double precision with the sines of the C library: numpy's own differ in the last digit from one kind
    of processor to another, and the digest of the network is pinned.
    """
    name = "sincnet.conv1d.0.filterbank."
    low_edge, band, phase, window = (
        weights[name + part].astype(np.float64) for part in ("low_hz_", "band_hz_", "n_", "window_")
    )
    low = 50.0 + np.abs(low_edge)
    high = np.clip(low + 50.0 + np.abs(band), 50.0, _RATE / 2)
    width = 2.0 * (high - low)
    even = (_each(math.sin, high * phase) - _each(math.sin, low * phase)) / (phase / 2) * window
    odd = (_each(math.cos, low * phase) - _each(math.cos, high * phase)) / (phase / 2) * window
    filters = [
        np.concatenate([even, width, even[:, ::-1]], axis=1) / width,
        np.concatenate([odd, np.zeros_like(width), -odd[:, ::-1]], axis=1) / width,
    ]
    return np.concatenate(filters)[:, None, :].astype(np.float32)


def _each(function: Callable[[float], float], values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([[function(value) for value in row] for row in values.tolist()])
