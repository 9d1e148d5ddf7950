"""The legal clock: from dates to deadlines, by a rules file that a lawyer has checked.

A rules file is JSON: ``{"jurisdiction": …, "version": …, "checked_by": …, "checked_on": "YYYY-MM-DD", "rules":
[{"name", "from": "incident|complaint|request", "days": 45, "business_days": false, "extension_days": 30, "basis"}],
"grounds": {"identity.face": "§ 7", …}}``. None is built in: laws change, and a wrong deadline in the product would be
worse than none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bodyworn.domain.errors import InputError

STARTS = ("incident", "complaint", "request")


@dataclass(frozen=True)
class Deadline:
    """One deadline: what is due by when, under which rule; ``extended`` is the last day with the extension used."""

    rule: str
    basis: str
    due: date
    extended: date | None
    jurisdiction: str
    checked: bool

    def to_json(self) -> dict[str, Any]:
        """As it stands in a release's record."""
        return {
            "rule": self.rule,
            "basis": self.basis,
            "due": self.due.isoformat(),
            "extended": self.extended.isoformat() if self.extended else None,
            "jurisdiction": self.jurisdiction,
            "checked": self.checked,
        }


def deadlines(rules_file: Path, dates: Mapping[str, date]) -> list[Deadline]:
    """Deadlines that ``dates`` (by the names in ``STARTS``) give under the rules, soonest first."""
    rules = _read(rules_file)
    checked = bool(rules.get("checked_by") and rules.get("checked_on"))
    found = []
    for rule in rules["rules"]:
        start = dates.get(rule["from"])
        if start is None:
            continue
        due = _after(start, rule["days"], business=rule.get("business_days", False))
        more = rule.get("extension_days", 0)
        extended = _after(due, more, business=rule.get("business_days", False)) if more else None
        found.append(Deadline(rule["name"], rule.get("basis", ""), due, extended, rules["jurisdiction"], checked))
    return sorted(found, key=lambda item: item.due)


def grounds(rules_file: Path) -> dict[str, str]:
    """The legal ground of each reason code, as the rules name them."""
    named = _read(rules_file).get("grounds", {})
    if not isinstance(named, dict) or not all(isinstance(ground, str) for ground in named.values()):
        raise InputError(
            f"the grounds in {rules_file.name} are not a table of texts", "See docs/releases.md for its shape"
        )
    return dict(named)


def _read(path: Path) -> Any:
    """The rules file; :class:`InputError` that names the first thing that is wrong with it."""
    try:
        rules = json.loads(path.read_text())
        for rule in rules["rules"]:
            if rule["from"] not in STARTS or not isinstance(rule["days"], int) or rule["days"] < 0:
                raise ValueError(f"rule {rule.get('name')!r}")
            rule["name"]
        rules["jurisdiction"]
    except OSError:
        raise InputError(f"the rules file {path.name} cannot be read", "Check the path and its permissions") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"the rules file {path.name} cannot be used ({error})", "See docs/releases.md for its shape"
        ) from None
    return rules


def _after(start: date, days: int, *, business: bool) -> date:
    if not business:
        return start + timedelta(days=days)
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
