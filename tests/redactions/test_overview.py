"""What there is to look through in a plan: much of a class is counted, and nothing leaves the plan."""

from __future__ import annotations

from dataclasses import replace

from bodyworn.domain.redaction import BoxSource, HiddenClass, Reason
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.track import Box, Track
from bodyworn.redactions.overview import LISTED, Overview, Unlisted, overview, seen_us

SECOND = 1_000_000


def track(name: str, cls: HiddenClass, seconds: float, x: int = 0, size: int = 20) -> Track:
    """Seen from 0 on for ``seconds``, then lingering for another second."""
    end = round(seconds * SECOND)
    times = dict.fromkeys((0, end))
    boxes = [Box(at, x, 0, size, size) for at in times]
    lingering = Box(end + 1000, x, 0, size, size, BoxSource.LINGERING)
    return Track(name, cls, (*boxes, lingering), end + SECOND, Reason.OTHER, "test@1")


FACE = track("face-1", HiddenClass.FACE, 9, x=100, size=200)
LONG = [track(f"plate-{i}", HiddenClass.PLATE, 2 + i) for i in range(LISTED)]
BRIEF = [track(f"plate-{LISTED + i}", HiddenClass.PLATE, 0.1) for i in range(3)]
INSIDE = [track(f"plate-{LISTED + 3 + i}", HiddenClass.PLATE, 1, x=150) for i in range(2)]
PLAN = Plan(PlanSource("ab" * 32, 320, 240, 90 * SECOND), tracks=(*BRIEF, *INSIDE, FACE, *LONG))


def test_of_many_tracks_of_a_class_the_longest_are_listed_in_plan_order_and_the_rest_is_counted() -> None:
    assert overview(PLAN) == Overview((FACE, *LONG), (Unlisted(HiddenClass.PLATE, 5, inside=2, brief=3),), ())


def test_few_tracks_are_all_listed() -> None:
    few = replace(PLAN, tracks=(*BRIEF, *INSIDE, FACE))
    assert overview(few) == Overview(few.tracks, (), ())


def test_kept_tracks_are_listed_while_they_are_few() -> None:
    kept = [replace(one, kept_by="os:ana") for one in (*LONG, *BRIEF)]
    assert overview(replace(PLAN, tracks=(FACE, *kept))) == Overview((FACE,), (), ((HiddenClass.PLATE, len(kept)),))
    assert overview(replace(PLAN, tracks=(FACE, *kept[:3]))).listed == (FACE, *kept[:3])


def test_what_lies_inside_a_kept_track_is_not_said_to_be_hidden_by_it() -> None:
    opened = replace(FACE, kept_by="os:ana")
    assert overview(replace(PLAN, tracks=(opened, *LONG, *INSIDE))).unlisted[0].inside == 0


def test_a_track_is_seen_from_its_first_to_its_last_detected_box() -> None:
    assert seen_us(FACE) == 9 * SECOND
    assert seen_us(BRIEF[0]) == SECOND // 10
