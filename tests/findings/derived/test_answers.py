from __future__ import annotations

from pathlib import Path

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.span import Span
from tests.findings.derived.conversations import derive


def test_distress_is_answered_by_the_first_compassion_after_it(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("officer", 1, "you are doing fine", ("reassurance",)),
        ("community", 5, "I can't do this anymore", ("distress",)),
        ("officer", 8, "license please", ()),
        ("officer", 12, "I'm so sorry about that", ("empathy",)),
        ("officer", 20, "it gets better", ("reassurance",)),
    )
    (finding,) = found["distress_to_compassion"]
    assert (finding["start_ms"], finding["end_ms"]) == (5000, 12000)
    measures = finding["evidence"]["measures"]
    assert measures == {"delay_ms": 7000, "need_at_ms": 5000, "answer_at_ms": 12000, "unknown_between_ms": 0}
    assert finding["evidence"]["quote"] == "I can't do this anymore … I'm so sorry about that"
    assert [one["role"] for one in finding["evidence"]["rests_on"]] == ["community", "officer"]
    assert finding["evidence"]["words"] == ["DISTRESS", "EMPATHY"]
    assert finding["score"] == 0.7


def test_distress_without_compassion_says_none_heard_and_how_much_could_not_be_judged(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("community", 5, "help me please", ("help_request",)),
        ("officer", 10, "wait here", ("command",)),
        ("unknown", 20, "something something", ("reassurance",)),
        ("officer", 60, "license please", ()),
        unknown=[
            Unknown(UnknownState.UNINTELLIGIBLE, Span(30_000, 40_000)),
            Unknown(UnknownState.OBSCURED, Span(0, 90_000)),
        ],
    )
    (finding,) = found["distress_to_compassion"]
    assert finding["evidence"]["measures"]["answer"] == "none heard"
    assert finding["evidence"]["measures"]["unknown_after_ms"] == 10_000 + 580
    assert finding["evidence"]["measures"]["listened_after_ms"] == 60_580 - 5_880
    assert (finding["start_ms"], finding["end_ms"]) == (5000, 5880)


def test_an_officers_distress_or_a_bystanders_comfort_is_neither_need_nor_answer(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("officer", 1, "I can't take it", ("distress",)),
        ("community", 5, "you will be okay", ("reassurance",)),
    )
    assert "distress_to_compassion" not in found


def test_a_medical_need_runs_to_the_first_request_for_aid(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("community", 5, "he is not breathing", ("medical", "help_request")),
        ("officer", 9, "how old is he", ()),
        ("officer", 15, "dispatch start me an ambulance", ("medical",)),
    )
    (finding,) = found["medical_to_aid"]
    assert finding["evidence"]["measures"]["delay_ms"] == 10_000
    assert (finding["start_ms"], finding["end_ms"]) == (5000, 15000)


def test_aid_requested_in_the_same_breath_takes_no_time(tmp_path: Path) -> None:
    found = derive(tmp_path, ("officer", 15, "he's bleeding send me a medic", ("medical",)))
    (finding,) = found["medical_to_aid"]
    assert finding["evidence"]["measures"]["delay_ms"] == 0
    assert len(finding["evidence"]["rests_on"]) == 1
