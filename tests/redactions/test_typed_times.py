"""Times, frames and regions as people type them become microseconds in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import Clip
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.redactions.clip_times import moment_us, parse_clip
from bodyworn.redactions.regions import parse_region
from tests import media_makers as make


@pytest.fixture
def uneven(tmp_path: Path) -> Path:
    return make.variable_rate(tmp_path / "in.mp4")


def test_frames_and_times_mean_the_moment_a_frame_is_shown(uneven: Path) -> None:
    numbers = FrameNumbers(uneven)
    assert (
        moment_us("35f", numbers) == moment_us("35", numbers, plain_is_frame=True) == numbers.times_us[35] == 1_500_000
    )
    assert moment_us(" 1.5s ", None) == moment_us("0:01.5", None) == moment_us("0:00:01.5", None) == 1_500_000
    assert moment_us("2", None) == 2_000_000
    assert moment_us("1.5", None) == 1_500_000
    assert parse_clip(uneven, "35f", "2.75s") == Clip(1_500_000, 2_750_000)
    assert parse_clip(uneven, "", "") == Clip()
    assert parse_clip(uneven, "10f", "400f") == Clip(333_333, None)


@pytest.mark.parametrize(
    ("start", "end"),
    [("soon", ""), ("3", "2"), ("2s", "2s"), ("55f", ""), ("-1", ""), ("²", ""), ("9" * 5000, ""), ("f", "")],
)
def test_what_is_no_clip_is_refused(uneven: Path, start: str, end: str) -> None:
    with pytest.raises(InputError):
        parse_clip(uneven, start, end)


def test_a_region_lasts_to_the_end_of_its_last_frame_or_up_to_its_time(uneven: Path) -> None:
    numbers = FrameNumbers(uneven)

    def held(text: str) -> tuple[int, int | None]:
        region = parse_region("region-1", text, False, "person:a", numbers=numbers)
        return region.start_us, region.end_us

    assert held("1,2,30,40") == (0, None)
    assert held("1,2,30,40@30-34") == (1_000_000, 1_500_000)
    assert held("1,2,30,40@30f-34f") == (1_000_000, 1_500_000)
    assert held("1,2,30,40@30-") == (1_000_000, None)
    assert held("1,2,30,40@30-54") == (1_000_000, None)
    assert held("1,2,30,40@1s-1.5s") == (1_000_000, 1_500_000)
    assert held("1,2,30,40@0:01-") == (1_000_000, None)


@pytest.mark.parametrize("text", ["1,2,3", "1,2,0,4", "1,2,3,4@5s-4s", "1,2,3,4@9-5", "1,2,3,4@99-", "1,2,3,4@s-4s"])
def test_what_is_no_region_is_refused(uneven: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"region|neither|past the end"):
        parse_region("region-1", text, False, "person:a", numbers=FrameNumbers(uneven))


def test_frames_without_a_recording_are_refused_with_a_way_out() -> None:
    with pytest.raises(InputError, match="depends on the recording"):
        parse_region("region-1", "1,2,3,4@5-9", False, "person:a")
    assert parse_region("region-1", "1,2,3,4@5s-9s", False, "person:a").end_us == 9_000_000
