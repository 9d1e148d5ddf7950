from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.span import Span
from tests.findings.derived.conversations import derive

LONG = " ".join(["word"] * 46)


def test_a_reason_in_the_first_words_is_an_opening_with_reason(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("officer", 1, "Evening sir the reason I stopped you is your speed", ("explanation",)),
        ("officer", 6, "Turn off the engine", ("command",)),
        ("community", 9, "okay", ()),
    )
    (finding,) = found["opening_with_reason"]
    assert "opening_with_order" not in found
    assert finding["evidence"]["measures"] == {
        "officer_words": 14, "reasons": 1, "orders": 1, "unknown_before_ms": 0, "unknown_within_ms": 0
    }  # fmt: skip
    assert finding["evidence"]["words"] == ["EXPLANATION"]


def test_an_order_and_no_reason_is_an_opening_with_order(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("officer", 31, "Keep your hands on the wheel", ("command",)),
        ("community", 36, "what did I do", ()),
        unknown=[Unknown(UnknownState.PRE_EVENT_BUFFER, Span(0, 30_000))],
    )
    (finding,) = found["opening_with_order"]
    assert finding["evidence"]["measures"]["unknown_before_ms"] == 30_000
    assert "opening_with_reason" not in found


def test_a_reason_after_45_officer_words_comes_too_late(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("officer", 1, LONG, ()),
        ("officer", 20, "step out of the car", ("command",)),
        ("officer", 30, "because you were speeding", ("explanation",)),
    )
    assert "opening_with_reason" not in found
    assert "opening_with_order" not in found


def test_words_to_dispatch_are_not_the_opening(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("officer", 1, "Two fourteen traffic stop speeding silver sedan", ("explanation",)),
        ("dispatch", 5, "two fourteen copy", ()),
        ("officer", 12, "Get out of the car", ("command",)),
        ("community", 15, "why", ()),
    )
    assert "opening_with_reason" not in found
    assert found["opening_with_order"][0]["start_ms"] == 12_000


def test_another_officers_words_are_not_the_wearers_opening(tmp_path: Path) -> None:
    found = derive(tmp_path, ("officer_2", 1, "get out of the car", ("command",)), ("community", 4, "why", ()))
    assert "opening_with_order" not in found


@pytest.mark.parametrize(
    ("text", "name", "agency"),
    [
        ("Good evening sir. I'm deputy Alder with the Fairwater County Sheriff's office.", True, True),
        ("my name is Officer Quan", True, False),
        ("Hi there, I'm with the township police.", False, True),
        ("this is Trooper Hadley", True, False),
    ],
)
def test_an_introduction_is_found_with_what_was_given(tmp_path: Path, text: str, name: bool, agency: bool) -> None:
    found = derive(tmp_path, ("officer", 1, "hello", ()), ("officer", 3, text, ()), ("community", 9, "hi", ()))
    (finding,) = found["introduction"]
    measures = finding["evidence"]["measures"]
    assert (measures["name_or_rank"], measures["agency"]) == (name, agency)
    assert measures["after_first_words_ms"] == 2000
    assert finding["evidence"]["words"]


@pytest.mark.parametrize("text", ["I'm going to need your license", "this is not a good place to stop", "I'm sorry"])
def test_other_sentences_are_no_introduction(tmp_path: Path, text: str) -> None:
    assert "introduction" not in derive(tmp_path, ("officer", 1, text, ()), ("community", 9, "hi", ()))


def test_the_closing_is_the_last_parting(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("officer", 1, "slow down out there", ()),
        ("community", 3, "I will", ()),
        ("officer", 5, "Take care of yourself, and drive safe.", ("courtesy", "reassurance")),
        ("community", 9, "bye", ()),
    )
    (finding,) = found["closing"]
    assert finding["start_ms"] == 5000
    assert finding["evidence"]["words"] == ["Take care", "drive safe"]
    assert finding["evidence"]["measures"]["kind_cues"] == 2


def test_words_of_parting_long_before_the_end_are_no_closing(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("officer", 1, "be careful with that", ()),
        *[("officer", 5.0 + n, "your license please", ()) for n in range(5)],
    )
    assert "closing" not in found
