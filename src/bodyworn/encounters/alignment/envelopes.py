"""Band-limited envelopes of a sound, and where those of two sounds are alike: the coarse step of the alignment."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Samples of any integer or float type, mono.
Samples = NDArray[np.int16] | NDArray[np.float32]
RATE = 16_000
#: One value of an envelope each so many samples: 10 ms.
HOP = 160
FRAMES_PER_S = RATE // HOP
_WINDOW = 512
#: Edges of the bands in Hz: what a telephone passes.
_EDGES = np.geomspace(250, 3500, 11)
#: Frames over which a steady level is taken out: half a second.
_STEADY = 51
#: Loud moments count at most so many standard deviations.
_LOUDEST = 3.0
_BLOCK = RATE * 60
#: Two sounds that overlap for less than this are not compared.
LEAST_S = 4.0
#: Seconds of a piece that is searched for in the other sound, up to and beyond ten minutes; and at most so many pieces.
_SHORT_PIECE_S, _LONG_PIECE_S, _LONG_S, _MOST_PIECES = 15, 60, 600, 60
#: Of each piece so many peaks are kept, at least so many robust standard deviations high.
_PEAKS, _LEAST_PEAK = 8, 3.8
#: Peaks nearer than this are one, in frames.
_ONE_PEAK = 6


@dataclass(frozen=True)
class Candidate:
    """A lag in seconds at which envelopes are alike: the second begins so long after the first. ``weight`` ranks."""

    lag_s: float
    weight: float


def envelopes(samples: Samples) -> NDArray[np.float32]:
    """``(frames, bands)``: log energy of each band without its steady part, limited, with deviation 1."""
    blocks = [_log_energy(part) for part in _blocks(samples)]
    if not blocks:
        return np.zeros((0, len(_EDGES) - 1), np.float32)
    raw = np.concatenate(blocks)
    steady = min(_STEADY, len(raw) - 1 + len(raw) % 2)
    sums = np.cumsum(np.pad(raw, ((steady // 2 + 1, steady // 2), (0, 0)), mode="edge"), axis=0, dtype=np.float64)
    moving = raw - ((sums[steady:] - sums[:-steady]) / steady).astype(np.float32)
    spread = np.maximum(np.sqrt((moving**2).mean(axis=0)), 1e-6)
    return np.asarray(np.clip(moving / spread, -_LOUDEST, _LOUDEST), np.float32)


def _blocks(samples: Samples) -> Iterator[NDArray[np.float32]]:
    """Minutes of it as float32, each with what the last window of it reaches into."""
    for start in range(0, max(0, len(samples) - _WINDOW + 1), _BLOCK):
        part = samples[start : start + _BLOCK + _WINDOW - HOP]
        scale = 1 / 32768 if part.dtype == np.int16 else 1.0
        yield np.asarray(part, np.float32) * np.float32(scale)


def _log_energy(part: NDArray[np.float32]) -> NDArray[np.float32]:
    if len(part) < _WINDOW:
        return np.zeros((0, len(_EDGES) - 1), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(part, _WINDOW)[::HOP]
    spectra = np.fft.rfft(frames * np.hanning(_WINDOW).astype(np.float32), axis=1)
    power = spectra.real**2 + spectra.imag**2
    edges = np.rint(_EDGES * _WINDOW / RATE).astype(int)
    bands = np.stack([power[:, low:high].sum(axis=1) for low, high in itertools.pairwise(edges)], axis=1)
    return np.asarray(np.log(bands + 1e-6), np.float32)


def candidates(first: NDArray[np.float32], second: NDArray[np.float32], drift: float, most: int) -> list[Candidate]:
    """At most ``most`` lags at which the envelopes of two sounds are alike, the likeliest first.

    ``drift`` is the largest difference of their clocks as a share: peaks of pieces that far apart are one lag.
    """
    if min(len(first), len(second)) < LEAST_S * FRAMES_PER_S:
        return []
    swapped = len(first) > len(second)
    pieces_of, whole = (second, first) if swapped else (first, second)
    found = _peaks(pieces_of, whole)
    width = 0.06 + drift * max(len(first), len(second)) / FRAMES_PER_S
    sign = 1 if swapped else -1
    return [Candidate(sign * one.lag_s, one.weight) for one in _gathered(found, width)[:most]]


def _peaks(pieces_of: NDArray[np.float32], whole: NDArray[np.float32]) -> list[Candidate]:
    """Where each piece begins in ``whole`` by its peaks, told as where all of ``pieces_of`` would begin."""
    long = len(pieces_of) > _LONG_S * FRAMES_PER_S
    length = (_LONG_PIECE_S if long else _SHORT_PIECE_S) * FRAMES_PER_S
    step = max(length if long else length // 2, len(pieces_of) // _MOST_PIECES)
    starts = list(range(0, max(1, len(pieces_of) - length // 2), step))
    cuts = [(start, pieces_of[start : start + length]) for start in starts]
    if not long and len(cuts) > 1:
        cuts.append((0, pieces_of))
    within = _Blocks(whole, max(len(cut) for _, cut in cuts))
    found = list[Candidate]()
    for start, cut in cuts:
        found += _peaks_of(cut, within, start)
    return found


class _Blocks:
    """Envelopes as spectra of blocks that overlap, to correlate pieces of at most ``longest`` frames with.

    Of three hours this costs a sixth of a transform of the whole, and half its memory.
    """

    def __init__(self, whole: NDArray[np.float32], longest: int) -> None:
        self.length, self.longest = len(whole), longest
        self._size = 1 << (4 * longest - 1).bit_length()
        self._step = self._size - longest + 1
        count = -(-(len(whole) + longest - 1) // self._step)
        padded = np.zeros((count * self._step + longest - 1, whole.shape[1]), np.float32)
        padded[longest - 1 : longest - 1 + len(whole)] = whole
        starts = (number * self._step for number in range(count))
        self._spectra = [np.fft.rfft(padded[start : start + self._size], axis=0) for start in starts]

    def alike(self, cut: NDArray[np.float32]) -> NDArray[np.float32]:
        """How alike ``cut`` is from each frame on: from ``longest - 1`` frames before the first one to the last."""
        wanted = np.conj(np.fft.rfft(cut, self._size, axis=0))
        parts = [np.fft.irfft((one * wanted).sum(axis=1), self._size)[: self._step] for one in self._spectra]
        return np.asarray(np.concatenate(parts)[: self.length + self.longest - 1], np.float32)


def _peaks_of(cut: NDArray[np.float32], within: _Blocks, start: int) -> Iterator[Candidate]:
    count, length = len(cut), within.length
    lags = np.arange(-(within.longest - 1), length)
    shared = np.minimum(np.minimum(count, count + lags), np.minimum(length, length - lags))
    enough = shared >= LEAST_S * FRAMES_PER_S
    if not enough.any():
        return
    height = np.where(enough, within.alike(cut) / np.sqrt(np.maximum(shared, 1)), 0.0)
    height /= max(1e-9, float(np.median(np.abs(height[enough]))) * 1.4826)
    for _ in range(_PEAKS):
        at = int(height.argmax())
        if height[at] < _LEAST_PEAK:
            return
        yield Candidate(float(lags[at] - start) / FRAMES_PER_S, float(height[at]) ** 2)
        height[max(0, at - _ONE_PEAK) : at + _ONE_PEAK + 1] = 0.0


def _gathered(found: list[Candidate], width: float) -> list[Candidate]:
    """Peaks that tell the same lag are one, as heavy as all of them together; the heaviest first."""
    left = sorted(found, key=lambda one: -one.weight)
    groups = list[Candidate]()
    while left:
        near = [one for one in left if abs(one.lag_s - left[0].lag_s) <= width]
        left = [one for one in left if abs(one.lag_s - left[0].lag_s) > width]
        weight = sum(one.weight for one in near)
        groups.append(Candidate(sum(one.lag_s * one.weight for one in near) / weight, weight))
    return sorted(groups, key=lambda one: -one.weight)
