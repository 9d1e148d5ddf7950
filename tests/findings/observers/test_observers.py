"""Each observer on drawn footage, and one contract for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from bodyworn.domain.finding import FAMILY_OF, SIGHT_KINDS, Unknown, UnknownState
from bodyworn.findings.observers.darkness import DarknessObserver
from bodyworn.findings.observers.lens import LensObserver
from bodyworn.findings.observers.motion import MotionObserver
from bodyworn.findings.observers.observer import Report, SightObserver
from bodyworn.findings.observers.watching import Watching
from bodyworn.media.video import watch
from tests.picture_makers import SIZE, Rgb, cloth, film, noisy, street, world


def reports(path: Path, pictures: Iterable[Rgb]) -> dict[str, Report]:
    """Reports of all measuring observers on the pictures at 10 a second."""
    film(path, pictures)
    motion = MotionObserver()
    observers: list[SightObserver] = [motion, LensObserver(motion), DarknessObserver()]
    watched = watch(path, observers)
    return {observer.name: observer.report(watched) for observer in observers}


def covered(first: int, after: int, count: int = 100, level: int = 50) -> list[Rgb]:
    """The street with cloth over it from picture ``first`` until ``after``; it comes from the left in 0.3 s."""
    rng = np.random.default_rng(7)
    pictures = []
    for index, picture in enumerate(street(count)):
        share = min((index - first + 2) / 3, (after + 1 - index) / 3)
        edge = int(np.clip(share, 0, 1) * SIZE[0])
        shown = picture.copy()
        shown[:, :edge] = cloth(level=level)[:, :edge]
        pictures.append(noisy(shown, 3.0, rng))
    return pictures


@pytest.mark.parametrize("level", [25, 60, 140, 210])
def test_a_cover_is_found_with_its_start_and_end(tmp_path: Path, level: int) -> None:
    report = reports(tmp_path / "a.mp4", covered(40, 70, level=level))["lens"]
    (found,) = report.proposals
    assert found.kind == "lens_obscured"
    assert found.span.start_ms == pytest.approx(4_000, abs=500)
    assert found.span.end_ms == pytest.approx(7_000, abs=500)
    assert report.unknown == (Unknown(UnknownState.OBSCURED, found.span),)
    assert found.measures["sharpness_of_255"] < found.measures["sharpness_before_of_255"] / 3


def test_a_cover_to_the_end_of_the_recording(tmp_path: Path) -> None:
    (found,) = reports(tmp_path / "a.mp4", covered(50, 1_000))["lens"].proposals
    assert found.span.start_ms == pytest.approx(5_000, abs=500)
    assert found.span.end_ms == pytest.approx(10_000, abs=50)


def test_covered_from_the_first_frame_is_no_picture(tmp_path: Path) -> None:
    report = reports(tmp_path / "a.mp4", [cloth(level=30)] * 40 + list(street(60)))["lens"]
    assert report.proposals == ()
    (unknown,) = report.unknown
    assert unknown.state is UnknownState.NO_PICTURE
    assert unknown.span.start_ms == 0
    assert unknown.span.end_ms == pytest.approx(4_000, abs=300)


def test_covered_while_the_light_goes_out_is_no_picture(tmp_path: Path) -> None:
    black = np.full((SIZE[1], SIZE[0], 3), 2, np.uint8)
    report = reports(tmp_path / "a.mp4", [*street(50), *[black] * 50])["lens"]
    assert report.proposals == ()
    assert [unknown.state for unknown in report.unknown] == [UnknownState.NO_PICTURE]


def test_a_short_blink_is_no_cover(tmp_path: Path) -> None:
    assert reports(tmp_path / "a.mp4", covered(50, 53))["lens"].proposals == ()


def _night() -> list[Rgb]:
    rng = np.random.default_rng(2)
    pictures = []
    for index, picture in enumerate(street(80)):
        dim = (picture * 0.10).astype(np.uint8)
        x = (index * 9) % 400 - 40
        dim[60:70, max(0, x) : max(0, x + 12)] = 250
        pictures.append(noisy(dim, 4.0, rng))
    return pictures


def _lights_out() -> list[Rgb]:
    rng = np.random.default_rng(4)
    return [noisy((p * (1.0 if k < 40 else 0.1)).astype(np.uint8), 2.0, rng) for k, p in enumerate(street(90))]


def _out_of_focus() -> list[Rgb]:
    import cv2

    blurred: list[Rgb] = []
    for k, picture in enumerate(street(90)):
        sigma = 8 * float(np.clip((k - 40) / 5, 0, 1) * np.clip((75 - k) / 5, 0, 1))
        blurred.append(np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8) if sigma else picture)
    return blurred


def _wall() -> list[Rgb]:
    """The camera turns to a plain wall within half a second and stays there."""
    wide = np.concatenate([world(3)[100:280, :640], np.full((180, 640, 3), 150, np.uint8)], axis=1)
    pictures = []
    for k in range(90):
        x = int(np.clip((k - 40) / 6, 0, 1) * 640)
        pictures.append(np.ascontiguousarray(wide[:, x : x + 320]))
    return pictures


@pytest.mark.parametrize("make", [_night, _lights_out, _out_of_focus, _wall, lambda: list(street(90))])
def test_what_only_looks_like_a_cover_is_none(tmp_path: Path, make: object) -> None:
    assert reports(tmp_path / "a.mp4", make())["lens"].proposals == ()  # type: ignore[operator]


def test_darkness_is_found_and_a_lit_night_is_not_dark(tmp_path: Path) -> None:
    dim = [(picture * 0.05).astype(np.uint8) for picture in street(50)]
    report = reports(tmp_path / "a.mp4", [*list(street(40)), *dim])["darkness"]
    (found,) = report.proposals
    assert found.span.start_ms == pytest.approx(4_000, abs=300)
    assert found.span.end_ms == pytest.approx(9_000, abs=300)
    assert report.unknown == (Unknown(UnknownState.DARK, found.span),)
    lit = [(picture * 0.4).astype(np.uint8) for picture in street(50)]
    assert reports(tmp_path / "b.mp4", lit)["darkness"].proposals == ()


def _carried(knocked_at: int, still_after: bool) -> list[Rgb]:
    """A camera that is carried, thrown about for 0.5 s, and then carried on or lying still."""
    wide = world(9, (1400, 900))
    rng = np.random.default_rng(9)
    throw = rng.integers(-110, 111, (6, 2))
    pictures = []
    for k in range(130):
        x, y = 520 + 40 * np.sin(0.25 * k), 300 + 12 * np.sin(0.9 * k)
        if knocked_at <= k < knocked_at + 6:
            dx, dy = throw[k - knocked_at]
            x, y = x + (110 if dx > 0 else -110), y + dy
        elif k >= knocked_at + 6 and still_after:
            x, y = 700, 420
        pictures.append(np.ascontiguousarray(wide[int(y) : int(y) + 180, int(x) : int(x) + 320]))
    return pictures


def test_a_knock_and_a_fall(tmp_path: Path) -> None:
    struck = reports(tmp_path / "a.mp4", _carried(60, still_after=False))["motion"].proposals
    assert [p.kind for p in struck] == ["camera_struck"]
    assert struck[0].span.start_ms == pytest.approx(6_000, abs=300)
    fallen = reports(tmp_path / "b.mp4", _carried(60, still_after=True))["motion"].proposals
    assert [p.kind for p in fallen] == ["camera_fallen"]
    assert fallen[0].span.end_ms == pytest.approx(13_000, abs=300)


def test_walking_and_a_cut_are_no_knock(tmp_path: Path) -> None:
    cut = [*street(60), *street(60, seed=5)]
    report = reports(tmp_path / "a.mp4", cut)["motion"]
    assert report.proposals == ()
    assert report.motion is not None
    assert len(report.motion.magnitude) == 24
    assert 0.05 < float(np.median(report.motion.magnitude)) < 1.0


def test_real_footage_has_no_covers_knocks_or_darkness(shared_media: Path) -> None:
    for name in ("cars_with_sound", "stage_dark", "driver_in_car", "ego_kitchen_faces"):
        motion = MotionObserver()
        lens = LensObserver(motion)
        watched = watch(shared_media / "video" / f"{name}.mp4", [motion, lens])
        assert lens.report(watched).proposals == (), name
        assert motion.report(watched).proposals == (), name


def test_every_observer_keeps_the_contract(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", covered(30, 60, 80))
    told = []
    for turn in range(2):
        folder = tmp_path / str(turn)
        folder.mkdir()
        watching = Watching(path, folder, 8_000, proxy=False)
        watched = watch(path, watching.observers)
        names = [observer.name for observer in watching.measuring]
        assert len(set(names)) == len(names)
        told.append([observer.report(watched) for observer in watching.measuring])
    assert told[0] == told[1]
    for report in told[0]:
        for proposal in report.proposals:
            assert proposal.kind in SIGHT_KINDS
            assert FAMILY_OF[proposal.kind].value == "sight"
            assert 0 <= proposal.score <= 1
            assert proposal.span.end_ms <= watched.duration_ms
            assert proposal.measures
