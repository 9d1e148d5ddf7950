"""A voice as 192 numbers: log mel energies, and the CAM++ network that turns them into an embedding.

Wang et al., "CAM++: A fast and efficient network for speaker verification using context-aware masking", Interspeech
2023. Embeddings live only while one recording is worked on: they are compared with each other, never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bodyworn.models.session import NetworkSession, load

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

    def mel(hertz: float | NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(1127.0 * np.log1p(hertz / 700.0))

    edges = np.linspace(mel(20.0), mel(8000.0), MELS + 2)
    bins = mel(np.arange(_FFT // 2 + 1) * 16_000 / _FFT)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    triangles: Array = np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)
    return triangles


@dataclass(frozen=True)
class Embedder:
    """A loaded network; see :func:`load_embedder`."""

    session: NetworkSession

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


def load_embedder() -> Embedder:
    """The pinned network."""
    return Embedder(load("voice-embedding"))
