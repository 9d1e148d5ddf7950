"""The table of rules and the word lists: complete, unambiguous, and all in use."""

from __future__ import annotations

import json
from pathlib import Path

from bodyworn.redactions.spoken import rules, words

HERE = Path(rules.__file__).parent
SOURCES = {path.name: path.read_text() for path in HERE.glob("*.py")}


def test_every_rule_has_its_own_id_and_is_used() -> None:
    written = SOURCES["rules.py"]
    assert written.count("SpokenRule(\n") + written.count('SpokenRule("') == len(rules.RULES)
    others = "".join(text for name, text in SOURCES.items() if name != "rules.py")
    assert [rule for rule in rules.RULES if f'"{rule}"' not in others] == []


def test_every_confidence_is_one() -> None:
    assert all(0.5 <= rule.confidence <= 1 for rule in rules.RULES.values())


def test_every_word_list_is_used_and_holds_words_in_lower_case() -> None:
    lists = json.loads((HERE / "word_lists.json").read_text())
    code = "".join(SOURCES.values())
    assert [name for name in lists if f'word_list("{name}")' not in code] == []
    for name in lists:
        found = words.word_list(name)
        assert found
        assert all(word == word.lower() for word in found)
