"""The recognizer's own hearing without its words: what its encoder makes of ten seconds, second by second.

The encoder of Whisper (Radford et al. 2022) learned from all sound that goes with speech, so what it gives tells more
than words apart. Ten seconds at once cost half of what windows of five seconds that overlap would.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bodyworn.models import registry

MODEL = "whisper-tiny.en"
RATE = 16_000
#: How much is heard at once, and the frames that the encoder gives for each second.
CHUNK_S = 10
FRAMES_PER_SECOND = 50
Sound = NDArray[np.float32]


class SoundEncoder:
    """A loaded encoder; see :func:`load_encoder`. It decodes nothing."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        import ctranslate2
        from faster_whisper.feature_extractor import FeatureExtractor

        self._model: Any = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
        )
        self._storage: Any = ctranslate2.StorageView
        self._log_mel: Any = FeatureExtractor()

    def hear(self, sound: Sound) -> NDArray[np.float32]:
        """``(seconds, frames, 384)`` of ten seconds of 16 kHz sound in -1..1; shorter sound is filled with silence."""
        whole = np.zeros(CHUNK_S * RATE, np.float32)
        whole[: len(sound)] = sound[: len(whole)]
        features = self._storage.from_array(np.ascontiguousarray(self._log_mel(whole, padding=0)[None]))
        encoded: NDArray[np.float32] = np.array(self._model.encode(features, to_cpu=True), np.float32)
        return encoded.reshape(CHUNK_S, FRAMES_PER_SECOND, -1)


@lru_cache(maxsize=1)
def load_encoder() -> SoundEncoder:
    """The pinned network, loaded once for the recordings that one process works through."""
    return SoundEncoder(registry.locate(MODEL).parent)
