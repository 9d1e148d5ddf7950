"""The table of spoken rules and the word lists they read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bodyworn.redactions import spoken
from bodyworn.redactions.spoken import rules, word_lists
from bodyworn.redactions.spoken.rules import SpokenRule

TABLE = [value for value in vars(rules).values() if isinstance(value, SpokenRule)]
SOURCES = "".join(path.read_text() for path in Path(spoken.__file__).parent.glob("*.py"))


def test_every_rule_has_a_name_of_its_own_and_a_reason() -> None:
    assert len({rule.id for rule in TABLE}) == len(TABLE)
    assert all(rule.why for rule in TABLE)


def test_every_rule_is_sure_enough_to_propose() -> None:
    weak = [rule.id for rule in TABLE if not rules.LEAST_SURE <= rule.confidence <= 1]
    assert weak == ["name-by-network"]


def test_every_rule_is_used() -> None:
    names = {name for name, value in vars(rules).items() if isinstance(value, SpokenRule)}
    assert names - set(re.findall(r"\brules\.([A-Z_]+)", SOURCES)) == set()


def test_no_confidence_stands_outside_the_table() -> None:
    assert re.findall(r"SpokenProposal\([^)]*\b0\.\d+", SOURCES) == []


def test_every_word_list_is_read_and_holds_plain_words() -> None:
    lists = tomllib.loads(word_lists.FILE.read_text())
    names = {f"{section}.{key}" for section, keys in lists.items() for key in keys}
    assert names == set(re.findall(r'listed\("([^"]+)"\)', SOURCES)) - {"section.name"}
    assert all(word == word.lower() for name in names for word in word_lists.listed(name))
