"""Read a long 16 kHz mono recording piece by piece, so that memory does not grow with its length."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.errors import StageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

RATE = 16_000


@dataclass(frozen=True)
class Wave:
    """Samples of a recording; :meth:`read` gives any stretch, zeros where it reaches past an end."""

    samples: NDArray[np.int16] | NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        return len(self) * 1000 // RATE

    def read(self, start: int, count: int) -> Array:
        """``count`` samples from ``start`` on as float32 in -1..1."""
        import numpy as np

        out = np.zeros(count, np.float32)
        first, last = max(0, start), min(len(self), start + count)
        if last > first:
            part = self.samples[first:last]
            scale = np.float32(1 / 32768) if part.dtype == np.int16 else np.float32(1)
            out[first - start : last - start] = np.asarray(part, np.float32) * scale
        return out

    def read_ms(self, start_ms: int, end_ms: int) -> Array:
        """The samples between two times in milliseconds."""
        return self.read(start_ms * RATE // 1000, max(0, end_ms - start_ms) * RATE // 1000)


def open_wave(path: Path) -> Wave:
    """The 16-bit PCM mono WAV at ``path``, mapped, not read; :class:`StageError` if it is anything else."""
    import numpy as np

    try:
        with wave.open(str(path), "rb") as file, path.open("rb") as raw:
            form = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            count = file.getnframes()
            offset = _data_offset(raw.read(4096))
    except (wave.Error, EOFError, OSError, ValueError) as error:
        raise StageError("the sound track of the analysis cannot be read", "Run the analysis again") from error
    if form != (RATE, 1, 2):
        raise StageError("the sound track of the analysis is not 16 kHz mono", "Run the analysis again")
    if count == 0:
        return Wave(np.zeros(0, np.int16))
    return Wave(np.memmap(path, dtype="<i2", mode="r", offset=offset, shape=(count,)))


def _data_offset(head: bytes) -> int:
    """Where the samples start: walk the RIFF chunks up to ``data``."""
    at = 12
    while at + 8 <= len(head):
        if head[at : at + 4] == b"data":
            return at + 8
        size = int.from_bytes(head[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    raise ValueError("no data chunk near the start")
