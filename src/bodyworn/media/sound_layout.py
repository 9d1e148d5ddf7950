"""Sound laid out without hole or overlap: silence where the source has none, and one of two pieces that overlap.

At a joint the later piece begins where its time stamp says, and the end of the earlier one gives way, so that what
happens there is heard when it is seen. What repeats more than the last tenth of a second is left out instead.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bodyworn.media.sound_in import HOLE

Samples = NDArray[np.float32]

_BLOCK = 1024
#: Seconds of sound that wait for a later piece to take their place.
_HELD = Fraction(1, 10)


class LaidOut:
    """Feed pieces with their places in samples, in order of reading; ``length`` is where all of it ends, if known."""

    def __init__(self, rate: int, length: int | None = None) -> None:
        self._rate, self._length = rate, length
        self._held: deque[Samples] = deque()
        self._waiting = 0
        self._done = 0  # place behind the last sample, held or handed out

    @property
    def full(self) -> bool:
        """Whether the end is reached."""
        return self._length is not None and self._done >= self._length

    def take(self, place: int, samples: Samples) -> Iterator[Samples]:
        """Blocks that are settled now that the piece at ``place`` is known, (channels, n)."""
        if abs(Fraction(place - self._done, self._rate)) > HOLE or not self._done:
            back = self._done - place
            if back < 0:
                yield from self._silence(samples.shape[0], -back)
            elif back <= self._waiting:
                self._give_way(back)
            else:
                samples = samples[:, back:]
        self._hold(samples)
        yield from self._ready(round(_HELD * self._rate))

    def rest(self) -> Iterator[Samples]:
        """What is still held, when all pieces are there."""
        yield from self._ready(0)

    def _silence(self, channels: int, length: int) -> Iterator[Samples]:
        if self._length is not None:
            length = min(length, self._length - self._done)
        for at in range(0, max(0, length), _BLOCK):
            self._hold(np.zeros((channels, min(_BLOCK, length - at)), np.float32))
            yield from self._ready(round(_HELD * self._rate))

    def _hold(self, samples: Samples) -> None:
        if self._length is not None:
            samples = samples[:, : max(0, self._length - self._done)]
        if samples.shape[1]:
            self._held.append(samples)
            self._waiting += samples.shape[1]
            self._done += samples.shape[1]

    def _give_way(self, count: int) -> None:
        """Forget the last ``count`` samples held."""
        self._done -= count
        self._waiting -= count
        while count:
            last = self._held.pop()
            kept = last[:, : max(0, last.shape[1] - count)]
            count -= last.shape[1] - kept.shape[1]
            if kept.shape[1]:
                self._held.append(kept)

    def _ready(self, keep: int) -> Iterator[Samples]:
        while self._held and self._waiting - self._held[0].shape[1] >= keep:
            block = self._held.popleft()
            self._waiting -= block.shape[1]
            yield block
