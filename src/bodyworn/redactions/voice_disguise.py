"""Take the voice out of speech and leave the words: speech is made anew from its spectral envelope alone.

A vocoder by linear prediction (Atal and Hanauer 1971): of each short frame only loudness, envelope and how voiced it is
are kept. Pitch and its melody, breath and hoarseness are gone, all voiced sounds get one pitch; the envelope is
stretched by a secret factor, which moves the formants as a longer or shorter throat would.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]

#: Seconds around a piece of sound that decide about its ends.
CONTEXT = Fraction(1, 10)
#: Milliseconds of a frame, and frames that lie over each other; a pulse for each gives the pitch.
_FRAME_MS, _OVERLAP = 32, 4
#: What is above is left out, in hertz, and poles of the envelope: few, so that it says what is said, not by whom.
_BAND, _POLES = 8_000, 12
#: Above this, in hertz, even voiced speech is made of noise.
_NOISY = 4_000.0
#: Periods of voices, in milliseconds, and the correlation from which to which a frame turns from noise to voice.
_PERIODS, _VOICED = (2.5, 12.5), (0.3, 0.7)
#: Factors by which the envelope is stretched; those between would leave the voice as it is.
_STRETCHES = ((0.72, 0.80), (1.25, 1.35))


class Disguise:
    """One disguise. Its factor and noise come from the system's secret source and are kept nowhere."""

    def __init__(self) -> None:
        random = np.random.default_rng()
        self._stretch = float(random.uniform(*_STRETCHES[int(random.integers(2))]))
        self._secret = int(random.integers(1 << 62))

    def __call__(self, samples: Samples, first: int, rate: int) -> Samples:
        """``samples`` (channels, n) at ``rate``, of which the first is number ``first`` of the recording; as many.

        The same sample comes out the same however the recording is cut into pieces, but for a frame's length at ends.
        """
        size = 2 * _OVERLAP * round(rate * _FRAME_MS / 1000 / 2 / _OVERLAP)
        hop = size // _OVERLAP
        skip = first % hop
        count = -(-(samples.shape[1] + skip + size) // hop)
        numbers = first // hop + np.arange(count)
        out = np.zeros_like(samples)
        for channel, line in enumerate(samples):
            padded = np.zeros(size * 2 + count * hop)
            padded[size + skip : size + skip + len(line)] = line
            starts = np.arange(count)[:, None] * hop + np.arange(size)
            made = self._frames(padded[starts], numbers, rate)
            sound = np.zeros_like(padded)
            for start, frame in zip(starts[:, 0], made, strict=True):
                sound[start : start + size] += frame
            out[channel] = sound[size + skip : size + skip + len(line)]
        return out

    def _frames(self, frames: Floats, numbers: NDArray[np.int64], rate: int) -> Floats:
        """The frames (n, size) made anew; ``numbers`` are their places in the recording."""
        size = frames.shape[1]
        window = np.hanning(size + 1)[:-1]
        power = np.abs(np.fft.rfft(frames * window)) ** 2
        bins = min(power.shape[1], int(_BAND * size / rate) + 1)
        envelope = _stretched(_envelope(power[:, :bins]), self._stretch)
        voiced = _voicing(power, size, rate)[:, None] * (np.arange(bins) * rate / size < _NOISY)
        noise = np.stack([self._noise(int(number), bins) for number in numbers])
        middle = np.exp(-1j * np.pi * np.arange(bins))  # a pulse in the middle of the frame
        spectrum = np.zeros(power.shape, complex)
        spectrum[:, :bins] = envelope * (np.sqrt(voiced) * middle + np.sqrt(1 - voiced) * noise)
        made = np.fft.irfft(spectrum, size) * window
        loud = (frames**2 * window**2).sum(axis=1) / (window**2).sum() * (size // _OVERLAP)
        scale = np.sqrt(loud / np.maximum((made**2).sum(axis=1), 1e-20))
        return np.asarray(made * scale[:, None])

    def _noise(self, number: int, bins: int) -> NDArray[np.complex128]:
        random = np.random.default_rng([self._secret, number & (1 << 62) - 1])
        return random.normal(0, 0.5**0.5, bins) + 1j * random.normal(0, 0.5**0.5, bins)


def _envelope(power: Floats) -> Floats:
    """Spectral envelopes (n, bins), of unknown scale, by linear prediction (Levinson's recursion)."""
    shares = np.fft.irfft(power)[:, : _POLES + 1]
    shares[:, 0] = shares[:, 0] * 1.0001 + 1e-12
    error = shares[:, 0].copy()
    poles = np.zeros((len(power), _POLES + 1))
    poles[:, 0] = 1
    for order in range(1, _POLES + 1):
        step = -(poles[:, :order] * shares[:, order:0:-1]).sum(axis=1) / error
        poles[:, 1 : order + 1] += step[:, None] * poles[:, order - 1 :: -1][:, :order]
        error *= np.maximum(1 - step**2, 1e-9)
    return np.asarray(1 / np.maximum(np.abs(np.fft.rfft(poles, 2 * (power.shape[1] - 1))), 1e-6))


def _stretched(envelope: Floats, stretch: float) -> Floats:
    """``envelope`` (n, bins) read at ``stretch`` times each frequency."""
    bins = envelope.shape[1]
    at = np.minimum(np.arange(bins) * stretch, bins - 1)
    low = np.minimum(at.astype(int), bins - 2)
    part = at - low
    return np.asarray(envelope[:, low] * (1 - part) + envelope[:, low + 1] * part)


def _voicing(power: Floats, size: int, rate: int) -> Floats:
    """How voiced each frame is, 0..1: the correlation of its low part at the periods of voices."""
    low = power.copy()
    low[:, int(1_500 * size / rate) :] = 0
    shares = np.fft.irfft(low, size)
    first, last = (int(period * rate / 1000) for period in _PERIODS)
    last = min(last, size // 2)
    fading = 1 - np.arange(size) / size  # of the window's own correlation, roughly
    best = (shares[:, first:last] / fading[first:last]).max(axis=1) / np.maximum(shares[:, 0], 1e-20)
    return np.asarray(np.clip((best - _VOICED[0]) / (_VOICED[1] - _VOICED[0]), 0, 1))
