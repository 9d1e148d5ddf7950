"""Plans that libraries keep: today's, and those of the format before, which counted frames."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import Clip
from bodyworn.domain.redaction_plan import Plan
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.redactions.plan_files import parse_plan
from bodyworn.redactions.rendering import describe, render_plan
from bodyworn.releases.making import what_is_withheld
from tests import media_makers as make


def kept_by_46c0803(source: Path) -> bytes:
    """A plan as release details of existing libraries have it: one face, one region, frames 10 to 40."""
    old = {
        "format": "bodyworn.redaction-plan/2",
        "source": {
            "sha256": Digest.of_file(source).sha256,
            "width": 160,
            "height": 96,
            "frames": 55,
            "duration_ms": 3000,
        },
        "style": "solid",
        "start_frame": 10,
        "end_frame": 40,
        "tracks": [
            {
                "id": "face-1",
                "class": "face",
                "reason": "identity.face",
                "added_by": "faces@1",
                "kept_by": None,
                "boxes": [[n, n, 5, 20, 20, "detected"] for n in (*range(5, 20), *range(25, 50))],
            }
        ],
        "regions": [
            {
                "id": "region-1",
                "x": 100,
                "y": 50,
                "w": 20,
                "h": 20,
                "start_frame": 30,
                "end_frame": None,
                "keep": False,
                "reason": "other",
                "added_by": "person:ana",
            }
        ],
        "sound": [],
        "looks": [],
        "classes": ["face"],
    }
    return json.dumps(old, sort_keys=True, separators=(",", ":")).encode()


def test_a_plan_that_counted_frames_hides_the_same_frames_of_uneven_footage(tmp_path: Path) -> None:
    source = make.variable_rate(tmp_path / "in.mp4")
    plan = parse_plan(kept_by_46c0803(source), lambda: FrameNumbers(source).times_us)
    times_us = FrameNumbers(source).times_us
    for frame, at_us in enumerate(times_us):
        wanted = [("face-1", frame)] if frame in (*range(10, 20), *range(25, 40)) else []
        wanted += [("region-1", 100)] if 30 <= frame < 40 else []
        assert [(mask.id, mask.x) for mask in plan.masks(at_us)] == wanted
    made = render_plan(plan, source, tmp_path / "out.mp4")
    assert made.rendered.times_us == times_us[10:40]
    log = what_is_withheld(plan, times_us, {}).log
    assert [line.id for line in log] == ["face-1", "face-1", "region-1"]


def test_a_plan_of_today_is_read_as_it_is(tmp_path: Path) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 1.0)
    plan = Plan(describe(source), clip=Clip(0, 500_000))
    assert parse_plan(plan.canonical(), tuple) == plan


@pytest.mark.parametrize("stored", [b"{}", b"[]", b'{"format":"bodyworn.redaction-plan/1"}'])
def test_other_formats_are_refused(tmp_path: Path, stored: bytes) -> None:
    with pytest.raises(InputError, match="redaction-plan/3"):
        parse_plan(stored, tuple)
