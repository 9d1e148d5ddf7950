"""The legal clock: deadlines only from a rules file, and a wrong file is refused with its fault named."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bodyworn.domain.codec import Json
from bodyworn.domain.errors import InputError
from bodyworn.domain.release import Deadline
from bodyworn.releases.clock import days, read_rules

RULES: dict[str, Json] = {
    "jurisdiction": "Example State",
    "version": "1",
    "rules": [
        {"name": "serious injury", "from": "incident", "days": 45, "extension_days": 30, "basis": "§ 1"},
        {"name": "complaint", "from": "complaint", "days": 21},
    ],
    "grounds": {"identity.face": "§ 7(c)"},
}


def rules_file(folder: Path, rules: object) -> Path:
    path = folder / "rules.json"
    path.write_text(json.dumps(rules))
    return path


def answer_within(folder: Path, count: int, calendar: dict[str, Json], **asked: str) -> Deadline:
    rule = {"name": "answer", "from": "request", "days": count, "business_days": True, "extension_days": 2}
    rules = {"jurisdiction": "Example State", "rules": [rule], "holidays": calendar}
    (found,) = read_rules(rules_file(folder, rules)).deadlines(days(**asked))
    return found


def test_only_rules_whose_start_is_known_give_a_deadline(tmp_path: Path) -> None:
    rules = read_rules(rules_file(tmp_path, RULES))
    found = rules.deadlines(days(incident="2026-08-05", request="2026-08-07", complaint=None))
    assert [(item.rule, item.due, item.extended) for item in found] == [("serious injury", "2026-09-19", "2026-10-19")]
    assert found[0].legal_authority == "§ 1"
    assert rules.citations == {"identity.face": "§ 7(c)"}


def test_the_soonest_comes_first(tmp_path: Path) -> None:
    found = read_rules(rules_file(tmp_path, RULES)).deadlines(days(incident="2026-08-05", complaint="2026-08-05"))
    assert [item.due_on for item in found] == [date(2026, 8, 26), date(2026, 9, 19)]


def test_rules_that_are_not_signed_as_checked_say_so(tmp_path: Path) -> None:
    signed = {**RULES, "checked_by": "counsel", "checked_on": "2026-01-01"}
    for rules, checked in ((RULES, False), (signed, True)):
        (found,) = read_rules(rules_file(tmp_path, rules)).deadlines(days(complaint="2026-01-01"))
        assert found.checked is checked


def test_without_a_rules_file_there_is_no_deadline() -> None:
    assert read_rules(None).deadlines(days(incident="2026-01-01")) == []
    assert read_rules(None).citations == {}


US: dict[str, Json] = {"country": "US"}
CALENDARS: dict[str, tuple[dict[str, Json], str, int, str]] = {
    "a plain week": (US, "2026-08-07", 5, "2026-08-14"),
    "Thanksgiving, a Thursday": (US, "2026-11-24", 5, "2026-12-02"),
    "Texas also closes on the Friday after": ({"country": "US", "subdivision": "TX"}, "2026-11-24", 5, "2026-12-03"),
    "Independence Day on a Saturday is observed on Friday": (US, "2026-07-01", 2, "2026-07-06"),
    "Juneteenth on a Friday": (US, "2026-06-17", 2, "2026-06-22"),
    "Juneteenth on a Saturday is observed on Friday": (US, "2027-06-16", 2, "2027-06-21"),
    "Juneteenth on a Sunday is observed on Monday": (US, "2022-06-17", 1, "2022-06-21"),
    "before 2021 Juneteenth was a business day": (US, "2020-06-18", 1, "2020-06-19"),
    "New Year is observed in the year before": (US, "2021-12-30", 1, "2022-01-03"),
    "closed besides": ({**US, "closed": ["2026-12-24"]}, "2026-12-23", 1, "2026-12-28"),
    "open on a holiday": ({**US, "open": ["2026-10-12"]}, "2026-10-09", 1, "2026-10-12"),
    "closed on that holiday": (US, "2026-10-09", 1, "2026-10-13"),
    "a holiday of one state only": ({"country": "US", "subdivision": "MA"}, "2026-04-17", 1, "2026-04-21"),
    "and not of its neighbor": ({"country": "US", "subdivision": "NH"}, "2026-04-17", 1, "2026-04-20"),
}


@pytest.mark.parametrize("name", CALENDARS)
def test_business_days_know_the_holidays_of_their_place(name: str, tmp_path: Path) -> None:
    calendar, asked, count, due = CALENDARS[name]
    assert answer_within(tmp_path, count, calendar, request=asked).due == due


def test_an_extension_in_business_days_counts_on_by_the_same_calendar(tmp_path: Path) -> None:
    assert answer_within(tmp_path, 1, US, request="2026-11-24").extended == "2026-11-30"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"jurisdiction": None}, "jurisdiction"),
        ({"rules": [{"name": "x", "from": "never", "days": 1}]}, "rule 'x'"),
        ({"rules": [{"name": "x", "from": "incident", "days": -1}]}, "rule 'x'"),
        ({"rules": [{"from": "incident", "days": 1}]}, "name"),
        ({"rules": [{"name": "x", "from": "request", "days": 5, "business_day": True}]}, "business_day"),
        ({"rules": [{"name": "x", "from": "request", "days": 5, "business_days": True}]}, "business days need"),
        ({"holidays": {"country": "Atlantis"}}, "Atlantis"),
        ({"holidays": {"country": "US", "subdivision": "Colorado"}}, "Colorado"),
        ({"holidays": {"country": "US", "closed": ["Christmas"]}}, "Christmas"),
        ({"grounds": {"identity.face": 7}}, "identity.face"),
    ],
)
def test_a_wrong_rules_file_is_refused_with_its_fault(tmp_path: Path, change: dict[str, Json], words: str) -> None:
    with pytest.raises(InputError, match="rules file") as caught:
        read_rules(rules_file(tmp_path, {**RULES, **change}))
    assert words in caught.value.what


@pytest.mark.parametrize("rules", [[], "x", {}])
def test_what_is_no_rules_file_is_refused(tmp_path: Path, rules: object) -> None:
    with pytest.raises(InputError, match="rules file"):
        read_rules(rules_file(tmp_path, rules))


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="not a day"):
        days(incident="08/05/2026")
