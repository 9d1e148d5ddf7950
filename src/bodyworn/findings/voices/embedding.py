"""A voice as 192 numbers: log mel energies, and the CAM++ network that turns them into an embedding.

Wang et al., "CAM++: A fast and efficient network for speaker verification using context-aware masking", Interspeech
2023. Embeddings live only while one recording is worked on: they are compared with each other, never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bodyworn.findings.voices.network import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

MELS = 80
#: Samples from one frame of mel energies to the next (10 ms), and the length of a frame (25 ms).
HOP = 160
FRAME = 400
_FFT = 512
_SEGMENT = 100
_BATCH = 8


def log_mel(wave: Array) -> Array:
    """Log mel energies ``(frames, 80)`` of ``wave`` (16 kHz, -1..1), as Kaldi makes them: Povey window, no dither."""
    import numpy as np

    if len(wave) < FRAME:
        return np.zeros((0, MELS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(wave, FRAME)[::HOP].astype(np.float32)
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = np.fft.rfft((frames - np.float32(0.97) * before) * _povey(), _FFT)
    power = np.square(np.abs(spectrum)).astype(np.float32)
    energies: Array = np.log(np.maximum(power @ _mel_filters(), np.finfo(np.float32).eps)).astype(np.float32)
    return energies


@cache
def _povey() -> Array:
    import numpy as np

    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))
    return np.power(hann, 0.85).astype(np.float32)


@cache
def _mel_filters() -> Array:
    """Triangles even on the mel scale from 20 Hz to 8 kHz, ``(257, 80)``."""
    import numpy as np

    def mel(hertz: Any) -> Any:
        return 1127.0 * np.log1p(hertz / 700.0)

    edges = np.linspace(mel(20.0), mel(8000.0), MELS + 2)
    bins = mel(np.arange(_FFT // 2 + 1) * 16_000 / _FFT)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    triangles: Array = np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)
    return triangles


@dataclass(frozen=True)
class Embedder:
    """A loaded network; see :func:`load_embedder`."""

    session: Any

    def run(self, features: Array) -> Array:
        """Embeddings of unit length ``(n, 192)`` for mel energies ``(n, frames, 80)`` of ``n`` stretches of speech."""
        import numpy as np

        parts = [np.zeros((0, 192), np.float32)]
        pool, spread = _segments((features.shape[1] + 1) // 2)
        for at in range(0, len(features), _BATCH):
            batch = features[at : at + _BATCH]
            batch = np.ascontiguousarray((batch - batch.mean(axis=1, keepdims=True)).transpose(0, 2, 1)[:, None])
            parts.append(self.session.run(None, {"mel": batch, "pool": pool, "spread": spread})[0])
        rows = np.concatenate(parts)
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


def _segments(frames: int) -> tuple[Array, Array]:
    """Matrices that average stretches of 100 frames, and that hand each stretch's value back to its frames."""
    import numpy as np

    index = np.arange(frames) // _SEGMENT
    spread = (index[None, :] == np.arange(index[-1] + 1)[:, None]).astype(np.float32)
    return np.ascontiguousarray((spread / spread.sum(axis=1, keepdims=True)).T), spread


def load_embedder(path: Path) -> Embedder:
    """The network with the weights at ``path``."""
    from bodyworn.models.checkpoint import read_weights

    net = Network(read_weights(path))
    x = _head(net)
    x = net.conv(x, "xvector.tdnn.linear", strides=[2], pads=[2, 2])
    x = net.relu(net.batch_norm(x, "xvector.tdnn.nonlinear.batchnorm"))
    for block, (layers, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), start=1):
        for layer in range(1, layers + 1):
            x = net.node("Concat", [x, _dense_layer(net, x, f"xvector.block{block}.tdnnd{layer}", dilation)], axis=1)
        x = net.relu(net.batch_norm(x, f"xvector.transit{block}.nonlinear.batchnorm"))
        x = net.conv(x, f"xvector.transit{block}.linear")
    x = _statistics(net, net.relu(net.batch_norm(x, "xvector.out_nonlinear.batchnorm")))
    x = net.batch_norm(net.conv(x, "xvector.dense.linear"), "xvector.dense.nonlinear.batchnorm")
    inputs = {"mel": ("n", 1, MELS, "t"), "pool": ("h", "s"), "spread": ("s", "h")}
    return Embedder(net.session(inputs, net.node("Flatten", [x], axis=1)))


def _head(net: Network) -> str:
    """The two-dimensional convolutions over the mel energies."""
    import numpy as np

    around = {"pads": [1, 1, 1, 1]}
    x = net.relu(net.batch_norm(net.conv("mel", "head.conv1", **around), "head.bn1"))
    for name in ("layer1.0", "layer1.1", "layer2.0", "layer2.1"):
        stride = [2, 1] if name.endswith("0") else [1, 1]
        y = net.conv(x, f"head.{name}.conv1", strides=stride, **around)
        y = net.relu(net.batch_norm(y, f"head.{name}.bn1"))
        y = net.batch_norm(net.conv(y, f"head.{name}.conv2", **around), f"head.{name}.bn2")
        if name.endswith("0"):
            x = net.conv(x, f"head.{name}.shortcut.0", strides=stride)
            x = net.batch_norm(x, f"head.{name}.shortcut.1")
        x = net.relu(net.node("Add", [x, y]))
    x = net.relu(net.batch_norm(net.conv(x, "head.conv2", strides=[2, 1], **around), "head.bn2"))
    return net.node("Reshape", [x, net.constant(np.array([0, 320, -1], np.int64))])


def _dense_layer(net: Network, x: str, name: str, dilation: int) -> str:
    """One layer with its context-aware mask, worked out per stretch of 100 frames."""
    x = net.conv(net.relu(net.batch_norm(x, f"{name}.nonlinear1.batchnorm")), f"{name}.linear1")
    x = net.relu(net.batch_norm(x, f"{name}.nonlinear2.batchnorm"))
    cam = f"{name}.cam_layer"
    local = net.conv(x, f"{cam}.linear_local", pads=[dilation, dilation], dilations=[dilation])
    whole = net.node("ReduceMean", [x], axes=[2], keepdims=1)
    context = net.node("Add", [net.node("MatMul", [x, "pool"]), whole])
    mask = net.conv(net.relu(net.conv(context, f"{cam}.linear1")), f"{cam}.linear2")
    return net.node("Mul", [local, net.node("MatMul", [net.node("Sigmoid", [mask]), "spread"])])


def _statistics(net: Network, x: str) -> str:
    """Mean and unbiased standard deviation over time, ``(n, 1024, 1)``."""
    import numpy as np

    time = net.constant(np.array([2], np.int64))
    mean = net.node("ReduceMean", [x], axes=[2], keepdims=1)
    apart = net.node("Sub", [x, mean])
    squares = net.node("ReduceSum", [net.node("Mul", [apart, apart]), time], keepdims=1)
    length = net.node("Gather", [net.node("Shape", [x]), time], axis=0)
    less_one = net.node("Sub", [net.node("Cast", [length], to=1), net.constant(np.array([1.0], np.float32))])
    return net.node("Concat", [mean, net.node("Sqrt", [net.node("Div", [squares, less_one])])], axis=1)
