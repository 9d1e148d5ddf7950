"""The table of states: what follows from which acts, and what is allowed where."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bodyworn.domain.release import ALLOWED, Act, Release, ReleaseState, ReleaseStep

AT = datetime(2026, 11, 21, tzinfo=UTC)


def release(*acts: tuple[Act, str, str], leaks: int = 0) -> Release:
    return Release("rel_1", "rec_1", tuple(ReleaseStep(act, by, AT, clip, {"leaks": leaks}) for act, by, clip in acts))


MADE = (Act.MAKE, "ana", "c1")
AGAIN = (Act.MAKE, "ana", "c2")
BO, CY = (Act.APPROVE, "bo", "c1"), (Act.APPROVE, "cy", "c1")
LOOKED = (Act.REVIEW_LEAKS, "ana", "c1")
STATES = {
    "made": ((MADE,), 0, ReleaseState.REVIEWED),
    "made with leaks": ((MADE,), 2, ReleaseState.DRAFT),
    "leaks reviewed": ((MADE, LOOKED), 2, ReleaseState.REVIEWED),
    "one approval": ((MADE, BO), 0, ReleaseState.HALF_APPROVED),
    "the same person twice": (
        (MADE, BO, BO),
        0,
        ReleaseState.HALF_APPROVED,
    ),
    "two people": ((MADE, BO, CY), 0, ReleaseState.APPROVED),
    "a new render voids": (
        (MADE, BO, CY, AGAIN),
        0,
        ReleaseState.REVIEWED,
    ),
    "a new render voids the review": (
        (MADE, LOOKED, AGAIN),
        1,
        ReleaseState.DRAFT,
    ),
    "published": (
        (MADE, BO, CY, (Act.PUBLISH, "bo", "c1")),
        0,
        ReleaseState.PUBLISHED,
    ),
    "withdrawn": ((MADE, (Act.WITHDRAW, "bo", "c1")), 0, ReleaseState.WITHDRAWN),
}


@pytest.mark.parametrize("name", STATES)
def test_the_state_follows_from_the_acts(name: str) -> None:
    acts, leaks, state = STATES[name]
    assert release(*acts, leaks=leaks).state is state


def test_every_state_has_its_row_and_nothing_is_approved_with_open_leaks() -> None:
    assert set(ALLOWED) == set(ReleaseState)
    assert Act.APPROVE not in ALLOWED[ReleaseState.DRAFT]
    assert [state for state, acts in ALLOWED.items() if Act.PUBLISH in acts] == [ReleaseState.APPROVED]
    assert not ALLOWED[ReleaseState.WITHDRAWN]
