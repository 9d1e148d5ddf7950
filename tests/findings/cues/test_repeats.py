"""Repeats and lost apostrophes: the same words get the same findings however often and however they are written."""

from __future__ import annotations

import pytest

from bodyworn.findings.cues.apostrophes import places, restored
from bodyworn.findings.cues.reader import cue_reader
from bodyworn.findings.cues.repeats import ACUTE, read_alone, read_once
from bodyworn.findings.cues.turns import CueTurn

PLEA, ORDER = CueTurn("community", "My arm is broken, help me."), CueTurn("officer", "Put your hands up!")


@pytest.mark.parametrize("times", [1, 3, 12])
def test_what_is_said_again_and_again_is_found_each_time(times: int) -> None:
    for turn, kind in ((PLEA, "help_request"), (ORDER, "command")):
        readings = cue_reader().read([turn] * times, explain=False)
        assert len(readings) == times
        assert all(kind in reading.kinds for reading in readings)
        assert len({tuple(reading.kinds) for reading in readings}) == 1


def test_a_plea_that_others_talk_over_is_found_each_time() -> None:
    turns = [ORDER, PLEA, CueTurn("officer", "You're fine."), PLEA, CueTurn("officer", "Stay still."), PLEA]
    alone = cue_reader().read([PLEA], explain=False)[0]
    readings = cue_reader().read(turns)
    for at in (1, 3, 5):
        assert set(alone.kinds) <= set(readings[at].kinds)
        assert all(readings[at].words[kind] for kind in alone.kinds)


CALM = [
    CueTurn("officer", "I'll send you the form for the tow yard."),
    CueTurn("community", "Okay, and the office opens at nine?"),
]


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("dispatch", "Shots fired, shots fired."),
        ("officer", "Officer down."),
        ("unknown", "he's got a gun"),
        ("community", "I can't breathe."),
        ("community", "somebody help me please"),
        ("officer", "Show me your hands!"),
    ],
)
def test_context_may_add_to_what_cannot_wait_and_never_takes_away(role: str, text: str) -> None:
    said = CueTurn(role, text)
    (alone,) = cue_reader().read([said], explain=False)
    among = cue_reader().read([*CALM, *CALM, said, *CALM, *CALM], explain=False)[4]
    assert set(alone.kinds) & set(ACUTE) <= set(among.kinds)
    assert set(alone.kinds) & set(ACUTE)


def test_only_neighbors_of_one_speaker_are_read_once() -> None:
    turns = [PLEA, CueTurn("community", "my arm is broken help me"), ORDER, PLEA, CueTurn("officer", PLEA.text)]
    assert read_once(turns) == ([0, 2, 3, 4], [0, 0, 1, 2, 3])
    assert read_alone(turns) == {PLEA: [0, 3], turns[1]: [1], ORDER: [2], turns[4]: [4]}
    assert read_once([CueTurn("officer", ""), CueTurn("officer", "")]) == ([0, 1], [0, 1])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("i dont know, im cold", "i don't know, i'm cold"),
        ("CANT YOU SEE", "CAN'T YOU SEE"),
        ("well were its ill wed shed", "well were its ill wed shed"),
        ("Don't. don’t", "Don't. don’t"),
        ("dontae wontons", "dontae wontons"),
    ],
)
def test_apostrophes_are_put_back_only_where_nothing_else_is_meant(written: str, meant: str) -> None:
    assert restored(written) == meant
    assert len(places(written)) == meant.count("'") - written.count("'")


def test_words_behind_a_finding_are_as_they_were_written() -> None:
    text = "im so sorry about your dad, i dont know what to say"
    plain, lost = (cue_reader().read([CueTurn("officer", said)])[0] for said in (restored(text), text))
    assert plain.scores == lost.scores
    assert "empathy" in lost.kinds
    assert all(word in text.split() or word in text.replace(",", "").split() for word in lost.words["empathy"])
