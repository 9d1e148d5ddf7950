"""Many faces: the whole picture is searched at each look; what is missed is followed by its likeness."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import cv2
import numpy as np

from bodyworn.media.planes import Planes
from bodyworn.redactions.crowds import Surveyor
from bodyworn.redactions.detectors.faces_centerface import FaceDetector
from bodyworn.redactions.one_pass import OnePass
from bodyworn.redactions.tracking import Hidden
from tests.redactions.pictures import HEIGHT, WIDTH, Crowded, Squares, ground, planes

Place = tuple[float, float]
SIZE = 20
#: Three that stand at the start, and one that comes later.
THREE: tuple[Place, ...] = ((60, 60), (160, 60), (260, 60))


def head(seed: int) -> np.ndarray:
    """A square of its own pattern that :class:`Squares` finds: white with a few gray spots."""
    spots = np.random.default_rng(seed).uniform(0, 1, (5, 5)) > 0.8
    return np.where(cv2.resize(spots.astype(np.uint8), (SIZE, SIZE), interpolation=cv2.INTER_NEAREST) > 0, 232, 255)


def picture(places: Sequence[Place | None], unseen: Collection[int] = ()) -> Planes:
    """The ground with a head at each of ``places``; those ``unseen`` are too gray for the detector."""
    shown = ground()[:HEIGHT, :WIDTH].copy()
    for number, place in enumerate(places):
        if place is not None:
            left, top = round(place[0] - SIZE / 2), round(place[1] - SIZE / 2)
            shown[top : top + SIZE, left : left + SIZE] = head(number) - (40 if number in unseen else 0)
    shown[0, 0] = 60
    return planes(shown)


def hidden(pictures: Sequence[Planes], detector: Squares) -> tuple[list[list[Hidden]], OnePass]:
    """What is hidden in each of ``pictures``, 30 a second."""
    one = OnePass([detector])
    times_us = [n * 1_000_000 // 30 for n in range(len(pictures))]
    out: list[list[Hidden]] = []
    for at_us, shown in zip(times_us, pictures, strict=True):
        one.see(at_us, shown)
        while one.settled():
            out.append([item for _, item in one.hide(times_us[len(out)])])
    out += [[item for _, item in one.hide(at_us)] for at_us in times_us[len(out) :]]
    return out, one


def covers(items: Sequence[Hidden], place: Place) -> bool:
    x, y = place
    half = SIZE / 2 - 1
    return any(
        b.x <= x - half and b.y <= y - half and b.x + b.w >= x + half and b.y + b.h >= y + half
        for b in (item.box for item in items)
    )


def test_the_face_detector_searches_the_whole_picture_in_crowds() -> None:
    assert isinstance(FaceDetector(), Surveyor)
    assert not isinstance(Squares(), Surveyor)


def test_few_things_are_looked_at_closely_and_many_by_a_search() -> None:
    few, many = Crowded(), Crowded()
    hidden([picture(THREE[:1])] * 30, few)
    hidden([picture(THREE)] * 30, many)
    assert few.surveys == 0
    assert many.surveys >= 5


def test_every_face_of_a_crowd_that_walks_is_hidden_in_every_frame() -> None:
    paths = [[(x + 0.8 * n, y + 0.5 * n) for x, y in ((40, 50), (120, 60), (200, 50))] for n in range(90)]
    found, _ = hidden([picture(places) for places in paths], Crowded())
    assert all(covers(items, place) for items, places in zip(found, paths, strict=True) for place in places)
    assert len({item.track for items in found for item in items}) == 3


def test_one_that_no_search_sees_is_followed_by_its_likeness() -> None:
    paths = [[*THREE[:2], (200 + 0.6 * n, 100 + 0.4 * n)] for n in range(60)]
    pictures = [picture(places, unseen={2} if n > 5 else ()) for n, places in enumerate(paths)]
    found, _ = hidden(pictures, Crowded())
    assert all(covers(items, places[2]) for items, places in zip(found, paths, strict=True))


def test_what_is_only_doubted_hides_nothing_until_it_is_seen_surely_or_often() -> None:
    late: Place = (160, 140)
    never = Crowded(doubt=0.2)
    never.every_ms = 10_000
    pictures = [picture([*THREE, late if n in (20, 21, 22, 23) else None]) for n in range(60)]
    found, _ = hidden(pictures, never)
    assert not any(covers(items, late) for items in found)
    often = Crowded(doubt=0.2)
    often.every_ms = 10_000
    pictures = [picture([*THREE, late if n >= 20 else None]) for n in range(60)]
    found, _ = hidden(pictures, often)
    assert all(covers(items, late) for items in found[20:])


def test_one_that_comes_late_is_hidden_from_its_first_frame() -> None:
    late: Place = (160, 140)
    pictures = [picture([*THREE, late if n >= 20 else None], unseen={3} if n < 32 else ()) for n in range(70)]
    found, _ = hidden(pictures, Crowded())
    assert all(covers(items, late) for items in found[21:])
