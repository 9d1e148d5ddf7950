"""The leak check: finds what shows, knows what is masked and what a person kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest

from bodyworn.domain.redaction import Clip, HiddenClass, Reason, Region
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.track import Box, Track
from bodyworn.media.planes import Planes
from bodyworn.models.registry import digest_of
from bodyworn.redactions.checking import Leak, check, leak_spans, second_opinions
from bodyworn.redactions.detectors.faces_centerface import FaceDetector
from bodyworn.redactions.detectors.faces_yunet import SecondFaceDetector
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.text_ppocr import TextDetector
from bodyworn.redactions.detectors.text_second import SecondTextDetector
from tests import media_makers as make
from tests.redactions.detectors.drawn import ground, page, write

SOURCE = PlanSource("ab" * 32, 160, 96, 3_000_000)
PART = Clip(1_000_000, 2_000_000)


class Always:
    """Finds the same thing in every frame but every third."""

    name = "always"

    def __init__(self) -> None:
        self.looked = 0

    def find(self, picture: Planes) -> list[Found]:
        self.looked += 1
        return [] if self.looked % 3 == 0 else [Found(HiddenClass.FACE, 40, 40, 20, 20, 0.8)]


def track(x: int, kept_by: str | None = None, frames: range = range(30, 90)) -> Track:
    boxes = tuple(Box(at(frame), x, 38, 24, 24) for frame in frames)
    return Track("face-1", HiddenClass.FACE, boxes, at(frames.stop), Reason.FACE, "test@1", kept_by)


def at(frame: int) -> int:
    return frame * 1_000_000 // 30


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make.movie(tmp_path / "clip.mp4", 1.0)


def test_without_a_plan_everything_found_is_a_leak(clip: Path) -> None:
    result = check(clip, None, [Always()])
    assert result.frames == 30
    assert [leak.frame for leak in result.open_leaks] == [n for n in range(30) if n % 3 != 2]
    assert result.to_json()["frames_with_leaks"] == 20


def test_what_lies_under_a_mask_is_no_leak(clip: Path) -> None:
    plan = Plan(SOURCE, clip=PART, tracks=(track(38),))
    assert check(clip, plan, [Always()]).leaks == ()


def test_a_mask_beside_it_does_not_help_nor_one_that_ends_early(clip: Path) -> None:
    beside = Plan(SOURCE, clip=PART, tracks=(track(56),))
    assert len(check(clip, beside, [Always()]).open_leaks) == 20
    early = Plan(SOURCE, clip=PART, tracks=(track(38, frames=range(30, 45)),))
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
    plan = Plan(SOURCE, clip=PART, regions=(region,))
    assert check(clip, plan, [Always()]).leaks == ()


def test_what_a_person_kept_is_reported_but_not_open(clip: Path) -> None:
    plan = Plan(SOURCE, clip=PART, tracks=(track(38, "person:a"),))
    result = check(clip, plan, [Always()])
    assert len(result.leaks) == 20
    assert result.open_leaks == ()


def test_the_second_detector_finds_a_real_face_that_was_left_in(shared_media: Path) -> None:
    result = check(shared_media / "video" / "driver_in_car.mp4")
    assert len({leak.frame for leak in result.open_leaks}) >= 0.95 * result.frames


def test_the_two_detectors_are_not_the_same() -> None:
    assert SecondFaceDetector.model != FaceDetector.model
    assert digest_of(str(SecondTextDetector.model)) != digest_of(str(TextDetector.model))


def test_text_is_looked_for_where_the_plan_hides_it_and_faces_always() -> None:
    def names(*classes: HiddenClass) -> list[str]:
        return [finder.name for finder in second_opinions(classes)]

    assert names() == names(HiddenClass.FACE) == ["faces-libfacedetection"]
    assert names(HiddenClass.TEXT) == names(HiddenClass.VEHICLE) == ["faces-libfacedetection", "text-ppocr5"]


def test_text_that_was_left_in_is_found_and_a_masked_one_is_not(tmp_path: Path) -> None:
    picture = write(page(ground(640, 384), (60, 60, 330, 120), 3), "RIVER 42", (420, 300), 24)
    clip = tmp_path / "clip.mp4"
    with av.open(str(clip), "w") as out:
        video: Any = out.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 640, 384, "yuv420p"
        for _ in range(3):
            out.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        out.mux(video.encode(None))
    source = PlanSource("ab" * 32, 640, 384, 300_000)
    classes = (HiddenClass.SCREEN, HiddenClass.TEXT)
    whole = Track("screen-1", HiddenClass.SCREEN, (Box(0, 50, 50, 350, 140),), 300_000, Reason.SCREEN, "t")
    result = check(clip, Plan(source, tracks=(whole,), classes=classes))
    assert {leak.frame for leak in result.open_leaks} == {0, 1, 2}
    assert all(leak.x > 400 and leak.y > 260 for leak in result.open_leaks)
    (sight,) = leak_spans(result.open_leaks)
    assert (sight.start_us, sight.last_us, sight.frames) == (0, 200_000, 3)
    faces_only = check(clip, Plan(source, tracks=(whole,)))
    assert faces_only.open_leaks == ()


def test_leaks_are_put_together_for_people() -> None:
    def leak(frame: int, x: int, score: float, cls: HiddenClass = HiddenClass.FACE) -> Leak:
        return Leak(frame, frame * 100_000, cls, x, 40, 20, 20, score, kept=False)

    moving = [leak(frame, 10 * frame, 0.5 + frame / 100) for frame in range(6)]
    other = [leak(3, 300, 0.9), leak(20, 300, 0.7), leak(2, 20, 0.4, HiddenClass.TEXT)]
    found = leak_spans([*moving, *other])
    spans = {(s.start_us // 100_000, s.last_us // 100_000, s.frames, s.best.frame) for s in found}
    assert spans == {(0, 5, 6, 5), (3, 3, 1, 3), (20, 20, 1, 20), (2, 2, 1, 2)}
