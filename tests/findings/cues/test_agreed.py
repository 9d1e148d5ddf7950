"""A short agreement counts as help only where it directly answers a request for help."""

from __future__ import annotations

import pytest

from bodyworn.findings.cues.agreed import agrees_to_help
from bodyworn.findings.cues.turns import Turn

REQUEST = Turn("community", "Can I have a hug? I need a hug.")


@pytest.mark.parametrize(
    "said", ["Sure. Sure. Yeah.", "sure yeah", "Of course.", "Oh, absolutely, come here.", "Yes, ma'am, I will."]
)
def test_a_short_yes_to_a_request_for_help_agrees(said: str) -> None:
    turns = [REQUEST, Turn("officer", said)]
    assert agrees_to_help(turns, [True, False], 1) == said.replace(",", "").replace(".", "").split()


def test_radio_in_between_does_not_matter() -> None:
    turns = [REQUEST, Turn("dispatch", "Two fourteen, status?"), Turn("officer", "Sure.")]
    assert agrees_to_help(turns, [True, False, False], 2) == ["Sure"]


@pytest.mark.parametrize(
    ("turns", "asked"),
    [
        ([REQUEST, Turn("officer", "Sure.")], [False, False]),
        ([REQUEST, Turn("community", "Sure.")], [True, False]),
        ([REQUEST, Turn("officer", "Yeah, no, I can't do that for you tonight, sir.")], [True, False]),
        ([REQUEST, Turn("officer", "Yeah, but not now.")], [True, False]),
        ([REQUEST, Turn("officer", "Sure you are?")], [True, False]),
        ([REQUEST, Turn("officer", "Step back.")], [True, False]),
        ([REQUEST, Turn("officer", "Hold on."), Turn("officer", "Yeah.")], [True, False, False]),
        ([Turn("officer", "Yeah.")], [False]),
    ],
)
def test_nothing_else_does(turns: list[Turn], asked: list[bool]) -> None:
    assert agrees_to_help(turns, asked, len(turns) - 1) == []
