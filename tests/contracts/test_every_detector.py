"""What every detector promises: the same answer every time, boxes in the picture, of its classes, no network."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Protocol

import cv2
import numpy as np
import pytest

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.models.registry import MODELS
from bodyworn.redactions import detectors
from bodyworn.redactions.detectors.faces_centerface import FaceDetector
from bodyworn.redactions.detectors.faces_yunet import SecondFaceDetector
from bodyworn.redactions.detectors.interface import Found, added_by
from bodyworn.redactions.detectors.plates_heatmap import PlateDetector
from bodyworn.redactions.detectors.text_ppocr import TextDetector
from bodyworn.redactions.detectors.text_second import SecondTextDetector
from bodyworn.redactions.detectors.vehicles_ssd import VehicleDetector
from tests.journeys.no_network import sitecustomize as outside


class Finder(Protocol):
    """What detectors and the second opinions have in common."""

    name: str
    version: str
    model: str

    @property
    def classes(self) -> tuple[HiddenClass, ...]: ...

    def find(self, picture: Planes) -> list[Found]: ...


TEXTS = (HiddenClass.TEXT, HiddenClass.SCREEN)
FIRST = (FaceDetector, PlateDetector, lambda: TextDetector(TEXTS), VehicleDetector)
MAKERS: tuple[Callable[[], Finder], ...] = (*FIRST, SecondFaceDetector, SecondTextDetector)
NAMES = [make().name for make in MAKERS]
every_detector = pytest.mark.parametrize("make", MAKERS, ids=NAMES)
SIZES = [(2, 2), (2, 120), (120, 2), (3, 5), (33, 17), (101, 203), (640, 360)]


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    outside.refusing = True
    yield
    outside.refusing = False


def planes(bgr: np.ndarray) -> Planes:
    """A picture of any size, odd ones too, as a decoder gives it."""
    high, wide = bgr.shape[:2]
    even = cv2.copyMakeBorder(bgr, 0, high % 2, 0, wide % 2, cv2.BORDER_REPLICATE)
    rows = even.shape[0]
    coded = np.asarray(cv2.cvtColor(even, cv2.COLOR_BGR2YUV_I420), np.uint8)
    u, v = coded[rows:].reshape(2, rows // 2, even.shape[1] // 2)
    return Planes(coded[:high, :wide].copy(), u.copy(), v.copy())


def busy(wide: int, high: int, seed: int = 5) -> Planes:
    """Boxes, ellipses and lettering in all colors, sharp: something for everyone."""
    rng = np.random.default_rng(seed)
    picture = np.full((high, wide, 3), 110, np.uint8)
    for _ in range(40):
        x, y = int(rng.integers(0, wide)), int(rng.integers(0, high))
        color = tuple(int(c) for c in rng.integers(0, 255, 3))
        cv2.rectangle(picture, (x, y), (x + wide // 8, y + high // 10), color, -1)
        cv2.ellipse(picture, (y % max(1, wide), x % max(1, high)), (9, 13), 0, 0, 360, color, -1)
    for row in range(3):
        at = (int(rng.integers(-20, max(1, wide - 80))), 30 + row * 90)
        cv2.putText(picture, "MAIN ST 7ABC123", at, cv2.FONT_HERSHEY_SIMPLEX, 1.0, (250, 250, 250), 2)
    return planes(picture)


def test_every_detector_of_the_package_is_tried_here() -> None:
    found = set()
    for module in pkgutil.iter_modules(detectors.__path__, f"{detectors.__name__}."):
        for item in vars(importlib.import_module(module.name)).values():
            if isinstance(item, type) and isinstance(getattr(item, "name", None), str) and hasattr(item, "find"):
                found.add(item)
    assert found == {type(make()) for make in MAKERS}


@every_detector
def test_it_says_what_it_is(make: Callable[[], Finder]) -> None:
    detector = make()
    assert re.fullmatch(r"[a-z0-9-]+", detector.name)
    assert detector.model in MODELS
    assert detector.classes
    if type(detector) not in (SecondFaceDetector, SecondTextDetector):
        named = added_by(detector)  # type: ignore[arg-type]
        assert named == f"{detector.name}@{detector.version} (model {MODELS[detector.model].sha256[:12]})"


def test_names_are_distinct() -> None:
    assert len(set(NAMES)) == len(NAMES)


@every_detector
def test_the_same_picture_gives_the_same_answer(make: Callable[[], Finder]) -> None:
    picture = busy(640, 360)
    first, second = make().find(picture), make().find(picture)
    assert first == second
    before = (picture.y.copy(), picture.u.copy(), picture.v.copy())
    make().find(picture)
    assert all(np.array_equal(a, b) for a, b in zip(before, (picture.y, picture.u, picture.v), strict=True))


@every_detector
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_any_size_is_taken_and_boxes_lie_in_the_picture(make: Callable[[], Finder], size: tuple[int, int]) -> None:
    wide, high = size
    for seed in (5, 6):
        for found in make().find(busy(wide, high, seed)):
            assert found.cls in make().classes
            assert 0 <= found.score <= 1
            assert found.w > 0
            assert found.h > 0
            assert np.isfinite([found.x, found.y, found.w, found.h]).all()
            x, y = found.center
            assert -1 <= x <= wide + 1, found
            assert -1 <= y <= high + 1, found
            assert found.w <= 2 * wide, found
            assert found.h <= 2 * high, found


@every_detector
@pytest.mark.parametrize("level", [0, 128, 255])
def test_where_there_is_nothing_it_finds_nothing_or_little(make: Callable[[], Finder], level: int) -> None:
    found = make().find(planes(np.full((360, 640, 3), level, np.uint8)))
    assert len(found) <= 1


@pytest.mark.parametrize("make", FIRST, ids=NAMES[: len(FIRST)])
def test_a_closer_look_answers_for_each_expected_thing(make: Callable[[], FaceDetector]) -> None:
    picture, cls = busy(640, 360), make().classes[0]
    expected = [Found(cls, x, y, w, h, 0.9) for x, y, w, h in ((20, 30, 40, 20), (-15, -9, 30, 18), (630, 350, 60, 30))]
    first, second = (detector.confirm(picture, expected) for detector in (make(), make()))
    assert first == second
    assert len(first) == len(expected)
    assert all(answer is None or answer.cls == cls for answer in first)
    assert make().confirm(picture, []) == []
    assert all(found.cls in make().classes for found in make().glance(picture))
