"""From the file a model is published in to the ONNX file that is run: once, at set-up, never at run time.

Each function takes the path of the published weights and returns a serialized ONNX model. The same weights give the
same bytes on every machine: the digest of the result is pinned in the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from bodyworn.models.conversion.onnx_file import with_free_sizes
from bodyworn.models.conversion.tflite import to_onnx
from bodyworn.models.conversion.voice_embedding import voice_embedding
from bodyworn.models.conversion.voice_segmentation import voice_segmentation


def _free_sizes(path: Path) -> bytes:
    return with_free_sizes(path.read_bytes())


#: By the model's name in the registry.
CONVERSIONS: Mapping[str, Callable[[Path], bytes]] = {
    "centerface": _free_sizes,
    "vehicles": to_onnx,
    "voice-embedding": voice_embedding,
    "voice-segmentation": voice_segmentation,
}
