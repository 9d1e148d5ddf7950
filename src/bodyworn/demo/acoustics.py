"""Where sound comes from: distance, room response, a radio's narrow band, a road beside it. Own code, numpy only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bodyworn.demo.voices import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

#: Formants of the weeping voice: Hz, width in Hz, gain.
_FORMANTS = ((560, 180, 1.0), (1350, 260, 0.4), (2500, 400, 0.15))


def level(sound: Sound, dbfs: float) -> Sound:
    """``sound`` scaled so that its loud half has an RMS of ``dbfs`` decibels below full scale."""
    import numpy as np

    blocks = sound[: len(sound) // 480 * 480].reshape(-1, 480)
    power = (blocks**2).mean(1)
    loud = power[power >= np.median(power)]
    scaled: Sound = (sound * (10 ** (dbfs / 20) / np.sqrt(loud.mean() + 1e-12))).astype(np.float32)
    return scaled


def shape(sound: Sound, low_hz: float, high_hz: float, slope: float = 4.0) -> Sound:
    """Pass ``low_hz`` to ``high_hz`` with soft edges (``slope`` is the order of the edges)."""
    import numpy as np

    size = 1 << (len(sound) - 1).bit_length()
    hz = np.fft.rfftfreq(size, 1 / RATE) + 1e-3
    gain = 1 / np.sqrt(1 + (low_hz / hz) ** (2 * slope)) / np.sqrt(1 + (hz / high_hz) ** (2 * slope))
    return np.fft.irfft(np.fft.rfft(sound, size) * gain, size)[: len(sound)].astype(np.float32)


def convolve(sound: Sound, response: Sound) -> Sound:
    """``sound`` through ``response``, as long as both together."""
    import numpy as np

    count = len(sound) + len(response) - 1
    size = 1 << (count - 1).bit_length()
    product = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    return np.fft.irfft(product, size)[:count].astype(np.float32)


def room_response(rng: np.random.Generator, decay_s: float, reverberant: float) -> Sound:
    """An impulse response: the direct sound, six early reflections, and noise that falls 60 dB in ``decay_s`` seconds.

    ``reverberant`` is the energy of everything after the direct sound relative to it.
    """
    import numpy as np

    count = int(decay_s * RATE)
    seconds = np.arange(count) / RATE
    tail = rng.standard_normal(count) * 10 ** (-3 * seconds / decay_s)
    tail[: int(0.004 * RATE)] = 0
    for delay_ms in (1.3, 2.1, 3.4, 5.2, 7.9, 11.3):
        tail[int(delay_ms * RATE / 1000)] += rng.choice([-1, 1]) * 8 / (1 + delay_ms)
    tail *= np.sqrt(reverberant / (tail**2).sum())
    tail[0] += 1
    return tail.astype(np.float32)


def radio(sound: Sound, rng: np.random.Generator) -> Sound:
    """A voice from a shoulder radio: 300 to 3400 Hz, driven into its small speaker, with a squelch tail."""
    import numpy as np

    narrow = shape(sound, 320, 3300, slope=5)
    driven = np.tanh(3 * narrow / (np.abs(narrow).max() + 1e-9))
    hiss = shape(rng.standard_normal(len(sound) + RATE // 3).astype(np.float32), 400, 3300)
    keyed = np.zeros(len(hiss), np.float32)
    keyed[: len(driven)] = driven
    keyed += hiss * 0.03
    open_at, close_at = int(0.06 * RATE), len(driven) + int(0.05 * RATE)
    keyed[:open_at] += hiss[:open_at] * 0.2
    keyed[close_at : close_at + int(0.16 * RATE)] += hiss[close_at : close_at + int(0.16 * RATE)] * 0.35
    keyed[close_at + int(0.16 * RATE) :] = 0
    return shape(keyed, 320, 3300, slope=5)


def road(rng: np.random.Generator, seconds: float) -> Sound:
    """An open road in the evening: a low hum, soft wind, and a car every 10 to 20 seconds that comes and goes."""
    import numpy as np

    count = int(seconds * RATE)

    def loop(low_hz: float, high_hz: float, slope: float, dbfs: float) -> Sound:
        # A power of two filtered in a circle joins onto itself without a seam: 22 s of noise last as long as needed.
        once = shape(rng.standard_normal(1 << 19).astype(np.float32), low_hz, high_hz, slope)
        return np.resize(level(once, dbfs), count)

    hum = loop(30, 260, 1, -52)
    wind = loop(200, 1800, 1, -60)
    time = np.arange(count, dtype=np.float32) / RATE
    gusts = 0.6 + 0.4 * np.sin(2 * np.pi * 0.07 * time + 1) * np.sin(2 * np.pi * 0.023 * time)
    tires = loop(250, 2600, 1.5, -45)
    passing = np.zeros(count, np.float32)
    at = 4.0
    while at < seconds:
        passing += rng.uniform(0.5, 1.0) * np.exp(-(((time - at) / rng.uniform(0.9, 1.8)) ** 2))
        at += rng.uniform(9, 19)
    return (hum + wind * gusts + tires * passing).astype(np.float32)


def footsteps(rng: np.random.Generator, seconds: float) -> Sound:
    """Boots on gravel, about two steps a second."""
    import numpy as np

    out = np.zeros(int(seconds * RATE), np.float32)
    at = 0.3
    while at < seconds - 0.4:
        count = int(0.2 * RATE)
        time = np.arange(count) / RATE
        crunch = shape(rng.standard_normal(count).astype(np.float32), 600, 5000, slope=1.5)
        step = crunch * np.exp(-time / 0.05) + 0.8 * np.sin(2 * np.pi * 70 * time) * np.exp(-time / 0.03)
        start = int(at * RATE)
        out[start : start + count] += (step * rng.uniform(0.7, 1.0)).astype(np.float32)
        at += rng.uniform(0.5, 0.56)
    return out


def rustle(rng: np.random.Generator, seconds: float) -> Sound:
    """Cloth that rubs over a microphone."""
    import numpy as np

    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    rub = np.abs(shape(rng.standard_normal(count).astype(np.float32), 2, 9, slope=2))
    sound = shape(rng.standard_normal(count).astype(np.float32), 150, 3500, slope=1)
    rubbed: Sound = (sound * rub / (rub.max() + 1e-9) * np.sin(np.pi * time / seconds)).astype(np.float32)
    return rubbed


def sobs(rng: np.random.Generator, seconds: float) -> Sound:
    """Weeping: bursts of a breathy voice that falls in pitch, about four a second, between audible breaths."""
    import numpy as np

    out = np.zeros(int(seconds * RATE), np.float32)
    at, pitch = 0.05, 235.0
    while at < seconds - 0.35:
        count = int(rng.uniform(0.13, 0.19) * RATE)
        time = np.arange(count) / RATE
        phase = 2 * np.pi * np.cumsum(pitch * (1 - 0.9 * time)) / RATE
        voice = np.zeros(count)
        for harmonic in range(1, 16):
            hz = harmonic * pitch
            gain = sum(g * np.exp(-(((hz - f) / w) ** 2)) for f, w, g in _FORMANTS)
            voice += gain * np.sin(harmonic * phase)
        breath = shape(rng.standard_normal(count).astype(np.float32), 500, 4500, slope=1)
        start = int(at * RATE)
        out[start : start + count] += ((voice + 0.5 * breath) * np.hanning(count)).astype(np.float32)
        at += rng.uniform(0.22, 0.27)
        pitch *= 0.96
        if pitch < 185:
            pitch, at = rng.uniform(225, 245), at + 0.25
    return out
