"""The plan is data: it survives the round trip, its digest is that of canonical JSON, and it says what is masked."""

from __future__ import annotations

import json
from dataclasses import replace
from time import perf_counter

import pytest
import rfc8785

from bodyworn.domain.digest import Digest
from bodyworn.domain.redaction import (
    BoxSource,
    Clip,
    HiddenClass,
    NeedsReview,
    Reason,
    Region,
    SoundAction,
    SoundSpan,
    Style,
)
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.redaction_plan_2 import upgraded
from bodyworn.domain.track import Box, Track, TrackGap

FACE = Track(
    "face-1",
    HiddenClass.FACE,
    (Box(30, 10, 10, 20, 20), Box(40, 12, 10, 20, 20, BoxSource.TRACKED), Box(70, 14, 10, 20, 20)),
    80,
    Reason.FACE,
    "faces-centerface@1",
    gaps=(TrackGap(50, 70),),
)
HIDE = Region("region-1", 0, 0, 40, 30, 20, None, keep=False, reason=Reason.OTHER, added_by="person:é")
NAME = SoundSpan("sound-1", 1_200_000, 1_800_000, SoundAction.BLEEP, Reason.NAME, "spoken@1")
SOURCE = PlanSource("ab" * 32, 1920, 1080, 10_000_000)
PLAN = Plan(
    source=SOURCE,
    style=Style.SOLID,
    clip=Clip(10, 2_000_000),
    tracks=(FACE,),
    regions=(HIDE,),
    sound=(NAME,),
    needs_review=(NeedsReview(70, 90, "face-1", "the track was lost"),),
    sound_track=1,
    encode_all=True,
)
TRACK_ONLY = Plan(SOURCE, tracks=(FACE,))


def hidden(plan: Plan, at_us: int) -> list[tuple[str, int]]:
    return [(mask.id, mask.x) for mask in plan.masks(at_us)]


def test_a_plan_survives_the_round_trip() -> None:
    assert Plan.from_json(json.loads(PLAN.canonical())) == PLAN
    assert json.loads(PLAN.canonical())["tracks"][0]["class"] == "face"


def test_its_bytes_are_rfc_8785() -> None:
    odd = replace(PLAN, regions=(replace(HIDE, added_by='person:"\x1f\u2028\U0001f600\\/\t'),))
    for plan in (PLAN, odd):
        assert plan.canonical() == rfc8785.dumps(json.loads(plan.canonical()))
        assert plan.digest == Digest.of_bytes(plan.canonical())


def test_the_digest_of_a_plan_stays_the_same_from_one_version_to_the_next() -> None:
    assert str(PLAN.digest) == "1a70c0efaaa36eb69ccbe26a0b09b0a45ebd576cb7165dc8b83525efe4f62deb"


def test_any_change_of_the_clip_changes_the_digest() -> None:
    changed = [
        PLAN.keeping("face-1", "person:a"),
        PLAN.keeping("sound-1", "person:a"),
        replace(PLAN, regions=()),
        replace(PLAN, clip=Clip(10, 2_000_001)),
        replace(PLAN, sound_track=0),
        replace(PLAN, encode_all=False),
        replace(PLAN, tracks=(replace(FACE, gaps=()),)),
    ]
    assert len({PLAN.digest, *(plan.digest for plan in changed)}) == len(changed) + 1


@pytest.mark.parametrize(
    "untrusted",
    [
        [],
        {},
        {**PLAN.to_json(), "format": "bodyworn.redaction-plan/2"},
        {key: value for key, value in PLAN.to_json().items() if key != "format"},
        {**PLAN.to_json(), "start_frame": 3},
        {**PLAN.to_json(), "clip": {"start_us": 1.5, "end_us": None}},
        {**PLAN.to_json(), "sound_track": -1},
    ],
)
def test_other_shapes_are_no_plan(untrusted: object) -> None:
    with pytest.raises(ValueError, match=r"format|[Pp]lan|clip|track"):
        Plan.from_json(untrusted)


def test_a_box_holds_until_the_next_one_a_gap_or_the_end() -> None:
    seen = {at: hidden(TRACK_ONLY, at) for at in (29, 30, 39, 40, 49, 50, 69, 70, 79, 80)}
    assert {at for at, masks in seen.items() if not masks} == {29, 50, 69, 80}
    assert (seen[30], seen[39], seen[40], seen[49], seen[70]) == (
        [("face-1", 10)],
        [("face-1", 10)],
        [("face-1", 12)],
        [("face-1", 12)],
        [("face-1", 14)],
    )


def test_nothing_is_masked_outside_the_clip_and_a_region_without_end_holds_to_its_end() -> None:
    assert [mask.id for mask in PLAN.masks(1_999_999)] == ["region-1"]
    assert PLAN.masks(2_000_000) == PLAN.masks(9) == ()


def test_a_kept_track_is_kept_and_not_hidden() -> None:
    kept = TRACK_ONLY.keeping("face-1", "person:a")
    assert kept.masks(40) == ()
    assert kept.kept(40) == TRACK_ONLY.masks(40)
    assert TRACK_ONLY.kept(40) == ()


def test_a_keep_region_opens_only_what_has_its_center_in_it_and_only_while_it_holds() -> None:
    keep = Region("region-2", 0, 0, 30, 30, 45, 75, keep=True, reason=Reason.OTHER, added_by="person:a")
    plan = TRACK_ONLY.with_regions([keep])
    assert [at for at in (44, 45, 74, 75) if plan.masks(at)] == [44, 75]
    assert [at for at in (44, 45, 74, 75) if plan.kept(at)] == [45, 74]
    aside = TRACK_ONLY.with_regions([replace(keep, x=23)])
    assert [at for at in (44, 45, 74, 75) if aside.masks(at)] == [44, 45, 75]


