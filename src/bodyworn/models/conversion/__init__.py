"""From the file a model is published in to the file that is used: once, at set-up, never at run time.

Each function takes the path of what is published and returns a serialized ONNX model, a font, or weights put together
from their parts. The same file gives the same bytes on every machine: the digest of the result is pinned in the
registry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from bodyworn.models.conversion.face_library import face_library
from bodyworn.models.conversion.font import truetype
from bodyworn.models.conversion.onnx_file import with_free_sizes
from bodyworn.models.conversion.tflite import to_onnx
from bodyworn.models.conversion.voice_embedding import voice_embedding
from bodyworn.models.conversion.voice_segmentation import voice_segmentation


def _free_sizes(path: Path) -> bytes:
    return with_free_sizes(path.read_bytes())


def _joined(path: Path) -> bytes:
    """The weights whose first part is ``path``; the second lies in the package of the same name but for its number."""
    package = path.parents[1]
    second = package.parent / f"{package.name.removesuffix('1')}2" / path.parent.name / f"{path.stem}.part2"
    return path.read_bytes() + second.read_bytes()


#: By the model's name in the registry.
CONVERSIONS: Mapping[str, Callable[[Path], bytes]] = {
    "centerface": _free_sizes,
    "letters": truetype,
    "libfacedetection": face_library,
    "vehicles": to_onnx,
    "voice-embedding": voice_embedding,
    "voice-segmentation": voice_segmentation,
    "whisper-base": _joined,
}
