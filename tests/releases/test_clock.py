"""The legal clock: deadlines only from a rules file, and a wrong file is refused with its fault named."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bodyworn.domain.errors import InputError
from bodyworn.releases.clock import deadlines

RULES: dict[str, Any] = {
    "jurisdiction": "Example State",
    "version": "1",
    "rules": [
        {"name": "serious injury", "from": "incident", "days": 45, "extension_days": 30, "basis": "§ 1"},
        {"name": "answer", "from": "request", "days": 5, "business_days": True},
        {"name": "complaint", "from": "complaint", "days": 21},
    ],
}


def rules_file(folder: Path, rules: object) -> Path:
    path = folder / "rules.json"
    path.write_text(json.dumps(rules))
    return path


def test_only_rules_whose_start_is_known_give_a_deadline(tmp_path: Path) -> None:
    found = deadlines(rules_file(tmp_path, RULES), {"incident": date(2026, 8, 5), "request": date(2026, 8, 7)})
    assert [(item.rule, item.due) for item in found] == [
        ("answer", date(2026, 8, 14)),
        ("serious injury", date(2026, 9, 19)),
    ]
    assert found[1].extended == date(2026, 10, 19)


def test_rules_that_nobody_checked_say_so(tmp_path: Path) -> None:
    unchecked = deadlines(rules_file(tmp_path, RULES), {"complaint": date(2026, 1, 1)})
    checked = {**RULES, "checked_by": "counsel", "checked_on": "2026-01-01"}
    assert not unchecked[0].checked
    assert deadlines(rules_file(tmp_path, checked), {"complaint": date(2026, 1, 1)})[0].checked


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"rules": [{"name": "x", "from": "never", "days": 1}], "jurisdiction": "x"},
        {"rules": [{"name": "x", "from": "incident", "days": -1}], "jurisdiction": "x"},
        {"rules": [{"from": "incident", "days": 1}], "jurisdiction": "x"},
        [],
    ],
)
def test_a_wrong_rules_file_is_refused(tmp_path: Path, rules: object) -> None:
    with pytest.raises(InputError, match="rules file"):
        deadlines(rules_file(tmp_path, rules), {})
