"""Who of up to three voices speaks at each instant of ten seconds: the network and how it is run.

Plaquet & Bredin, "Powerset multi-class cross entropy loss for neural speaker diarization", Interspeech 2023: SincNet
filters (Ravanelli & Bengio 2018), four bidirectional LSTM layers, and one class for each set of at most two of three
voices. The voices are local: voice 0 of one window need not be voice 0 of the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.models.session import NetworkSession, load

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

    session: NetworkSession

    def run(self, windows: Array) -> tuple[Array, Array]:
        """For ``windows`` of shape ``(n, 160000)``, -1..1: probability of each local voice, ``(n, FRAMES, VOICES)``,
        and that two of them speak at once, ``(n, FRAMES)``."""
        import numpy as np

        parts = []
        for at in range(0, len(windows), _BATCH):
            batch = np.ascontiguousarray(windows[at : at + _BATCH, None, :])
            logits = self.session.run(None, {"wave": batch})[0]
            odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
            parts.append((odds / odds.sum(axis=-1, keepdims=True)) @ _membership())
        both = np.concatenate(parts) if parts else np.zeros((0, FRAMES, VOICES + 1), np.float32)
        return both[..., :VOICES], both[..., VOICES]


def _membership() -> Array:
    """Which classes each voice belongs to, and in the last column which are of two voices."""
    import numpy as np

    table = np.zeros((len(_CLASSES), VOICES + 1), np.float32)
    for row, voices in enumerate(_CLASSES):
        table[row, list(voices)] = 1.0
        table[row, VOICES] = len(voices) > 1
    return table


def load_segmenter() -> Segmenter:
    """The pinned network."""
    return Segmenter(load("voice-segmentation"))
