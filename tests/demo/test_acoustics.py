from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bodyworn.demo import acoustics
from bodyworn.demo.voices import RATE

Sound = NDArray[np.float32]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def share(sound: Sound, low: float, high: float) -> float:
    """Share of the energy between two frequencies."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return float(power[(hz >= low) & (hz < high)].sum() / power.sum())


def test_level_sets_the_loud_half(rng: np.random.Generator) -> None:
    tone = np.concatenate([np.zeros(RATE), rng.standard_normal(RATE)]).astype(np.float32)
    assert 20 * np.log10(np.sqrt((acoustics.level(tone, -20)[RATE:] ** 2).mean())) == pytest.approx(-20, abs=0.2)


def test_shape_passes_only_the_band(rng: np.random.Generator) -> None:
    noise = rng.standard_normal(RATE).astype(np.float32)
    assert share(noise, 400, 1250) < 0.1
    assert share(acoustics.shape(noise, 500, 1000), 400, 1250) > 0.9


def test_convolution_is_the_sum_of_echoes() -> None:
    out = acoustics.convolve(np.array([1, 2], np.float32), np.array([1, 0, 0.5], np.float32))
    assert out == pytest.approx(np.array([1, 2, 0.5, 1.0]), abs=1e-5)


def test_a_room_decays_by_60_db_in_its_time(rng: np.random.Generator) -> None:
    room = acoustics.room_response(rng, 0.3, 0.5)
    assert room[0] == 1
    assert (room[1:] ** 2).sum() == pytest.approx(0.5, rel=1e-3)
    early, late = (room[int(a * RATE) : int(b * RATE)] for a, b in ((0.02, 0.05), (0.25, 0.28)))
    drop = 10 * np.log10((early**2).mean() / (late**2).mean())
    assert drop == pytest.approx(60 * 0.23 / 0.3, abs=4)


def test_a_radio_voice_is_narrow_and_ends_in_a_squelch(rng: np.random.Generator) -> None:
    voice = np.repeat(rng.standard_normal(RATE // 4), 4).astype(np.float32)
    heard = acoustics.radio(voice, rng)
    assert share(heard, 250, 3600) > 0.97
    tail = heard[len(voice) + RATE * 7 // 100 : len(voice) + RATE * 18 // 100]
    assert np.abs(tail).max() > 0.01


def test_the_road_is_quiet_and_cars_pass(rng: np.random.Generator) -> None:
    road = acoustics.road(rng, 60)
    loud = 10 * np.log10((road.reshape(60, -1) ** 2).mean(1))
    assert len(road) == 60 * RATE
    assert loud.max() < -35
    assert loud.max() - loud.min() > 5
