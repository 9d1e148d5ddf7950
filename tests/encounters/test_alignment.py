"""Sound that two cameras share tells how they lie in time; without any, nothing is told."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bodyworn.encounters.alignment.align import align
from bodyworn.encounters.alignment.envelopes import _Blocks

RATE = 16_000
Sound = NDArray[np.float32]


def babble(seconds: float, seed: int) -> Sound:
    """Noise in syllables: each 80 to 300 ms has a loudness and a pitch band of its own."""
    chance = np.random.default_rng(seed)
    parts, count = list[Sound](), 0
    while count < seconds * RATE:
        length = int(chance.uniform(0.08, 0.3) * RATE)
        low, size = chance.uniform(250, 2500), 1 << length.bit_length()
        spectrum = np.fft.rfft(chance.normal(0, 1, length), size)
        pitch = np.fft.rfftfreq(size, 1 / RATE)
        spectrum[(pitch < low) | (pitch > low * 1.7)] *= 0.05
        parts.append((np.fft.irfft(spectrum, size)[:length] * chance.choice([0.02, 0.3, 1.0])).astype(np.float32))
        count += length
    return np.concatenate(parts)[: round(seconds * RATE)]


def heard(sound: Sound, start_s: float, end_s: float, seed: int, noise: float = 0.1, drift: float = 0.0) -> Sound:
    """A stretch of it as a camera hears it: with an echo, with noise of its own, by a clock that runs faster."""
    echo = np.zeros_like(sound)
    late = 200 + 37 * seed
    echo[late:] = sound[:-late]
    part = (sound + 0.4 * echo)[round(start_s * RATE) : round(end_s * RATE)]
    times = np.arange(round(len(part) * (1 + drift))) / (1 + drift)
    part = np.interp(times, np.arange(len(part)), part)
    return (0.2 * (part + np.random.default_rng(seed).normal(0, noise, len(part)))).astype(np.float32)


@pytest.mark.parametrize(("start_s", "end_s"), [(7.25, 40.0), (0.0, 12.0), (24.0, 40.0)])
def test_the_offset_is_told_within_some_milliseconds(start_s: float, end_s: float) -> None:
    sound = babble(40, 1)
    first, second = heard(sound, 3, 30, 1), heard(sound, start_s, end_s, 2)
    there, back = align(first, second), align(second, first)
    assert there is not None
    assert there.offset_s == pytest.approx(start_s - 3, abs=0.005)
    assert there.shared_s == pytest.approx(min(30.0, end_s) - max(3.0, start_s), abs=0.1)
    assert 0.5 < there.confidence <= 0.99
    assert back is not None
    assert back.offset_s == pytest.approx(3 - start_s, abs=0.005)


def test_clocks_that_drift_apart_are_told_and_the_offset_holds_at_the_end() -> None:
    sound = babble(200, 3)
    found = align(heard(sound, 0, 190, 1), heard(sound, 10, 200, 2, drift=50e-6))
    assert found is not None
    assert found.drift_ppm == pytest.approx(50, abs=8)
    assert found.offset_s == pytest.approx(10, abs=0.003)


def test_whole_numbers_of_16_bits_are_read_as_well() -> None:
    sound = babble(30, 4)
    one, other = heard(sound, 0, 25, 1), heard(sound, 5, 30, 2)
    found = align((one * 3e4).astype(np.int16), (other * 3e4).astype(np.int16))
    assert found is not None
    assert found.offset_s == pytest.approx(5, abs=0.005)


def test_two_scenes_have_nothing_to_tell() -> None:
    assert align(heard(babble(40, 5), 0, 40, 1), heard(babble(30, 6), 0, 30, 2)) is None


def test_the_same_hum_siren_or_silence_tells_nothing() -> None:
    times = np.arange(30 * RATE) / RATE
    hum = np.sum([np.sin(2 * np.pi * 60 * k * times) / k for k in range(1, 30)], axis=0)
    siren = np.sin(2 * np.pi * (1000 * times - 400 * 4 / (2 * np.pi) * np.sin(2 * np.pi * times / 4)))
    for steady in (hum, siren, np.zeros(len(times))):
        one, other = (np.random.default_rng(seed).normal(0, 0.01, len(times)) + steady for seed in (1, 2))
        assert align((0.1 * one[: 25 * RATE]).astype(np.float32), (0.1 * other[5 * RATE :]).astype(np.float32)) is None


def test_sound_that_is_too_short_or_empty_tells_nothing() -> None:
    sound = heard(babble(20, 7), 0, 20, 1)
    for other in (sound[: 2 * RATE], sound[:100], sound[:0], np.zeros(20 * RATE, np.float32)):
        assert align(sound, other) is None


def test_a_bang_in_two_scenes_is_no_common_sound() -> None:
    bang = np.exp(-np.arange(RATE // 10) / 300) * np.random.default_rng(9).normal(0, 1, RATE // 10)
    one, other = heard(babble(30, 5), 0, 30, 1), heard(babble(30, 6), 0, 30, 2)
    one[9 * RATE : 9 * RATE + len(bang)] += bang.astype(np.float32)
    other[17 * RATE : 17 * RATE + len(bang)] += bang.astype(np.float32)
    assert align(one, other) is None


@pytest.mark.parametrize("count", [40, 300, 2000])
def test_envelopes_in_blocks_are_alike_as_those_of_the_whole(count: int) -> None:
    chance = np.random.default_rng(count)
    whole, cut = (chance.normal(0, 1, (length, 2)).astype(np.float32) for length in (1500, count))
    longest = max(count, 60)
    found = _Blocks(whole, longest).alike(cut)
    plain = sum(np.correlate(np.pad(whole[:, band], longest - 1), cut[:, band], "valid") for band in range(2))
    assert found == pytest.approx(np.asarray(plain)[: len(found)], abs=1e-3)
    assert len(found) == len(whole) + longest - 1
