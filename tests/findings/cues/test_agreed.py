"""A short agreement counts as help only where it directly answers a request for help."""

from __future__ import annotations

import pytest

from bodyworn.findings.cues.agreed import agrees_to_help
from bodyworn.findings.cues.turns import CueTurn

REQUEST = CueTurn("community", "Can I have a hug? I need a hug.")


@pytest.mark.parametrize(
    "said", ["Sure. Sure. Yeah.", "sure yeah", "Of course.", "Oh, absolutely, come here.", "Yes, ma'am, I will."]
)
def test_a_short_yes_to_a_request_for_help_agrees(said: str) -> None:
    turns = [REQUEST, CueTurn("officer", said)]
    assert agrees_to_help(turns, [True, False], 1) == said.replace(",", "").replace(".", "").split()


def test_radio_in_between_does_not_matter() -> None:
    turns = [REQUEST, CueTurn("dispatch", "Two fourteen, status?"), CueTurn("officer", "Sure.")]
    assert agrees_to_help(turns, [True, False, False], 2) == ["Sure"]


@pytest.mark.parametrize(
    ("turns", "asked"),
    [
        ([REQUEST, CueTurn("officer", "Sure.")], [False, False]),
        ([REQUEST, CueTurn("community", "Sure.")], [True, False]),
        ([REQUEST, CueTurn("officer", "Yeah, no, I can't do that for you tonight, sir.")], [True, False]),
        ([REQUEST, CueTurn("officer", "Yeah, but not now.")], [True, False]),
        ([REQUEST, CueTurn("officer", "Sure you are?")], [True, False]),
        ([REQUEST, CueTurn("officer", "Step back.")], [True, False]),
        ([REQUEST, CueTurn("officer", "Hold on."), CueTurn("officer", "Yeah.")], [True, False, False]),
        ([CueTurn("officer", "Yeah.")], [False]),
    ],
)
def test_nothing_else_does(turns: list[CueTurn], asked: list[bool]) -> None:
    assert agrees_to_help(turns, asked, len(turns) - 1) == []
