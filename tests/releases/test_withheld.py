"""What a plan withholds, in times of the clip, and only what lies inside it."""

from __future__ import annotations

from bodyworn.domain.redaction import Clip, HiddenClass, Reason, Region, SoundAction, SoundSpan, Style
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.span import Span
from bodyworn.domain.track import Box, Track
from bodyworn.releases.withheld import withheld


def plan(**more: object) -> Plan:
    source = PlanSource("ab" * 32, 640, 360, 10_000_000)
    return Plan(source, Style.BLUR, clip=Clip(2_000_000, 6_000_000), **more)  # type: ignore[arg-type]


def track(name: str, frames: range, kept_by: str | None = None) -> Track:
    boxes = tuple(Box(frame * 100_000, 5, 6, 10 + frame, 20) for frame in frames)
    return Track(name, HiddenClass.FACE, boxes, frames.stop * 100_000, Reason.FACE, "faces@1", kept_by)


def test_a_track_is_told_in_times_of_the_clip_with_its_largest_box() -> None:
    result = withheld(plan(tracks=(track("face-1", range(10, 40)),)), {"identity.face": "§ 7"})
    assert result.part == Span(2000, 6000)
    assert [(line.id, line.span, line.citation) for line in result.log] == [("face-1", Span(0, 2000), "§ 7")]
    assert result.edits[0].box == (5.0, 6.0, 49.0, 20.0)
    assert result.edits[0].end_s == 2.0


def test_what_is_kept_or_outside_is_not_in_the_log() -> None:
    kept, outside = track("face-1", range(30, 40), "ana"), track("face-2", range(70, 80))
    assert withheld(plan(tracks=(kept, outside)), {}).log == ()


def test_a_region_without_end_reaches_the_clips_end_and_one_that_keeps_is_nothing() -> None:
    hide = Region("region-1", 0, 0, 9, 9, 5_000_000, None, False, Reason.OTHER, "ana")
    keep = Region("region-2", 0, 0, 9, 9, 0, None, True, Reason.OTHER, "ana")
    assert [(x.id, x.span) for x in withheld(plan(regions=(hide, keep)), {}).log] == [("region-1", Span(3000, 4000))]


def test_hidden_sound_is_masked_in_times_of_the_recording_and_logged_in_times_of_the_clip() -> None:
    name = SoundSpan("name-1", 1_900_000, 2_500_000, SoundAction.MUTE, Reason.NAME, "pii@1")
    result = withheld(plan(sound=(name,)), {})
    assert result.masked == (Span(1900, 2500),)
    assert [(line.medium, line.span, line.withheld) for line in result.log] == [("sound", Span(0, 500), "a name")]
    assert result.edits[0].box is None
