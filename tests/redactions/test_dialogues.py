"""Dialogues with marks: every item hidden whole, everything else heard; those never tuned on have a floor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.redactions.dialogues import judge, read

FOLDER = Path(__file__).parent / "dialogues"
TUNED = read(FOLDER / "tuned.txt") + read(FOLDER / "tuned_later.txt")
HELD_OUT = [judge(dialogue) for dialogue in read(FOLDER / "held_out.txt")]


@pytest.mark.parametrize("dialogue", TUNED)
def test_every_marked_item_is_hidden_and_all_else_is_heard(dialogue: str) -> None:
    judged = judge(dialogue)
    assert (judged.missed, judged.lost, judged.over) == ((), (), ())


def test_dialogues_that_nothing_was_tuned_on_reach_their_floor() -> None:
    items, missed = sum(j.items for j in HELD_OUT), sum(len(j.missed) for j in HELD_OUT)
    assert items >= 50
    assert (items - missed) / items >= 0.94


def test_few_words_of_them_are_hidden_for_nothing() -> None:
    words, over = sum(j.words_to_hear for j in HELD_OUT), sum(len(j.over) for j in HELD_OUT)
    assert over / words <= 0.03


def test_a_dialogue_that_is_judged_wrongly_would_be_told() -> None:
    assert judge("C: my name is [name: Rosa Vela], {hello there}").right
    assert not judge("C: {my name is Rosa Vela}").right
    assert judge("C: we [name: walked]").missed == ("walked",)