def test_a_keep_region_never_opens_what_a_person_hid() -> None:
    keep = Region("region-2", 0, 0, 100, 100, 0, None, keep=True, reason=Reason.OTHER, added_by="person:a")
    assert hidden(PLAN.with_regions([keep]), 40) == [("region-1", 0)]


def test_stretches_tell_gaps_and_openings_apart_and_name_the_largest_box() -> None:
    boxes = (Box(0, 0, 0, 10, 10), Box(10, 0, 0, 30, 10), Box(20, 0, 0, 20, 10))
    track = Track("face-1", HiddenClass.FACE, boxes, 50, Reason.FACE, "t", gaps=(TrackGap(15, 20),))
    keep = Region("region-1", 0, 0, 99, 99, 30, 40, keep=True, reason=Reason.OTHER, added_by="person:a")
    found = Plan(SOURCE, clip=Clip(5, None), tracks=(track,), regions=(keep,)).hidden_stretches()
    assert [(one.start_us, one.end_us, one.w) for one in found] == [(5, 15, 30), (20, 30, 20), (40, 50, 20)]


def test_a_stretch_without_end_says_so_unless_the_clip_ends() -> None:
    region = Plan(SOURCE, regions=(HIDE,))
    assert [(one.start_us, one.end_us) for one in region.hidden_stretches()] == [(20, None)]
    cut = replace(region, clip=Clip(0, 99))
    assert [(one.start_us, one.end_us) for one in cut.hidden_stretches()] == [(20, 99)]


def test_hidden_sound_is_cut_to_the_clip_and_what_is_kept_is_not_in_it() -> None:
    part = PLAN.sound_hidden(Clip(1_500_000, None))
    assert [(span.id, span.start_us, span.end_us) for span in part] == [("sound-1", 1_500_000, 1_800_000)]
    assert PLAN.keeping("sound-1", "person:a").sound_hidden() == ()
    assert PLAN.sound_hidden(Clip(1_800_000, None)) == ()


def test_keeping_what_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        PLAN.keeping("face-9", "person:a")


def test_two_entries_cannot_share_an_id() -> None:
    with pytest.raises(ValueError, match="same id"):
        PLAN.with_sound([NAME])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"boxes": tuple(reversed(FACE.boxes)), "gaps": ()}, "order"),
        ({"boxes": ()}, "no boxes"),
        ({"until_us": 70}, "ends before"),
        ({"gaps": (TrackGap(50, 60),)}, "gap"),
        ({"gaps": (TrackGap(30, 40),)}, "gap"),
        ({"gaps": (TrackGap(75, 80),)}, "gap"),
        ({"gaps": (TrackGap(50, 70), TrackGap(35, 40))}, "gap"),
    ],
)
def test_a_track_that_makes_no_sense_is_refused(change: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        replace(FACE, **change)  # type: ignore[arg-type]


def test_what_is_masked_is_found_in_microseconds_however_much_a_plan_holds() -> None:
    def track(number: int) -> Track:
        start = number * 10_000_000
        boxes = tuple(Box(start + at * 40_000, at % 900, 10, 20, 20) for at in range(1000))
        return Track(f"face-{number}", HiddenClass.FACE, boxes, start + 40_000_000, Reason.FACE, "t")

    plan = Plan(SOURCE, tracks=tuple(track(number) for number in range(300)))
    plan.masks(0)
    start = perf_counter()
    masked = sum(len(plan.masks(at)) for at in range(0, 3_000_000_000, 1_000_000))
    assert masked > 11_000
    assert (perf_counter() - start) / 3000 < 0.000_5


def test_a_plan_that_counted_frames_hides_the_same_frames() -> None:
    old = {
        "format": "bodyworn.redaction-plan/2",
        "source": {"sha256": "ab" * 32, "width": 640, "height": 360, "frames": 6, "duration_ms": 300},
        "style": "blur",
        "start_frame": 1,
        "end_frame": 5,
        "tracks": [
            {
                "id": "face-1",
                "class": "face",
                "reason": "identity.face",
                "added_by": "t@1",
                "kept_by": None,
                "boxes": [[0, 1, 1, 9, 9, "detected"], [1, 2, 1, 9, 9, "tracked"], [3, 3, 1, 9, 9, "grown"]],
            }
        ],
        "regions": [
            {
                "id": "region-1",
                "x": 5,
                "y": 5,
                "w": 5,
                "h": 5,
                "start_frame": 2,
                "end_frame": 4,
                "keep": False,
                "reason": "other",
                "added_by": "person:a",
            }
        ],
        "sound": [
            {
                "id": "sound-1",
                "start_ms": 10,
                "end_ms": 20,
                "action": "mute",
                "reason": "pii.name",
                "added_by": "t",
                "kept_by": None,
            }
        ],
        "looks": [{"start_frame": 4, "end_frame": 28, "track": "face-1", "why": "the track was lost in the picture"}],
        "classes": ["face"],
    }
    times_us = [0, 33_333, 40_000, 200_000, 210_000, 250_000]
    plan = upgraded(old, times_us)
    assert [hidden(plan, at) for at in times_us] == [
        [],
        [("face-1", 2)],
        [("region-1", 5)],
        [("face-1", 3), ("region-1", 5)],
        [],
        [],
    ]
    assert [(span.start_us, span.end_us) for span in plan.sound] == [(10_000, 20_000)]
    with pytest.raises(ValueError, match="source lacks"):
        upgraded({**old, "source": {"sha256": "ab" * 32}}, times_us)
