"""Fixed phrases with one meaning: found wherever they stand, and never in a question, a denial or a story."""

from __future__ import annotations

import pytest

from bodyworn.findings.cues.alarms import raised_by
from bodyworn.findings.cues.outright import said_outright

MEANT = (
    ("officer", "Shots fired! Shots fired!", {"safety_risk"}),
    ("dispatch", "Officer down, all units.", {"safety_risk"}),
    ("unknown", "gun gun gun", {"safety_risk"}),
    ("officer", "He's got a knife!", {"safety_risk"}),
    ("community", "She has a gun.", {"safety_risk"}),
    ("dispatch", "suspect is armed with a rifle", {"safety_risk"}),
    ("community", "Please don't shoot me.", {"distress"}),
    ("community", "please dont shoot", {"distress"}),
    ("community_2", "I can’t breathe, man.", {"distress", "medical"}),
    ("unknown", "i cant breathe", {"distress", "medical"}),
    ("officer", "He can't breathe.", {"medical"}),
)
NOT_MEANT = (
    ("community", "Does he have a gun?"),
    ("officer", "He's got a gun?"),
    ("officer", "No shots fired."),
    ("community", "If he has a gun I leave."),
    ("community", "He's got a gun permit."),
    ("community", "I thought he has a knife."),
    ("officer", "I can't breathe in this vest."),
    ("officer", "Don't shoot him, he said."),
    ("officer", "Nobody is armed with a gun."),
)


@pytest.mark.parametrize(("role", "text", "kinds"), MEANT)
def test_what_is_said_in_so_many_words_raises_its_kinds(role: str, text: str, kinds: set[str]) -> None:
    found = raised_by(role, text)
    assert set(found) == kinds
    assert all(words for words in found.values())


@pytest.mark.parametrize(("role", "text"), NOT_MEANT)
def test_questions_denials_and_stories_raise_nothing(role: str, text: str) -> None:
    assert raised_by(role, text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "I feel like jumping.",
        "I took all my pills.",
        "She swallowed the whole bottle of sleeping pills",
        "Just shoot me.",
        "go ahead and kill me",
        "i dont want to be here any more",
        "Nobody would miss me.",
        "I just want it all to be over.",
    ],
)
def test_veiled_wishes_with_one_meaning_are_found(text: str) -> None:
    assert said_outright("community", text)


@pytest.mark.parametrize(
    "text",
    ["Oh, just shoot me.", "shoot me down baby", "I took all the boxes.", "I want to be here.", "This is killing me."],
)
def test_idiom_is_no_wish_to_die(text: str) -> None:
    assert said_outright("community", text) == []
