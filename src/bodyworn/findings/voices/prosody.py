"""How a voice sounds, frame by frame: level, pitch, how voiced it is, spectral tilt.

Pitch is the lag of the highest peak of the normalized autocorrelation (Boersma 1993, "Accurate short-term analysis of
the fundamental frequency"), the shortest lag among nearly equal peaks so that octaves below are not taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

RATE = 16_000
#: From frame to frame: 20 ms; a frame is 40 ms long.
HOP_MS = 20
_HOP, _FRAME, _FFT = 320, 640, 2048
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 500.0
_VOICED = 0.5
_BLOCK = 2048


@dataclass(frozen=True)
class Prosody:
    """Per frame of 20 ms: ``level_db`` (RMS, full scale = 0), ``pitch_hz`` (0 where unvoiced), ``strength`` of the
    periodicity 0..1, ``tilt_db`` (1 to 4 kHz over 60 Hz to 1 kHz: higher when a voice is pressed or shouted)."""

    level_db: Array
    pitch_hz: Array
    strength: Array
    tilt_db: Array


def prosody(sound: Array) -> Prosody:
    """Prosody of ``sound`` (16 kHz, -1..1); frames start every 20 ms, the last may reach past the end."""
    import numpy as np

    count = len(sound) // _HOP
    padded = np.pad(sound, (0, _FRAME))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP][:count]
    parts = [_measure(frames[at : at + _BLOCK]) for at in range(0, count, _BLOCK)]
    if not parts:
        parts = [np.zeros((4, 0), np.float32)]
    return Prosody(*np.concatenate(parts, axis=1))


def _measure(frames: Array) -> Array:
    """The four rows of :class:`Prosody` for a block of frames."""
    import numpy as np

    level = 10 * np.log10(np.square(frames).mean(axis=1) + 1e-10)
    centered = (frames - frames.mean(axis=1, keepdims=True)) * _window()
    power = np.square(np.abs(np.fft.rfft(centered, _FFT))).astype(np.float32)
    hertz = np.arange(power.shape[1]) * RATE / _FFT
    low = power[:, (hertz >= 60) & (hertz < 1000)].sum(axis=1)
    high = power[:, (hertz >= 1000) & (hertz < 4000)].sum(axis=1)
    tilt = 10 * np.log10((high + 1e-9) / (low + 1e-9))
    pitch, strength = _pitch(power)
    return np.stack([level, pitch, strength, tilt]).astype(np.float32)


def _pitch(power: Array) -> tuple[Array, Array]:
    import numpy as np

    first, last = int(RATE / _HIGHEST_HZ), int(RATE / _LOWEST_HZ)
    correlation = np.fft.irfft(power, _FFT)[:, : last + 2]
    normal = correlation / np.maximum(correlation[:, :1], 1e-9) / _window_correlation()[: last + 2]
    inner = normal[:, first : last + 1]
    is_peak = (inner >= normal[:, first - 1 : last]) & (inner > normal[:, first + 1 : last + 2])
    peaks = np.where(is_peak, inner, 0.0)
    highest = peaks.max(axis=1)
    lag = first + np.argmax(peaks >= 0.9 * highest[:, None], axis=1)
    pitch = np.where(highest >= _VOICED, RATE / lag, 0.0)
    return pitch.astype(np.float32), np.clip(highest, 0, 1).astype(np.float32)


@cache
def _window() -> Array:
    import numpy as np

    return np.hanning(_FRAME).astype(np.float32)


@cache
def _window_correlation() -> Array:
    import numpy as np

    power = np.square(np.abs(np.fft.rfft(_window(), _FFT)))
    correlation = np.fft.irfft(power, _FFT)
    normal: Array = (correlation / correlation[0]).astype(np.float32)
    return normal
