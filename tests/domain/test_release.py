"""Releases: what state follows from which acts, what is allowed where, and rows of earlier versions that still read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bodyworn.domain.actor import Person
from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.release import (
    ALLOWED,
    DETAIL_OF,
    Act,
    ApprovalDetail,
    Deadline,
    LeakReport,
    PublicationDetail,
    Release,
    ReleaseRequest,
    ReleaseState,
    ReleaseStep,
    RenderDetail,
    ReviewDetail,
    StepDetail,
    WithdrawalDetail,
)

AT = datetime(2026, 11, 21, tzinfo=UTC)
DEADLINE = Deadline("answer", "§ 4", "2026-12-02", None, "Example State", checked=True)
REQUEST = ReleaseRequest(
    agency="Pine County Sheriff",
    requester="A newspaper",
    request_date="2026-11-20",
    legal_authority="Records act § 1",
    title="A stop",
    caption="",
    credit="Pine County Sheriff",
    deadlines=(DEADLINE,),
    citations={"identity.face": "§ 7"},
)


def render(leaks: int = 0, contents: str = "all", to_look_at: tuple[str, ...] = ()) -> RenderDetail:
    return RenderDetail(
        plan_sha256="ab" * 32,
        start_ms=0,
        end_ms=1000,
        leaks=leaks,
        leak_report=LeakReport(leaks),
        request=REQUEST,
        to_look_at=to_look_at,
        contents_sha256=contents,
    )


def detail_of(act: Act, leaks: int, contents: str = "all") -> StepDetail:
    return {
        Act.MAKE: render(leaks, contents),
        Act.REVIEW_LEAKS: ReviewDetail(note="looked", contents_sha256=contents),
        Act.APPROVE: ApprovalDetail(contents_sha256=contents),
        Act.PUBLISH: PublicationDetail(statement="cd", published_clip="ef", contents_sha256=contents),
        Act.WITHDRAW: WithdrawalDetail(why="a mistake", contents_sha256=contents),
    }[act]


def release(*acts: tuple[Act, Person, str], leaks: int = 0) -> Release:
    """A release of these acts; a clip may be written with its contents behind it: ``c1/terms 2``."""
    steps = []
    for act, by, what in acts:
        clip, _, contents = what.partition("/")
        steps.append(ReleaseStep(act, by, AT, clip, detail_of(act, leaks, contents or "all")))
    return Release("rel_1", "rec_1", tuple(steps))


ANA, BO, CY = Person("os:ana"), Person("os:bo"), Person("os:cy")
MADE = (Act.MAKE, ANA, "c1")
AGAIN = (Act.MAKE, ANA, "c2")
BY_BO, BY_CY = (Act.APPROVE, BO, "c1"), (Act.APPROVE, CY, "c1")
LOOKED = (Act.REVIEW_LEAKS, ANA, "c1")
STATES = {
    "made": ((MADE,), 0, ReleaseState.CHECKED),
    "made and looked at without a leak": ((MADE, LOOKED), 0, ReleaseState.REVIEWED),
    "made with leaks": ((MADE,), 2, ReleaseState.DRAFT),
    "leaks reviewed": ((MADE, LOOKED), 2, ReleaseState.REVIEWED),
    "one approval": ((MADE, BY_BO), 0, ReleaseState.HALF_APPROVED),
    "the same person twice": ((MADE, BY_BO, BY_BO), 0, ReleaseState.HALF_APPROVED),
    "the same person by another spelling": (
        (MADE, BY_BO, (Act.APPROVE, Person("os:ana", "ＢＯ"), "c1")),
        0,
        ReleaseState.HALF_APPROVED,
    ),
    "two people": ((MADE, BY_BO, BY_CY), 0, ReleaseState.APPROVED),
    "a new render voids": ((MADE, BY_BO, BY_CY, AGAIN), 0, ReleaseState.CHECKED),
    "a new render to the same bytes voids": ((MADE, BY_BO, BY_CY, MADE), 0, ReleaseState.CHECKED),
    "other terms for the same clip void": ((MADE, BY_BO, BY_CY, (Act.MAKE, ANA, "c1/b")), 0, ReleaseState.CHECKED),
    "an approval of other terms": ((MADE, BY_BO, (Act.APPROVE, CY, "c1/b")), 0, ReleaseState.HALF_APPROVED),
    "a new render voids the review": ((MADE, LOOKED, AGAIN), 1, ReleaseState.DRAFT),
    "published": ((MADE, BY_BO, BY_CY, (Act.PUBLISH, BO, "c1")), 0, ReleaseState.PUBLISHED),
    "withdrawn": ((MADE, (Act.WITHDRAW, BO, "c1")), 0, ReleaseState.WITHDRAWN),
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


def test_places_that_the_plan_asks_to_look_at_wait_for_a_person() -> None:
    made = ReleaseStep(Act.MAKE, ANA, AT, "c1", render(to_look_at=("0:01 to 0:02: the track was lost",)))
    assert Release("rel_1", "rec_1", (made,)).state is ReleaseState.DRAFT
    looked = ReleaseStep(Act.REVIEW_LEAKS, BO, AT, "c1", ReviewDetail(note="a sign", contents_sha256="all"))
    assert Release("rel_1", "rec_1", (made, looked)).state is ReleaseState.REVIEWED


def test_what_an_earlier_version_made_can_only_be_made_again_or_withdrawn() -> None:
    step = ReleaseStep(Act.MAKE, ANA, AT, "c1", render(contents=""))
    old = Release("rel_1", "rec_1", (step, ReleaseStep(Act.APPROVE, BO, AT, "c1", ApprovalDetail())))
    assert old.state is ReleaseState.DRAFT
    assert [act for act in Act if old.allows(act)] == [Act.MAKE, Act.WITHDRAW]


CAUTIONS = {
    "the maker approves": ((ANA, BO), "who made the clip"),
    "each from an account": ((BO, CY), ""),
    "two names at one account": ((ANA, Person("os:ana", "Ben")), "one account"),
    "two typed names at one account": ((Person("os:ana", "Ben"), Person("os:ana", "Cy")), "one account"),
    "names of an earlier version": ((Person("", "bo"), Person("", "cy")), "not all recorded"),
    "one of an earlier version": ((Person("", "bo"), CY), "not all recorded"),
    "only one": ((BO,), ""),
}


@pytest.mark.parametrize("name", CAUTIONS)
def test_what_is_not_known_of_the_approvals_is_told(name: str) -> None:
    people, caution = CAUTIONS[name]
    told = release(MADE, *((Act.APPROVE, person, "c1") for person in people)).approval_caution
    assert caution in told
    assert bool(told) == bool(caution)


@pytest.mark.parametrize("act", Act)
def test_every_detail_reads_back_as_it_was_stored(act: Act) -> None:
    detail = detail_of(act, 3)
    assert type(detail) is DETAIL_OF[act]
    assert from_json(DETAIL_OF[act], to_json(detail)) == detail


def test_a_detail_of_another_act_is_refused() -> None:
    with pytest.raises(TypeError, match="ReviewDetail"):
        ReleaseStep(Act.APPROVE, ANA, AT, "c1", ReviewDetail(note=""))


def test_the_stored_form_is_the_one_of_earlier_versions() -> None:
    stored = to_json(render(2))
    assert set(stored) == {"plan_sha256", "start_ms", "end_ms", "leaks", "leak_report", "terms", "contents_sha256"}
    terms = stored["terms"]
    assert isinstance(terms, dict)
    assert terms["authority"] == "Records act § 1"
    assert terms["basis"] == {"identity.face": "§ 7"}
    old = {
        "plan_sha256": "ab",
        "start_ms": 0,
        "end_ms": 10,
        "leaks": 1,
        "leak_report": {"count": 1, "frames": [7], "report": {"open": 1}},
        "terms": {
            **dict.fromkeys(("agency", "requester", "request_date", "authority", "title", "caption", "credit"), "x"),
            "still_ms": None,
            "officer_notified": "yesterday",
            "family_notified": None,
            "deadlines": [
                {"rule": "r", "basis": "", "due": "2026-12-01", "extended": None, "jurisdiction": "j", "checked": False}
            ],
            "basis": {},
        },
    }
    read = from_json(RenderDetail, old)
    assert read.leak_report.frames == (7,)
    assert read.request.deadlines[0].due_on.isoformat() == "2026-12-01"
    assert from_json(RenderDetail, {**old, "leak_report": {}}).leak_report == LeakReport()
