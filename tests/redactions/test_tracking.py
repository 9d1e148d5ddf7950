"""Following: forwards, backwards, over gaps and shakes; a lost track grows its mask and asks for a look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
import pytest

from bodyworn.domain.redaction import BoxSource
from bodyworn.domain.track import Box
from bodyworn.redactions.motion import CameraMotion
from bodyworn.redactions.one_pass import OnePass
from bodyworn.redactions.tracking import Hidden
from tests.redactions.pictures import HEIGHT, WIDTH, Squares, ground, planes, scene

Place = tuple[float, float] | None


def hidden(
    places: Sequence[Sequence[Place]],
    shifts: Sequence[tuple[int, int]] | None = None,
    blind: Collection[int] = (),
    times_us: Sequence[int] | None = None,
) -> tuple[list[list[Hidden]], OnePass]:
    """What is hidden in each frame of a scene; the detector sees nothing in the frames ``blind``."""
    one = OnePass([Squares()])
    out: list[list[Hidden]] = []
    times_us = times_us or [at(n) for n in range(len(places))]
    for n, squares in enumerate(places):
        one.see(times_us[n], scene(squares, shifts[n] if shifts else (0, 0), blind=n in blind))
        while one.settled():
            out.append([item for _, item in one.hide(times_us[len(out)])])
    out += [[item for _, item in one.hide(times_us[n])] for n in range(len(out), len(places))]
    return out, one


def at(n: int) -> int:
    """When frame ``n`` is shown, 30 a second, in microseconds."""
    return n * 1_000_000 // 30


def covers(items: Sequence[Hidden], place: Place, size: int = 20) -> bool:
    """Whether one box holds all of the square that lies in the picture."""
    if place is None:
        return True
    x0, y0 = max(0, place[0] - size / 2), max(0, place[1] - size / 2)
    x1, y1 = min(WIDTH, place[0] + size / 2), min(HEIGHT, place[1] + size / 2)

    def holds(box: Box) -> bool:
        return box.x <= x0 + 1 and box.y <= y0 + 1 and box.x + box.w >= x1 - 1 and box.y + box.h >= y1 - 1

    return any(holds(item.box) for item in items)


def moving(frames: int) -> list[tuple[float, float]]:
    return [(60 + 1.5 * n, 100 + 20 * np.sin(n / 9)) for n in range(frames)]


def test_a_moving_thing_is_hidden_in_every_frame_by_one_track() -> None:
    path = moving(100)
    found, _ = hidden([[p] for p in path])
    assert all(covers(items, place) for items, place in zip(found, path, strict=True))
    assert {item.track for items in found for item in items} == {"face-1"}


def test_it_is_hidden_while_the_camera_shakes() -> None:
    random = np.random.default_rng(3)
    shifts = [(int(x), int(y)) for x, y in random.integers(-24, 25, (100, 2))]
    path = [(120.0 + sx, 90.0 + sy) for sx, sy in shifts]
    found, _ = hidden([[p] for p in path], shifts)
    assert all(covers(items, place) for items, place in zip(found, path, strict=True))


def test_it_is_hidden_before_it_was_first_found() -> None:
    path = moving(90)
    found, _ = hidden([[p] for p in path], blind=range(0, 25, 3))
    assert all(covers(items, place) for items, place in zip(found, path, strict=True))


def test_a_gap_in_the_middle_is_filled_and_says_so() -> None:
    path = moving(120)
    found, _ = hidden([[p] for p in path], blind=range(40, 70))
    assert all(covers(items, place) for items, place in zip(found, path, strict=True))
    assert {item.box.source for items in found for item in items} >= {BoxSource.DETECTED, BoxSource.TRACKED}


def test_a_lost_thing_lingers_grows_and_is_listed_for_a_look() -> None:
    places: list[list[Place]] = [[(150.0, 90.0)] if n < 40 else [None] for n in range(160)]
    found, one = hidden(places)
    after = [items[0].box for items in found[40:] if items]
    assert 15 <= len(after) <= 30
    assert after[-1].w > after[0].w
    assert after[-1].source is BoxSource.GROWN
    assert [look.track for tracker in one.trackers for look in tracker.needs_review] == ["face-1"]
    assert not any(found[100:])


def test_what_leaves_the_picture_is_not_hidden_for_long() -> None:
    places: list[list[Place]] = [[(300.0 + 3 * n, 90.0)] for n in range(60)]
    found, _ = hidden(places)
    assert covers(found[8], (324.0, 90.0))
    assert not any(found[40:])


def test_a_cut_ends_all_tracks_at_once_and_the_next_scene_is_searched_at_once() -> None:
    one = OnePass([Squares()])
    bright = 255 - ground(7)[:HEIGHT, :WIDTH]
    other = planes(np.where(bright > 200, 200, bright))
    for n in range(60):
        one.see(at(n), scene([(100.0, 90.0)]) if n < 25 else other)
    found = [[item for _, item in one.hide(at(n))] for n in range(60)]
    assert all(found[:25])
    assert not any(found[25:])


def test_two_things_keep_two_tracks() -> None:
    paths = [[(60.0 + n, 60.0), (260.0 - n, 130.0)] for n in range(100)]
    found, _ = hidden(paths)
    assert all(covers(items, place) for items, places in zip(found, paths, strict=True) for place in places)
    assert {item.track for items in found for item in items} == {"face-1", "face-2"}


def test_the_same_pictures_give_the_same_boxes() -> None:
    path = [[p] for p in moving(60)]
    assert hidden(path)[0] == hidden(path)[0]


def test_frames_must_be_asked_for_in_order() -> None:
    one = OnePass([Squares()])
    one.see(0, scene([]))
    with pytest.raises(ValueError, match="not next"):
        list(one.hide(1))


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (12, -6), (-30, 20), (3, 15)])
def test_the_shift_of_the_camera_is_found(dx: int, dy: int) -> None:
    motion = CameraMotion()
    motion.push(scene([]))
    shift = motion.push(scene([], (dx, dy)))
    assert (shift.dx, shift.dy) == pytest.approx((dx, dy), abs=1.5)
    assert not shift.cut


@pytest.mark.parametrize("change", [lambda y: y[:, ::-1], lambda y: 255 - y])
def test_another_scene_is_a_cut(change: Callable[[np.ndarray], np.ndarray]) -> None:
    motion = CameraMotion()
    motion.push(scene([]))
    assert motion.push(planes(change(scene([]).y))).cut


def test_two_detectors_of_one_class_give_their_tracks_different_names() -> None:
    one = OnePass([Squares(), Squares()])
    for n, place in enumerate(moving(60)):
        one.see(at(n), scene([place], (0, 0)))
    assert {item.track for _, item in one.hide(0)} == {"face-1", "face-2"}


@pytest.mark.parametrize("pause_s", [0, 1, 30, 3600])
def test_a_pause_of_the_recording_changes_nothing_about_what_is_hidden(pause_s: int) -> None:
    path = moving(100)
    times_us = [at(n) + (pause_s * 1_000_000 if n >= 60 else 0) for n in range(100)]
    blind = [*range(45, 70), 97, 98, 99]
    found, _ = hidden([[p] for p in path], blind=blind, times_us=times_us)
    assert all(covers(items, place) for items, place in zip(found, path, strict=True))
    assert {item.track for items in found for item in items} == {"face-1"}


@pytest.mark.parametrize("rate", [1, 5, 15, 60])
def test_at_any_rate_what_is_lost_is_hidden_for_two_frames_and_most_of_a_second(rate: int) -> None:
    count = 6 * rate + 20
    places: list[list[Place]] = [[(150.0, 90.0)] if n < 4 * rate + 4 else [None] for n in range(count)]
    times_us = [n * 1_000_000 // rate for n in range(count)]
    found, _ = hidden(places, times_us=times_us)
    after = sum(bool(items) for items in found[4 * rate + 4 :])
    assert max(2, round(0.8 * rate)) - 0.06 * rate <= after <= max(2, round(0.8 * rate))
