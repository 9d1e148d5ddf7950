"""The sound of a finished clip, block by block, as it is heard."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.errors import InputError
from bodyworn.media.opening import open_media

#: Seconds of a block.
BLOCK = Fraction(1, 50)
Block = tuple[Fraction, int, NDArray[np.float32]]


def sound_blocks(path: Path) -> Iterator[Block]:
    """``(start, rate, samples)`` of the first sound track in blocks of 20 ms: seconds, hertz, channels × samples (±1).

    The last block may be shorter. :class:`InputError` if there is no sound.
    """
    from av import AudioResampler

    with open_media(path) as container:
        if not container.streams.audio:
            raise InputError("the clip has no sound", "Check that it is the right clip")
        stream = container.streams.audio[0]
        form = AudioResampler(format="fltp", layout=stream.layout, rate=stream.rate)
        step, at = int(stream.rate * BLOCK), None
        held = np.zeros((stream.channels, 0), np.float32)
        for frame in container.decode(stream):
            if at is None:
                at = Fraction(frame.pts or 0) * Fraction(frame.time_base or 1)
            parts = [np.asarray(part.to_ndarray(), np.float32) for part in form.resample(frame)]
            held = np.concatenate([held, *parts], axis=1)
            while held.shape[1] >= step:
                yield at, stream.rate, held[:, :step]
                at, held = at + Fraction(step, stream.rate), held[:, step:]
        if at is not None and held.shape[1]:
            yield at, stream.rate, held
