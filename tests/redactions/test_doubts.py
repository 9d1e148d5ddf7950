"""Doubtful things: what one picture shows is not hidden, what several show is, from its first sighting on."""

from __future__ import annotations

from collections.abc import Collection

from bodyworn.redactions.one_pass import OnePass
from bodyworn.redactions.tracking import Hidden
from tests.redactions.pictures import Squares, scene

PLACE = (120.0, 90.0)


class Doubtful(Squares):
    """Doubts all squares that do not score 0.75."""

    sure = 0.75


def hidden(frames: int, shown: Collection[int], score: float, other: Collection[int] = ()) -> list[list[Hidden]]:
    """What is hidden in each of ``frames`` pictures; a square shows in those ``shown``, another scene in ``other``."""
    one, out = OnePass([Doubtful(score)]), list[list[Hidden]]()
    for n in range(frames):
        picture = scene([PLACE if n in shown else None], (0, 0))
        if n in other:
            picture.y[:] = 255 - picture.y // 2
            picture.y[0, 0] = 0
        one.see(n * 1_000_000 // 30, picture)
        while one.settled():
            out.append([item for _, item in one.hide(len(out) * 1_000_000 // 30)])
    return out + [[item for _, item in one.hide(n * 1_000_000 // 30)] for n in range(len(out), frames)]


def test_what_shows_in_one_picture_alone_hides_nothing() -> None:
    assert not any(hidden(90, {12}, 0.6))


def test_what_is_sure_hides_at_once() -> None:
    assert hidden(90, {12}, 0.9)[12]


def test_what_several_pictures_show_is_hidden_from_the_first_on() -> None:
    found = hidden(90, range(12, 80), 0.6)
    assert all(found[12:80])
    assert not any(found[:5])


def test_faint_sightings_do_not_add_up() -> None:
    assert not any(hidden(90, range(12, 80), 0.3)[:60])


def test_at_the_end_of_a_clip_doubt_leaves_nothing_open() -> None:
    found = hidden(30, range(24, 30), 0.6)
    assert found[24]
    assert found[29]
    assert hidden(1, {0}, 0.6)[0]


def test_at_a_cut_doubt_leaves_nothing_open() -> None:
    found = hidden(90, range(28, 31), 0.6, other=range(31, 90))
    assert found[30]


def test_a_detector_without_doubts_is_believed() -> None:
    one = OnePass([Squares(0.3)])
    one.see(0, scene([PLACE]))
    assert [item.box for _, item in one.hide(0)]
    assert not hasattr(Squares(), "sure")
