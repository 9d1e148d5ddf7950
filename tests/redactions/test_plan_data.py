"""The plan is data: it survives the round trip, and its digest is the digest of canonical JSON."""

from __future__ import annotations

from dataclasses import replace

import pytest
import rfc8785

from bodyworn.domain.digest import Digest
from bodyworn.domain.redaction import (
    Box,
    BoxSource,
    HiddenClass,
    NeedsReview,
    Reason,
    Region,
    SoundAction,
    SoundSpan,
    Style,
    Track,
)
from bodyworn.domain.redaction_plan import Plan, PlanSource

FACE = Track(
    "face-1",
    HiddenClass.FACE,
    (Box(3, 10, 10, 20, 20), Box(4, 12, 10, 20, 20, BoxSource.TRACKED)),
    Reason.FACE,
    "faces-centerface@1",
)
HIDE = Region("region-1", 0, 0, 40, 30, 2, None, keep=False, reason=Reason.OTHER, added_by="person:é")
NAME = SoundSpan("sound-1", 1200, 1800, SoundAction.BLEEP, Reason.NAME, "spoken@1")
PLAN = Plan(
    PlanSource("ab" * 32, 1920, 1080, 300, 10_000),
    Style.SOLID,
    5,
    200,
    (FACE,),
    (HIDE,),
    (NAME,),
    (NeedsReview(7, 9, "face-1", "the track was lost"),),
)


def test_a_plan_survives_the_round_trip() -> None:
    assert Plan.from_json(PLAN.to_json()) == PLAN


def test_its_bytes_are_rfc_8785() -> None:
    assert PLAN.canonical() == rfc8785.dumps(PLAN.to_json())
    assert PLAN.digest == Digest.of_bytes(rfc8785.dumps(PLAN.to_json()))


def test_any_change_of_what_is_hidden_changes_the_digest() -> None:
    changed = [PLAN.keeping("face-1", "person:a"), PLAN.keeping("sound-1", "person:a"), replace(PLAN, regions=())]
    assert len({PLAN.digest, *(plan.digest for plan in changed)}) == 4


def test_a_kept_track_is_not_hidden() -> None:
    assert [box.frame for _, box in PLAN.hidden()] == [3, 4]
    assert list(PLAN.keeping("face-1", "person:a").hidden()) == []


def test_a_keep_region_opens_only_what_has_its_center_in_it_and_only_while_it_holds() -> None:
    keep = Region("region-2", 0, 0, 30, 30, 4, None, keep=True, reason=Reason.OTHER, added_by="person:a")
    assert [box.frame for _, box in PLAN.with_regions([keep]).hidden()] == [3]
    aside = replace(keep, x=23, id="region-3")
    assert [box.frame for _, box in PLAN.with_regions([aside]).hidden()] == [3, 4]


def test_keeping_what_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        PLAN.keeping("face-9", "person:a")


def test_two_entries_cannot_share_an_id() -> None:
    with pytest.raises(ValueError, match="same id"):
        PLAN.with_sound([NAME])


def test_boxes_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        replace(FACE, boxes=tuple(reversed(FACE.boxes)))
