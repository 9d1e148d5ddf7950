"""What is rendered, what the leak check takes as hidden and what the log says are one answer, frame by frame."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodyworn.domain.redaction import BoxSource, Clip, HiddenClass, Mask, Reason, Region, Style
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.track import Box, Track, TrackGap
from bodyworn.media.footage import Footage, Frame
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.media.planes import Planes
from bodyworn.media.upright import Upright
from bodyworn.redactions.checking import ROUNDING_US, check, covered, recording_us
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.hiding import PlanRedactor, Proposals, RedactionChoices
from bodyworn.redactions.rendering import describe, render_plan
from bodyworn.releases.withheld import withheld

GRAY = Planes(np.full((8, 8), 90, np.uint8), np.full((4, 4), 128, np.uint8), np.full((4, 4), 128, np.uint8))
WHO = "person:a"


def frames_at(times_us: list[int]) -> list[Frame]:
    """Frames shown at those times, of nothing."""
    return [
        Frame(n, Fraction(at, 1_000_000), at, GRAY, av.VideoFrame(8, 8), Upright(), True)
        for n, at in enumerate(times_us)
    ]


@st.composite
def frame_times(draw: st.DrawFn, least_us: int = 1) -> list[int]:
    """Times of up to 40 frames, unevenly apart, with pauses."""
    steps = draw(st.lists(st.integers(least_us, 50_000) | st.just(600_000_000), min_size=2, max_size=40))
    return list(accumulate(steps, initial=draw(st.integers(0, 100_000))))


@st.composite
def plans(draw: st.DrawFn, times_us: list[int], aligned: bool = False) -> Plan:
    """A plan with everything in it; ``aligned``: all of its times are those of frames."""
    end = times_us[-1] + 40_000
    at = st.sampled_from(times_us) if aligned else st.integers(0, end) | st.sampled_from(times_us)

    def moments(least: int, most: int) -> list[int]:
        return sorted(draw(st.sets(at, min_size=least, max_size=most)))

    tracks = []
    for number in range(draw(st.integers(0, 4))):
        held = moments(2, 8)
        boxes = [Box(t, draw(st.integers(-9, 90)), draw(st.integers(-9, 90)), 10 + t % 7, 12) for t in held[:-1]]
        gaps = []
        for before, after in pairwise(held[:-1]):
            inner = [t for t in times_us if before < t < after] if aligned else range(before + 1, after)[:50]
            if inner and draw(st.booleans()):
                gaps.append(TrackGap(draw(st.sampled_from(inner)), after))
        kept = draw(st.sampled_from([None, None, WHO]))
        tracks.append(
            Track(f"face-{number}", HiddenClass.FACE, tuple(boxes), held[-1], Reason.FACE, "t@1", kept, tuple(gaps))
        )
    regions = []
    for number in range(draw(st.integers(0, 4))):
        held = moments(2, 2)
        last = draw(st.sampled_from([None, held[1]]))
        place = (draw(st.integers(0, 90)), draw(st.integers(0, 90)), draw(st.integers(1, 99)), draw(st.integers(1, 99)))
        regions.append(Region(f"region-{number}", *place, held[0], last, draw(st.booleans()), Reason.BODY, WHO))
    cut = moments(2, 2)
    clip = draw(st.sampled_from([Clip(), Clip(cut[0], None), Clip(cut[0], cut[1])]))
    source = PlanSource("ab" * 32, 100, 100, end, times_us[0])
    return Plan(source, clip=clip, tracks=tuple(tracks), regions=tuple(regions))


@st.composite
def times_and_plans(draw: st.DrawFn, least_us: int = 1, aligned: bool = False) -> tuple[list[int], Plan]:
    times_us = draw(frame_times(least_us))
    return times_us, draw(plans(times_us, aligned))


def tried_one_by_one(plan: Plan, at_us: int) -> set[str]:
    """Ids hidden at ``at_us``, by the definition and without an index."""
    if at_us < plan.clip.start_us or (plan.clip.end_us is not None and at_us >= plan.clip.end_us):
        return set()
    found = set()
    keeping = [r for r in plan.regions if r.keep and r.start_us <= at_us and (r.end_us is None or at_us < r.end_us)]
    for track in plan.tracks:
        before = [box for box in track.boxes if box.at_us <= at_us]
        if not before or at_us >= track.until_us or any(gap.start_us <= at_us < gap.end_us for gap in track.gaps):
            continue
        x, y = before[-1].x + before[-1].w / 2, before[-1].y + before[-1].h / 2
        opened = any(r.x <= x < r.x + r.w and r.y <= y < r.y + r.h for r in keeping)
        if track.kept_by is None and not opened:
            found.add(track.id)
    for region in plan.regions:
        if not region.keep and region.start_us <= at_us and (region.end_us is None or at_us < region.end_us):
            found.add(region.id)
    return found


def rendered(plan: Plan, times_us: list[int]) -> dict[int, tuple[Mask, ...]]:
    """The masks that rendering draws, by time of the frame, for the frames of the clip."""
    redactor = PlanRedactor(plan)
    drawn: dict[int, tuple[Mask, ...]] = {}
    for frame in frames_at([at for at in times_us if plan.clip.covers(at)]):
        redactor.covers(frame)
        drawn[frame.time_us] = tuple(one.mask for one in redactor.drawn if one.time_us == frame.time_us)
    return drawn


@settings(max_examples=300, deadline=None)
@given(times_and_plans())
def test_the_index_is_right_and_stretches_say_exactly_when(case: tuple[list[int], Plan]) -> None:
    times_us, plan = case
    stretches = plan.hidden_stretches()
    edges = {t + d for one in stretches for t in (one.start_us, one.end_us or 0) for d in (-1, 0, 1) if t + d >= 0}
    for at_us in [*times_us, *edges]:
        masked = {mask.id for mask in plan.masks(at_us)}
        assert masked == tried_one_by_one(plan, at_us)
        logged = {s.id for s in stretches if s.start_us <= at_us and (s.end_us is None or at_us < s.end_us)}
        assert masked == logged
        assert not masked & {mask.id for mask in plan.kept(at_us)}
    by_id: dict[str, list[Any]] = {}
    for stretch in stretches:
        by_id.setdefault(stretch.id, []).append(stretch)
    assert all(a.end_us < b.start_us for some in by_id.values() for a, b in pairwise(some))


@settings(max_examples=200, deadline=None)
@given(times_and_plans())
def test_render_leak_check_and_log_never_differ(case: tuple[list[int], Plan]) -> None:
    times_us, plan = case
    drawn = rendered(plan, times_us)
    shown = list(drawn)
    log = withheld(plan, {}, times_us[-1] + 40_000).log
    for number, at_us in enumerate(shown):
        masks = drawn[at_us]
        assert plan.masks(recording_us(plan, number, at_us - shown[0], shown)) == masks
        at_ms = (at_us - plan.clip.start_us) // 1000
        logged = {line.id for line in log if line.span.start_ms <= at_ms < line.span.end_ms}
        assert {mask.id for mask in masks} <= logged
    for line in log:
        start_us = line.span.start_ms * 1000 + plan.clip.start_us
        held = [s for s in plan.hidden_stretches() if s.id == line.id and abs(s.start_us - start_us) < 1000]
        assert held


@settings(max_examples=200, deadline=None)
@given(times_and_plans(least_us=3 * ROUNDING_US, aligned=True), st.data())
def test_the_check_knows_the_masks_from_the_clip_alone_however_its_container_rounds(
    case: tuple[list[int], Plan], data: st.DataObject
) -> None:
    times_us, plan = case
    drawn = rendered(plan, times_us)
    shown = list(drawn)
    for number, at_us in enumerate(shown):
        rounding = data.draw(st.integers(-ROUNDING_US, ROUNDING_US - 1)) if number else 0
        assert plan.masks(recording_us(plan, number, at_us - shown[0] + rounding, None)) == drawn[at_us]


@settings(max_examples=200, deadline=None)
@given(frame_times(), st.data())
def test_what_one_pass_draws_is_what_its_plan_says(times_us: list[int], data: st.DataObject) -> None:
    names = [f"face-{n}" for n in range(4)]
    keep = Region("region-1", 0, 0, 50, 50, times_us[0], times_us[-1], True, Reason.OTHER, WHO)
    hide = Region("region-2", 5, 5, 50, 50, times_us[1], None, False, Reason.OTHER, WHO)
    regions = tuple(data.draw(st.sets(st.sampled_from([keep, hide]))))
    kept = data.draw(st.frozensets(st.sampled_from(names), max_size=1))
    clip = data.draw(st.sampled_from([Clip(), Clip(times_us[0], times_us[-1] + 5)]))
    proposals, source = Proposals(RedactionChoices(regions, kept, WHO)), PlanSource("ab" * 32, 100, 100, 0)
    drawn = []
    for at_us in times_us:
        proposals.times_us.append(at_us)
        for name in data.draw(st.lists(st.sampled_from(names), unique=True)):
            box = Box(at_us, data.draw(st.integers(0, 90)), 3, 20, 20, data.draw(st.sampled_from(BoxSource)))
            proposals.add(name, HiddenClass.FACE, "t@1", box)
        drawn.append(Plan(source, tracks=proposals.now(), regions=regions).masks(at_us))
    plan = Plan(source, clip=clip, tracks=proposals.tracks(clip), regions=regions)
    assert [plan.masks(at_us) for at_us in times_us] == drawn


class Everywhere:
    """Finds something at one place of every frame."""

    name = "everywhere"

    def __init__(self, x: int, y: int) -> None:
        self.place = (x, y)

    def find(self, picture: Planes) -> list[Found]:
        return [Found(HiddenClass.FACE, self.place[0], self.place[1], 16, 16, 0.9)]


def flat(path: Path, times: list[Fraction]) -> Path:
    """A clip of one gray, in which a solid mask is seen by its black."""
    with av.open(str(path), "w") as out:
        video: Any = out.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 160, 96, "yuv420p"
        video.codec_context.time_base = Fraction(1, 90_000)
        video.options = {"g": "30", "bf": "2"}
        for time in times:
            picture = av.VideoFrame.from_ndarray(np.full((96, 160, 3), 150, np.uint8), format="rgb24")
            picture.pts, picture.time_base = round(time * 90_000), Fraction(1, 90_000)
            out.mux(video.encode(picture))
        out.mux(video.encode(None))
    return path


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv"])
@pytest.mark.parametrize("cut", [False, True])
def test_the_pixels_of_a_clip_with_uneven_times_are_masked_as_the_plan_says(
    tmp_path: Path, name: str, cut: bool
) -> None:
    times = [Fraction(n, 30) + Fraction(n % 3, 100) + (20 if n >= 25 else 0) for n in range(50)]
    source = flat(tmp_path / "in.mp4", times)
    at = FrameNumbers(source).times_us
    first = Track(
        "face-1",
        HiddenClass.FACE,
        (Box(at[5], 16, 16, 16, 16), Box(at[12], 64, 16, 16, 16), Box(at[30], 112, 16, 16, 16)),
        at[40],
        Reason.FACE,
        "t@1",
        gaps=(TrackGap(at[20], at[30]),),
    )
    keep = Region("region-1", 0, 0, 40, 40, at[7], at[9], True, Reason.OTHER, WHO)
    hide = Region("region-2", 16, 64, 16, 16, at[24] + 10_000, None, False, Reason.OTHER, WHO)
    clip = Clip(at[8], at[45]) if cut else Clip()
    plan = Plan(describe(source), Style.SOLID, clip, (first,), (keep, hide))
    made = render_plan(plan, source, tmp_path / name)
    shown = made.rendered.times_us
    assert list(shown) == list(at[8:45] if cut else at)
    places = [(16, 16), (64, 16), (112, 16), (16, 64)]
    with Footage(tmp_path / name) as footage:
        for frame, at_us in zip(footage.frames(Clip()), shown, strict=True):
            black = {(x, y) for x, y in places if frame.planes.y[y + 4 : y + 12, x + 4 : x + 12].mean() < 60}
            assert black == {(mask.x, mask.y) for mask in plan.masks(at_us)}, at_us
    for x, y in places:
        spot = Found(HiddenClass.FACE, x, y, 16, 16, 0.9)
        open_at = [n for n, at_us in enumerate(shown) if covered(spot, plan.masks(at_us)) < 0.7]
        found = check(tmp_path / name, plan, [Everywhere(x, y)], times_us=shown)
        assert [leak.frame for leak in found.leaks] == open_at
