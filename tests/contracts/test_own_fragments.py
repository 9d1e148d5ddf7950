"""The fragments that the cue model learns from keep to one form: known kinds, known roles, labels by who speaks."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TypedDict

import pytest

from bodyworn.domain.finding import SPEECH_KINDS
from bodyworn.domain.role import Role, is_officer
from tests.contracts.layers import ROOT

FILES = sorted((ROOT / "training" / "cues" / "invented").rglob("*.jsonl"))
#: What only an officer, and only somebody else, can do with words; a voice without a role may do either.
OF_OFFICERS = {"empathy", "reassurance", "supportive_act", "listening", "explanation", "courtesy", "leniency"}
OF_OFFICERS |= {"deescalation", "command", "force_warning"}
OF_OTHERS = {"distress", "help_request", "gratitude"}


class Turn(TypedDict, total=False):
    speaker: str
    text: str
    labels: list[str]
    debatable: list[str]


class Fragment(TypedDict):
    id: str
    turns: list[Turn]


def fragments() -> list[Fragment]:
    return [json.loads(line) for path in FILES for line in path.read_text("utf-8").splitlines()]


def test_every_id_is_given_once() -> None:
    often = Counter(one["id"] for one in fragments())
    assert often
    assert [name for name, times in often.items() if times > 1] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_turn_says_something_and_is_labeled_with_kinds_that_exist(path: Path) -> None:
    for line in path.read_text("utf-8").splitlines():
        fragment: Fragment = json.loads(line)
        assert fragment["turns"], fragment["id"]
        for turn in fragment["turns"]:
            kinds = [*turn["labels"], *turn.get("debatable", [])]
            assert turn["text"].strip(), fragment["id"]
            assert set(kinds) <= set(SPEECH_KINDS), (fragment["id"], kinds)
            assert len(kinds) == len(set(kinds)), (fragment["id"], turn["text"])


def test_kinds_go_with_the_one_who_speaks() -> None:
    wrong = [
        (one["id"], turn["text"], kind)
        for one in fragments()
        for turn in one["turns"]
        for kind in turn["labels"]
        if turn["speaker"] != Role.UNKNOWN.value and kind in (OF_OTHERS if is_officer(turn["speaker"]) else OF_OFFICERS)
    ]
    assert wrong == []
