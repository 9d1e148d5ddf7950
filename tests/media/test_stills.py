"""Thumbnails and poster of the one pass."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np

from bodyworn.domain.media_facts import ThumbnailSheet
from bodyworn.media.stills import MOST_THUMBNAILS, Poster, Thumbnails, legibility
from bodyworn.media.video import Picture, watch
from tests.picture_makers import cloth, film, street


def test_the_sheet_shows_each_step_in_its_place(tmp_path: Path) -> None:
    shades = [20, 80, 140, 200, 250]
    pictures = [np.full((180, 320, 3), shades[k // 20], np.uint8) for k in range(100)]
    thumbnails = Thumbnails(10_000)
    watch(film(tmp_path / "a.mp4", pictures), [thumbnails])
    facts = thumbnails.save(tmp_path / "t.jpg")
    assert facts == ThumbnailSheet(step_ms=2000, columns=5, width=160, height=90, count=5)
    sheet = np.asarray(cv2.imread(str(tmp_path / "t.jpg")))
    assert sheet.shape == (90, 800, 3)
    for place, shade in enumerate(shades):
        assert abs(int(sheet[45, 160 * place + 80, 0]) - shade) < 6


def test_colors_are_not_swapped(tmp_path: Path) -> None:
    red = np.zeros((180, 320, 3), np.uint8)
    red[:, :, 0] = 220
    poster = Poster()
    watch(film(tmp_path / "a.mp4", [red] * 5), [poster])
    poster.save(tmp_path / "p.jpg")
    blue, _, redness = np.asarray(cv2.imread(str(tmp_path / "p.jpg")))[90, 160]
    assert redness > 190
    assert blue < 40


def test_memory_is_bounded_when_the_length_was_wrong() -> None:
    thumbnails = Thumbnails(0)
    small = np.zeros((90, 160, 3), np.uint8)
    frame = av.VideoFrame(160, 90, "rgb24")
    for index in range(1_500):
        thumbnails.see(Picture(index, index * 2_000, small, frame))
    assert len(thumbnails.pictures) <= 2 * MOST_THUMBNAILS
    assert thumbnails.step_ms * len(thumbnails.pictures) >= 3_000_000


def test_the_poster_is_the_picture_with_most_to_see(tmp_path: Path) -> None:
    pictures = [cloth()] * 45 + list(street(20)) + [cloth()] * 40
    poster = Poster()
    watch(film(tmp_path / "a.mp4", pictures), [poster])
    assert poster.pixels is not None
    assert legibility(poster.pixels) > 4 * legibility(cloth())
