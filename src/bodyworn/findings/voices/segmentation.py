"""Who of up to three voices speaks at each instant of ten seconds: the network and how it is run.

Plaquet & Bredin, "Powerset multi-class cross entropy loss for neural speaker diarization", Interspeech 2023: SincNet
filters (Ravanelli & Bengio 2018), four bidirectional LSTM layers, and one class for each set of at most two of three
voices. The voices are local: voice 0 of one window need not be voice 0 of the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bodyworn.findings.voices.network import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

RATE = 16_000
WINDOW_S = 10.0
WINDOW_SAMPLES = 160_000
#: Samples from one frame to the next, and from the start of the window to the center of its first frame.
FRAME_STEP = 270
FRAME_CENTER = 495
FRAMES = 589
VOICES = 3
#: The seven classes: no one, one of three voices, two of three voices.
_CLASSES = ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
_BATCH = 8


@dataclass(frozen=True)
class Segmenter:
    """A loaded network; see :func:`load_segmenter`."""

    session: Any

    def run(self, windows: Array) -> Array:
        """Probability of each local voice, ``(n, FRAMES, VOICES)``, for ``windows`` of shape ``(n, 160000)``, -1..1."""
        import numpy as np

        parts = []
        for at in range(0, len(windows), _BATCH):
            batch = np.ascontiguousarray(windows[at : at + _BATCH, None, :])
            logits = self.session.run(None, {"wave": batch})[0]
            odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
            parts.append((odds / odds.sum(axis=-1, keepdims=True)) @ _membership())
        return np.concatenate(parts) if parts else np.zeros((0, FRAMES, VOICES), np.float32)


def _membership() -> Array:
    import numpy as np

    table = np.zeros((len(_CLASSES), VOICES), np.float32)
    for row, voices in enumerate(_CLASSES):
        table[row, list(voices)] = 1.0
    return table


def load_segmenter(path: Path) -> Segmenter:
    """The network with the weights at ``path``."""
    from bodyworn.models.checkpoint import read_weights

    net = Network(read_weights(path))
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
    return Segmenter(net.session({"wave": ("n", 1, WINDOW_SAMPLES)}, net.linear(x, "classifier")))


def _pool_and_norm(net: Network, x: str, layer: int) -> str:
    x = net.node("MaxPool", [x], kernel_shape=[3], strides=[3])
    return net.node("LeakyRelu", [net.instance_norm(x, f"sincnet.norm1d.{layer}")], alpha=0.01)


def _lstm(net: Network, x: str, layer: int) -> str:
    """One bidirectional layer on ``(frames, n, features)``; the checkpoint's gates i f g o become i o f g."""
    import numpy as np

    def gates(kind: str) -> NDArray[Any]:
        both = [net.weights[f"lstm.{kind}_l{layer}{tail}"] for tail in ("", "_reverse")]
        return np.stack([np.concatenate([part[k * 128 : (k + 1) * 128] for k in (0, 3, 1, 2)]) for part in both])

    bias = np.concatenate([gates("bias_ih"), gates("bias_hh")], axis=1)
    inputs = [x, net.constant(gates("weight_ih")), net.constant(gates("weight_hh")), net.constant(bias)]
    x = net.node("LSTM", inputs, hidden_size=128, direction="bidirectional")
    x = net.node("Transpose", [x], perm=[0, 2, 1, 3])
    return net.node("Reshape", [x, net.constant(np.array([0, 0, 256], np.int64))])


def _sinc_filters(weights: Mapping[str, Any]) -> Array:
    """The 80 band-pass filters of 251 taps: 40 even and 40 odd, from their learned edges in Hz."""
    import numpy as np

    name = "sincnet.conv1d.0.filterbank."
    low = 50.0 + np.abs(weights[name + "low_hz_"])
    high = np.clip(low + 50.0 + np.abs(weights[name + "band_hz_"]), 50.0, RATE / 2)
    phase, window = weights[name + "n_"], weights[name + "window_"]
    width = 2.0 * (high - low)
    even = (np.sin(high @ phase) - np.sin(low @ phase)) / (phase / 2) * window
    odd = (np.cos(low @ phase) - np.cos(high @ phase)) / (phase / 2) * window
    center = np.zeros_like(width)
    filters = [
        np.concatenate([even, width, even[:, ::-1]], axis=1) / width,
        np.concatenate([odd, center, -odd[:, ::-1]], axis=1) / width,
    ]
    return np.concatenate(filters)[:, None, :].astype(np.float32)
