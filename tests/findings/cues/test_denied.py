"""A denial is no risk, and nothing that takes it back is a denial."""

from __future__ import annotations

import pytest

from bodyworn.findings.cues.denied import is_denial
from bodyworn.findings.cues.outright import said_outright
from bodyworn.findings.cues.reader import cue_reader
from bodyworn.findings.cues.turns import CueTurn

QUESTION = CueTurn("officer", "Are you having any thoughts of hurting yourself?")


@pytest.mark.parametrize(
    "answer", ["No, no, nothing like that.", "nah man I got work tomorrow", "No sir, I just want to go home."]
)
def test_a_no_to_the_question_is_a_denial(answer: str) -> None:
    turns = [QUESTION, CueTurn("community", answer)]
    assert is_denial(turns, 1)
    assert "self_harm_risk" not in cue_reader().read(turns, explain=False)[1].kinds


@pytest.mark.parametrize(
    "answer",
    [
        "No, but what is the point any more.",
        "No. I just want to die.",
        "No, I took the pills already.",
        "Yes.",
        "No one would miss me anyway.",
        "Nothing matters.",
    ],
)
def test_what_takes_it_back_is_none(answer: str) -> None:
    assert not is_denial([QUESTION, CueTurn("community", answer)], 1)


def test_a_no_to_another_question_is_none() -> None:
    assert not is_denial([CueTurn("officer", "Any weapons on you?"), CueTurn("community", "No sir.")], 1)
    assert not is_denial([QUESTION, CueTurn("officer", "No, nothing like that.")], 1)


def test_a_denial_that_is_reported_is_one() -> None:
    assert is_denial([CueTurn("dispatch", "Subject denies wanting to hurt himself.")], 0)
    assert not is_denial([CueTurn("dispatch", "Subject denies self-harm but has pills.")], 0)


@pytest.mark.parametrize(
    "text", ["I don't want to kill myself.", "I never said I want to die.", "I'm not going to kill myself"]
)
def test_words_right_after_a_no_are_not_said_outright(text: str) -> None:
    assert said_outright("community", text) == []


@pytest.mark.parametrize(
    "text", ["I don't care, I want to die.", "Not now. I want to kill myself.", "I don't want to live."]
)
def test_a_no_before_other_words_changes_nothing(text: str) -> None:
    assert said_outright("community", text)
