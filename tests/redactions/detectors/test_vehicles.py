"""The safe mode: lower parts of vehicles, on a drawn car and on the real street."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.footage import Clip, Footage
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors import detectors_for
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.memory import Memory
from bodyworn.redactions.detectors.plates_heatmap import PlateDetector
from bodyworn.redactions.detectors.vehicles_network import SIDE, vehicles
from bodyworn.redactions.detectors.vehicles_search import tiles
from bodyworn.redactions.detectors.vehicles_ssd import VehicleDetector, plates_of
from tests.redactions.detectors.drawn import ground, planes

#: Readable plates of the first picture, boxed by eye: x0, y0, x1, y1.
PLATES = ((163, 852, 207, 886), (468, 740, 496, 760), (1993, 1071, 2062, 1151))


@pytest.fixture(scope="module")
def street(shared_media: Path) -> Planes:
    with Footage(shared_media / "video" / "ego_street_plates.mp4") as footage:
        shot = next(footage.frames(Clip()))
        return Planes(shot.planes.y.copy(), shot.planes.u.copy(), shot.planes.v.copy(), shot.planes.full_range)


def hidden(found: list[Found], box: tuple[int, int, int, int]) -> bool:
    x0, y0, x1, y1 = box
    return any(f.x <= x0 and f.y <= y0 and x1 <= f.x + f.w and y1 <= f.y + f.h for f in found)


def test_the_lower_parts_of_cars_hold_their_plates(street: Planes) -> None:
    found = VehicleDetector().find(street)
    assert all(f.cls is HiddenClass.VEHICLE for f in found)
    assert all(hidden(found, box) for box in PLATES)
    covered = np.zeros((street.height, street.width), bool)
    for f in found:
        covered[max(0, int(f.y)) : int(f.y + f.h), max(0, int(f.x)) : int(f.x + f.w)] = True
    assert covered.mean() < 0.25
    assert not covered[: street.height // 4].any()  # the sky


def test_a_vehicle_is_found_again_where_it_moved(street: Planes) -> None:
    detector = VehicleDetector()
    best = max(detector.find(street), key=lambda f: f.score)
    moved = Planes(np.roll(street.y, 12, 1), np.roll(street.u, 6, 1), np.roll(street.v, 6, 1), street.full_range)
    (again,) = detector.confirm(moved, [best])
    assert again is not None
    assert again.x == pytest.approx(best.x + 12, abs=6)


def test_on_a_vehicle_less_is_needed_to_believe_a_plate(street: Planes) -> None:
    on_vehicles = PlateDetector(threshold=0.99, on_vehicle=0.2).find(street)
    alone = PlateDetector(threshold=0.99, on_vehicle=0.99).find(street)
    assert len(on_vehicles) > len(alone)


def test_where_a_plate_is_sure_its_place_is_enough(street: Planes) -> None:
    whole = sum(f.w * f.h for f in VehicleDetector(sure=2.0).find(street))
    assert sum(f.w * f.h for f in VehicleDetector(sure=0.5).find(street)) < whole


def test_a_plate_is_that_of_the_vehicle_it_is_low_and_large_on() -> None:
    car = np.array([[100, 100, 200, 160, 0.9]], float)
    plates = [[180, 200, 40, 20], [180, 110, 40, 20], [180, 200, 6, 3], [320, 200, 40, 20]]
    scored = np.array([[*plate, 0.9] for plate in plates], float)
    assert plates_of(scored, car)[:, 0].tolist() == [True, False, False, False]


def test_an_empty_place_has_no_vehicles() -> None:
    assert VehicleDetector().find(planes(ground(1280, 720))) == []
    assert len(vehicles(np.full((SIDE, SIDE, 3), 128, np.uint8), 0.3)) == 0


@pytest.mark.parametrize(
    ("width", "height"), [(176, 144), (768, 432), (1280, 720), (1920, 1080), (2560, 1920), (720, 1280)]
)
def test_tiles_cover_the_picture(width: int, height: int) -> None:
    seen = np.zeros((height, width), int)
    some = list(tiles(width, height))
    for x, y, w, h in some:
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
        seen[y : y + h, x : x + w] += 1
    assert seen.min() >= 2
    assert len(some) <= 40


def test_what_the_network_no_longer_sees_is_forgotten(street: Planes) -> None:
    memory, thing = Memory(turns=2), Found(HiddenClass.VEHICLE, 100, 850, 200, 100, 0.9)
    memory.remember(street, [thing])
    memory.remember(street, [])
    assert memory.again(street, thing) is not None
    memory.remember(street, [])
    assert memory.again(street, thing) is None


def test_the_class_has_its_detector() -> None:
    (detector,) = detectors_for([HiddenClass.VEHICLE])
    assert detector.model == "vehicles"


def test_night_and_a_small_picture_do_not_raise(street: Planes) -> None:
    small = cv2.resize(street.y, (176, 144))
    half = (72, 88)
    dark = Planes((small // 8).astype(np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8))
    assert isinstance(VehicleDetector().find(dark), list)
