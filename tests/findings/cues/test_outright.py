"""What is said outright is never missed, and what only sounds like it is not taken for it."""

from __future__ import annotations

import pytest

from bodyworn.findings.cues.outright import said_outright


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to live anymore.",
        "i just want to die",
        "I’m going to kill myself tonight",
        "She said she's gonna kill herself, and hung up.",
        "I wish I was dead.",
        "they'd be better off, I'm better off dead",
        "He's threatening to kill himself.",
        "I was thinking about ending my life",
    ],
)
def test_said_outright(text: str) -> None:
    assert said_outright("community", text)


@pytest.mark.parametrize(
    "text",
    [
        "am I gonna die please I don't wanna die",
        "I'm gonna kill myself if they bring in the lefty.",
        "This traffic is killing me.",
        "He's drinking himself to death.",
        "I could have died of shame.",
        "I don't want to live with my brother.",
    ],
)
def test_not_said(text: str) -> None:
    assert said_outright("community", text) == []


def test_officers_ask_such_things() -> None:
    assert said_outright("officer_2", "So you told her you want to kill yourself? I want to die, you said?") == []
    assert said_outright("unknown", "I want to die.") == ["I", "want", "to", "die"]
