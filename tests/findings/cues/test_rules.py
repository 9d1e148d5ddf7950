"""Rules beside the model: each says in an explanation that it changed a score."""

from __future__ import annotations

import pytest

from bodyworn.findings.cues.calibration import KINDS
from bodyworn.findings.cues.reading import Reading, nothing, read_as
from bodyworn.findings.cues.rules import AGREES, ALARM, DENIAL, ONLY_YES, SAID_OUTRIGHT, with_rules
from bodyworn.findings.cues.turns import CueTurn

ASKED = CueTurn("officer", "Are you thinking about hurting yourself?")


def scored(**kinds: float) -> Reading:
    return read_as(dict.fromkeys(KINDS, 0.1) | kinds)


@pytest.mark.parametrize(
    ("turn", "kind", "rule"),
    [
        (CueTurn("community", "I want to kill myself."), "self_harm_risk", SAID_OUTRIGHT),
        (CueTurn("dispatch", "Shots fired."), "safety_risk", ALARM),
    ],
)
def test_a_rule_that_raises_a_kind_is_named_with_its_words(turn: CueTurn, kind: str, rule: str) -> None:
    (reading,) = with_rules([turn], [nothing()])
    assert kind in reading.kinds
    assert reading.rules == {kind: rule}
    assert reading.words[kind]
    assert reading.in_context[kind] == 0.0


def test_a_rule_that_changes_nothing_is_not_named() -> None:
    (reading,) = with_rules([CueTurn("dispatch", "Shots fired.")], [scored(safety_risk=0.9)])
    assert reading.rules == {}
    assert reading.scores["safety_risk"] == 0.9


@pytest.mark.parametrize("text", ["Sure. Sure.", "yeah yeah okay", "Uh-huh. Of course.", "Yes!"])
def test_nothing_but_a_yes_is_no_order(text: str) -> None:
    (reading,) = with_rules([CueTurn("officer", text)], [scored(command=0.6)])
    assert "command" not in reading.kinds
    assert reading.rules == {"command": ONLY_YES}
    assert reading.in_context["command"] == 0.6


@pytest.mark.parametrize("text", ["Okay, stop.", "Yeah, hands up.", "Right, right!", "Stop. Stop."])
def test_a_yes_with_an_order_stays_one(text: str) -> None:
    (reading,) = with_rules([CueTurn("officer", text)], [scored(command=0.6)])
    assert "command" in reading.kinds


def test_a_denial_takes_the_kind_away_and_keeps_what_the_model_thought() -> None:
    turns = [ASKED, CueTurn("community", "No, nothing like that.")]
    readings = with_rules(turns, [nothing(), scored(self_harm_risk=0.9)])
    assert readings[1].kinds == ()
    assert readings[1].rules == {"self_harm_risk": DENIAL}
    assert readings[1].in_context["self_harm_risk"] == 0.9


def test_a_yes_to_a_request_is_named() -> None:
    turns = [CueTurn("community", "Can I have a hug?"), CueTurn("officer", "Sure. Yeah.")]
    readings = with_rules(turns, [scored(help_request=0.9), nothing()])
    assert readings[1].rules == {"supportive_act": AGREES}
