from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Any

import numpy as np
import pytest

from bodyworn.demo import pictures
from bodyworn.demo.camera import HEIGHT, WIDTH, distance, speed
from bodyworn.demo.pictures import ScenePlan
from bodyworn.demo.script import CLOSING_MS, STOPPED_MS

PLAN = ScenePlan(
    out_of_car_ms=40_000, at_window_ms=48_000, steps_out_ms=60_000, cover_ms=66_000, duration_ms=80_000,
    started_at=datetime(2026, 3, 15, tzinfo=UTC), mouth=lambda ms: 0.0, crying=lambda ms: False,
)  # fmt: skip


@pytest.fixture(scope="module")
def artist() -> Any:
    return pictures._Artist(PLAN)


def scene(artist: Any, ms: int) -> Any:
    """The picture without the printed time."""
    return artist._scene(ms).astype(int)


def test_the_lens_is_covered_from_the_end_of_the_closing_on(artist: Any) -> None:
    before = scene(artist, PLAN.cover_ms - 100)
    covered = [scene(artist, ms) for ms in (PLAN.cover_ms + CLOSING_MS, 70_000, 79_900)]
    assert before.mean() > 40
    for picture in covered:
        assert picture.mean() < 25
        assert picture.max() < 60
    assert np.abs(covered[1] - covered[2]).mean() > 0.3, "cloth moves with the breath"


def test_every_part_is_a_full_picture(artist: Any) -> None:
    for ms in (1_000, 30_000, 44_000, 47_500, 55_000, 61_000, 64_000, 66_300):
        picture = artist.draw(ms)
        assert picture.shape == (HEIGHT, WIDTH, 3)
        assert picture.std() > 10


def test_the_car_stops_and_stays() -> None:
    assert speed(0) == 1
    assert speed(STOPPED_MS) == 0
    assert distance(5_000) < distance(10_000) < distance(STOPPED_MS)
    assert distance(STOPPED_MS + 500) == pytest.approx(distance(STOPPED_MS), abs=1e-6)


def test_light_changes_less_than_three_times_a_second(artist: Any) -> None:
    """WCAG 2.2, 2.3.1: a large change of light and back is a flash; more than three a second are a danger."""
    bright = np.array([scene(artist, ms)[200:, 300:900].mean() for ms in range(24_000, 27_000, 40)])
    smooth = bright - bright.mean()
    swings = np.flatnonzero(np.diff(np.sign(np.diff(np.convolve(smooth, np.ones(3) / 3, "valid")))) != 0)
    assert len(swings) / 2 / 3 <= 3
    assert np.ptp(bright) < 0.1 * 255


def test_frames_are_planes_of_the_promised_size() -> None:
    first = list(islice(pictures.frames(PLAN), 2))
    again = list(islice(pictures.frames(PLAN), 2))
    assert first[0].shape == (HEIGHT * 3 // 2, WIDTH)
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
