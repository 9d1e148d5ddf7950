"""A still out of a clip: the picture of that time, with its credit line, and a clear refusal past the end."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from bodyworn.domain.errors import InputError
from bodyworn.media.still import still_jpeg
from tests.media_makers import pictures, rotated, without_sound


def test_the_still_is_the_picture_of_that_time(tmp_path: Path) -> None:
    data = still_jpeg(without_sound(tmp_path / "clip.mp4", seconds=2.0), 1000, "Pine County Sheriff")
    got = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    made = [picture[:, :, 0].astype(int) for picture in pictures(60)]
    assert got is not None
    nearest = min(range(60), key=lambda index: int(np.abs(got.astype(int) - made[index]).mean()))
    assert nearest == 30
    assert b"Pine County Sheriff" in data[:60]


def test_a_rotated_clip_gives_an_upright_still(tmp_path: Path) -> None:
    data = still_jpeg(rotated(tmp_path / "clip.mp4", 90), 0, "x")
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape[:2] == (160, 96)


def test_past_the_end_is_refused_with_the_last_time(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"up to 1\.96"):
        still_jpeg(without_sound(tmp_path / "clip.mp4", seconds=2.0), 60_000, "x")
