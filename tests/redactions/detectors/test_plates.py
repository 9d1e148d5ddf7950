"""The plate network: found by day and night, told from blank and from text, looked at again, evened luma, boxes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from bodyworn.domain.redaction import HiddenClass
from bodyworn.models.registry import locate
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.plates_heatmap import PlateDetector
from bodyworn.redactions.detectors.plates_network import UNIT, boxes_of, evened, planes_in
from bodyworn.redactions.detectors.shared_search import SharedSearch
from bodyworn.redactions.detectors.suppression import unique
from tests.redactions.detectors.drawn import ground, planes


def with_plate(at: tuple[int, int], high: int, number: str = "7KR 4821", seed: int = 3) -> np.ndarray:
    """The ground with a light plate, twice as wide as ``high``, on a dark tailgate; ``at`` is its top left corner."""
    plate: Any = np.full((160, 320, 3), 225, np.uint8)
    plate = cv2.putText(plate, number, (14, 118), (60, 30, 20), cv2.FontFace("sans"), 84, 700)[1]
    plate = cv2.putText(plate, "LAKE", (120, 34), (120, 40, 30), cv2.FontFace("sans"), 28, 500)[1]
    picture, (x, y) = ground(seed=seed), at
    picture[y - 2 * high : y + 2 * high, x - 2 * high : x + 4 * high] //= 3
    picture[y : y + high, x : x + 2 * high] = cv2.resize(plate, (2 * high, high), interpolation=cv2.INTER_AREA)
    return picture


def on(found: list[Found], at: tuple[int, int], high: int) -> list[Found]:
    """Those whose middle is in the plate."""
    x, y = at
    return [f for f in found if x < f.center[0] < x + 2 * high and y < f.center[1] < y + high]


@pytest.mark.parametrize("high", [12, 20, 48])
@pytest.mark.parametrize("light", [1.0, 0.25])
def test_a_plate_is_found_at_its_size(high: int, light: float) -> None:
    at = (300, 200)
    picture = (with_plate(at, high) * light).astype(np.uint8)
    found = on(PlateDetector().find(planes(picture)), at, high)
    assert found
    whole = max(found, key=lambda f: f.w)  # the letters of a large one may be taken for small plates besides
    assert whole.cls is HiddenClass.PLATE
    assert whole.w == pytest.approx(2 * high, rel=0.45)
    assert whole.h == pytest.approx(high, rel=0.45)


def test_a_soft_ground_has_no_plates() -> None:
    assert PlateDetector().find(planes(ground())) == []


def test_a_known_plate_is_looked_at_again() -> None:
    detector = PlateDetector()
    expected = Found(HiddenClass.PLATE, 296, 203, 48, 22, 0.8)
    away = Found(HiddenClass.PLATE, 60, 60, 40, 20, 0.8)
    seen, nothing = detector.confirm(planes(with_plate((300, 200), 24)), [expected, away])
    assert seen is not None
    assert seen.center == pytest.approx((324, 212), abs=6)
    assert nothing is None
    assert detector.confirm(planes(ground()), []) == []


def test_evened_luma_is_the_same_by_day_and_by_night() -> None:
    gray = np.asarray(cv2.cvtColor(with_plate((300, 200), 24), cv2.COLOR_BGR2GRAY), np.uint8)
    day, night = evened(gray), evened((gray * 0.5).astype(np.uint8))
    assert abs(float(day.mean())) < 0.2
    assert float(np.corrcoef(day.ravel(), night.ravel())[0, 1]) > 0.97


def test_boxes_follow_from_the_answer() -> None:
    answer = np.full((5, 20, 30), -9, np.float32)
    answer[:, 10, 12] = (3.0, np.log(40 / UNIT), np.log(20 / UNIT), 2 / UNIT, -1 / UNIT)
    box = boxes_of(answer, 0.5)
    assert box.shape == (1, 5)
    assert box[0, :4] == pytest.approx([50 + 2 - 20, 42 - 1 - 10, 40, 20], abs=1e-3)
    assert box[0, 4] == pytest.approx(0.9526, abs=1e-3)
    assert boxes_of(answer, 0.97).size == 0


def test_doubles_and_parts_of_a_plate_go() -> None:
    boxes = np.array([[10, 10, 40, 20, 0.6], [12, 11, 40, 20, 0.9], [20, 14, 8, 8, 0.5], [90, 10, 40, 20, 0.4]], float)
    assert unique(boxes)[:, 4].tolist() == [0.9, 0.4]


def test_the_network_is_small_and_pinned() -> None:
    path = locate("plates")
    assert isinstance(path, Path)
    assert path.stat().st_size < 1_500_000


def test_a_followed_plate_does_not_grow_over_the_picture() -> None:
    detector = PlateDetector()
    picture = planes(with_plate((300, 200), 24))
    seen = [Found(HiddenClass.PLATE, 296, 203, 48, 22, 0.8)]
    for _ in range(12):
        answer = detector.confirm(picture, seen)[0]
        assert answer is not None
        seen = [answer]
    assert seen[0].w < 80
    assert seen[0].h < 45


def test_what_fills_the_picture_is_no_plate() -> None:
    picture = with_plate((40, 60), 260)
    assert all(found.h < 0.4 * picture.shape[0] for found in PlateDetector(threshold=0.12).find(planes(picture)))


def test_plain_luma_evened_luma_and_chroma_go_in() -> None:
    picture = planes(ground(64, 32))
    luma, chroma = planes_in(picture.y, picture.u, picture.v)
    assert luma.shape == (2, 32, 64)
    assert chroma.shape == (2, 16, 32)
    assert luma[1] == pytest.approx((picture.y.astype(float) - 128) / 64)
    assert not chroma.any()


def test_one_picture_is_searched_once_for_all() -> None:
    search, first, second = SharedSearch(), planes(with_plate((300, 200), 24)), planes(ground())
    found = search.plates(first)
    assert search.plates(first) is found
    assert search.plates(second) is not found
    assert search.plates(first) is not found
