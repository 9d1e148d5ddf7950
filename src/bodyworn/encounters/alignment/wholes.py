"""The waveforms of two short sounds compared whole: likely lags where a few seconds of envelope tell too little."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bodyworn.encounters.alignment.envelopes import LEAST_S, RATE, Samples
from bodyworn.encounters.alignment.waveforms import FINE, band_power

#: Longer sounds are not compared whole: their clocks drift apart within them, and envelopes tell enough.
_MOST_S = 90
#: How much of the spectrum's own shape is taken out. In full, noise counts as much as speech.
_WHITENED = 0.7
#: Lags nearer than this are looked at together; of a hum, alike at each of its periods, others are told too.
BESIDE_S = 0.25


def whole_lags(first: Samples, second: Samples, most: int) -> list[float]:
    """At most so many lags in seconds at which the second begins after the first, the likeliest first."""
    count = len(first) + len(second)
    if max(len(first), len(second)) > _MOST_S * RATE or min(len(first), len(second)) < LEAST_S * RATE:
        return []
    size = 1 << (count - 1).bit_length()
    spectra = [np.fft.rfft(_level(sound), size) for sound in (first, second)]
    power = band_power(spectra[0] * np.conj(spectra[1]), size, _WHITENED)
    half = len(power)
    earliest = -round((len(second) / RATE - LEAST_S) * FINE)
    latest = round((len(first) / RATE - LEAST_S) * FINE)
    ordered = np.concatenate([power[half + earliest :], power[: latest + 1]]) if earliest < 0 else power[: latest + 1]
    found, beside = list[float](), round(BESIDE_S * FINE)
    for _ in range(most):
        at = int(ordered.argmax())
        found.append((at + min(0, earliest)) / FINE)
        ordered[max(0, at - beside) : at + beside + 1] = 0.0
    return found


def _level(sound: Samples) -> NDArray[np.float32]:
    samples = np.asarray(sound, np.float32)
    return np.asarray(samples - samples.mean(), np.float32)
