from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.findings.derived.commands import orders
from bodyworn.findings.derived.said import join
from tests.findings.derived.conversations import derive, said

ORDER = ("command",)


def taken_apart(text: str) -> list[tuple[str, str | None]]:
    return [(order.text, order.action) for order in orders(join(*said(("officer", 0, text, ORDER))))]


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("Stand up. Turn around. Hands behind your back.", ["stand", "turn_around", "hands_behind"]),
        ("drop the bat drop the bat put it down", ["drop", "drop", "drop"]),
        ("dont you move dont move stay right there", ["still", "still", "stay"]),
        ("Sir, turn the engine off for me, please.", ["engine_off"]),
        ("don't get out of the car", ["not:get_out"]),
        ("Let me see your hands", ["hands"]),
        ("passenger you get out again you're going with him", []),
        ("I can see that you put it there", []),
    ],
)
def test_orders_are_taken_apart(text: str, actions: list[str]) -> None:
    assert [action for _, action in taken_apart(text)] == actions


def test_an_order_is_looked_for_only_where_the_cue_found_one() -> None:
    assert not orders(join(*said(("officer", 0, "step out", ()), ("community", 2, "step out", ORDER))))


def test_the_same_order_again_is_counted_with_its_quotes(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("officer", 10, "Turn the engine off for me, please.", ORDER),
        ("community", 14, "I know", ()),
        ("officer", 18, "Sir, turn the engine off.", ORDER),
        ("officer", 60, "turn the engine off", ORDER),
    )
    (finding,) = found["repeated_command"]
    measures = finding["evidence"]["measures"]
    assert measures["times"] == 2, "the third comes more than 30 s later"
    assert 7900 <= measures["longest_pause_ms"] <= 8300
    assert [one["start_ms"] for one in finding["evidence"]["rests_on"]] == [10_000, 18_000]


def test_unusual_orders_repeat_by_their_words(tmp_path: Path) -> None:
    same = derive(tmp_path, ("officer", 0, "stop kicking", ORDER), ("officer", 4, "stop kicking now", ORDER))
    other = derive(tmp_path, ("officer", 0, "stop kicking", ORDER), ("officer", 4, "stop filming", ORDER))
    assert same["repeated_command"][0]["evidence"]["measures"]["times"] == 2
    assert "repeated_command" not in other


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Don't move!", "Show me your hands!"),
        ("Stay in the car.", "Step out of the vehicle."),
        ("Get down on the ground.", "Stand up."),
        ("Turn around.", "Don't turn around!"),
    ],
)
def test_orders_that_exclude_each_other_conflict_when_close_together(tmp_path: Path, first: str, second: str) -> None:
    close = derive(tmp_path, ("officer", 0, first, ORDER), ("officer_2", 3, second, ORDER))
    (finding,) = close["conflicting_commands"]
    assert finding["evidence"]["measures"]["officers"] == 2
    assert finding["evidence"]["quote"] == f"{first} … {second}"
    apart = derive(tmp_path, ("officer", 0, first, ORDER), ("officer_2", 40, second, ORDER))
    assert "conflicting_commands" not in apart


def test_orders_that_follow_on_each_other_do_not_conflict(tmp_path: Path) -> None:
    found = derive(tmp_path, ("officer", 0, "Step out. Turn around. Hands on your head.", ORDER))
    assert "conflicting_commands" not in found
    assert "repeated_command" not in found
