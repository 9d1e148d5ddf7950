"""The leak check: finds what shows, knows what is masked and what a person kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.domain.redaction import Box, HiddenClass, Reason, Region, Track
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.media.planes import Planes
from bodyworn.redactions.checking import check
from bodyworn.redactions.detectors.faces_centerface import FaceDetector
from bodyworn.redactions.detectors.faces_yunet import SecondFaceDetector
from bodyworn.redactions.detectors.interface import Found
from tests import media_makers as make

SOURCE = PlanSource("ab" * 32, 160, 96, 90, 3000)


class Always:
    """Finds the same thing in every frame but every third."""

    name = "always"

    def __init__(self) -> None:
        self.looked = 0

    def find(self, picture: Planes) -> list[Found]:
        self.looked += 1
        return [] if self.looked % 3 == 0 else [Found(HiddenClass.FACE, 40, 40, 20, 20, 0.8)]


def track(x: int, kept_by: str | None = None, frames: range = range(30, 90)) -> Track:
    boxes = tuple(Box(frame, x, 38, 24, 24) for frame in frames)
    return Track("face-1", HiddenClass.FACE, boxes, Reason.FACE, "test@1", kept_by)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make.movie(tmp_path / "clip.mp4", 1.0)


def test_without_a_plan_everything_found_is_a_leak(clip: Path) -> None:
    result = check(clip, None, [Always()])
    assert result.frames == 30
    assert [leak.frame for leak in result.open_leaks] == [n for n in range(30) if n % 3 != 2]
    assert result.to_json()["frames_with_leaks"] == 20


def test_what_lies_under_a_mask_is_no_leak(clip: Path) -> None:
    plan = Plan(SOURCE, start_frame=30, end_frame=60, tracks=(track(38),))
    assert check(clip, plan, [Always()]).leaks == ()


def test_a_mask_beside_it_does_not_help_nor_one_that_ends_early(clip: Path) -> None:
    beside = Plan(SOURCE, start_frame=30, end_frame=60, tracks=(track(56),))
    assert len(check(clip, beside, [Always()]).open_leaks) == 20
    early = Plan(SOURCE, start_frame=30, end_frame=60, tracks=(track(38, frames=range(30, 45)),))
    assert {leak.frame for leak in check(clip, early, [Always()]).open_leaks} == {
        15,
        16,
        18,
        19,
        21,
        22,
        24,
        25,
        27,
        28,
    }


def test_a_hidden_region_counts_as_a_mask(clip: Path) -> None:
    region = Region("region-1", 0, 0, 80, 96, 0, None, keep=False, reason=Reason.OTHER, added_by="person:a")
    plan = Plan(SOURCE, start_frame=30, end_frame=60, regions=(region,))
    assert check(clip, plan, [Always()]).leaks == ()


def test_what_a_person_kept_is_reported_but_not_open(clip: Path) -> None:
    plan = Plan(SOURCE, start_frame=30, end_frame=60, tracks=(track(38, "person:a"),))
    result = check(clip, plan, [Always()])
    assert len(result.leaks) == 20
    assert result.open_leaks == ()


def test_the_second_detector_finds_a_real_face_that_was_left_in(shared_media: Path) -> None:
    result = check(shared_media / "video" / "driver_in_car.mp4")
    assert len({leak.frame for leak in result.open_leaks}) >= 0.95 * result.frames


def test_the_two_detectors_are_not_the_same() -> None:
    assert SecondFaceDetector.model != FaceDetector.model
