"""A rules file is read strictly, and a wrong guess keeps: it never removes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.encounter_facts import EncounterFact, FactKind, FactSheet, FactSource, FactSourceKind
from bodyworn.domain.errors import InputError
from bodyworn.domain.recording import Recording
from bodyworn.domain.retention import RetentionState
from bodyworn.retention.rules import parse_rules, read_rules, remarks_on
from bodyworn.retention.schedule import entry_of, sorted_by

CHECKED = 'basis = "Policy 4"\nchecked_by = "A. Counsel"\nchecked_on = 2026-02-01\n'
LATER = datetime(2026, 6, 1, tzinfo=UTC)


def rule(category: str, outcome: str, days: int, more: str = "") -> str:
    return f'[[rules]]\ncategory = "{category}"\noutcome = "{outcome}"\ndays = {days}\n{CHECKED}{more}\n'


def recording(**sidecar: str) -> Recording:
    facts = {"duration_ms": 1000, "recorded_at": "2026-01-01T10:00:00Z"}
    return Recording("rec_a", "a.mp4", 1, "0" * 64, "0" * 128, datetime(2026, 3, 1, tzinfo=UTC), facts, sidecar)


def sheet(*facts: tuple[FactKind, str, FactSourceKind]) -> FactSheet:
    return FactSheet(tuple(EncounterFact(kind, value, FactSource(source)) for kind, value, source in facts), (), ())


def state(text: str, facts: FactSheet | None = None, **sidecar: str) -> tuple[RetentionState, str]:
    one = recording(**sidecar)
    entry = entry_of(one, sorted_by(one, facts), parse_rules(text.encode()), (), LATER)
    return entry.state, f"{entry.due_at:%Y-%m-%d}" if entry.due_at else ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rules = 3", "1 to 10000 tables"),
        ("", "1 to 10000 tables"),
        ("[[rules]\n", "not TOML"),
        ("\ufeff\x00", "not TOML"),
        (rule("a", "b", 0), "rule 1: days must be a whole number"),
        (rule("a", "b", 10) + rule("A", "B", 20), "rules 1 and 2 are both for a, b"),
        (rule("a*", "b", 10), "category must be a word, or \\* for any"),
        (rule("a", "b", 10).replace("basis", "base"), "rule 1 does not say basis"),
        (rule("a", "b", 10, "kept = 1"), "nothing is known of 'kept'"),
        (rule("a", "b", 10).replace("2026-02-01", '"soon"'), "checked_on must be a day"),
        (rule("a", "b", 10).replace('"Policy 4"', '" "'), "basis must be text"),
        (rule("a", "b", 10, 'counted_from = "birth"'), "counted_from"),
        (rule("a", "b", 10) + "[published]\nkeep = 1\n" + CHECKED, "keep"),
        (rule("a", "b", 10) + "[other]\n", "nothing is known of 'other'"),
    ],
)
def test_a_rules_file_that_is_wrong_says_where(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse_rules(text.encode())


def test_a_file_that_is_no_rules_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"rules\.toml: that is not TOML"):
        read_rules(path)


def test_what_rules_leave_open_is_remarked() -> None:
    said = " ".join(remarks_on(parse_rules(rule("a", "b", 10).encode()), date(2026, 1, 1)))
    assert "no rule is for any category" in said
    assert "published packages stay" in said
    assert "which is a day to come" in said


FACTS = sheet(
    (FactKind.REASON, "Speeding", FactSourceKind.DISPATCH), (FactKind.OUTCOME, "warning", FactSourceKind.PERSON)
)
EXACT, ANY = rule("speeding", "warning", 30), rule("*", "*", 300)


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        (EXACT, FACTS, (RetentionState.DUE, "2026-03-31")),
        (EXACT + ANY, FACTS, (RetentionState.DUE, "2026-03-31")),
        (EXACT, None, (RetentionState.NOT_COVERED, "")),
        (EXACT + ANY, None, (RetentionState.NOT_YET, "2026-12-26")),
        (rule("speeding", "arrest", 30), FACTS, (RetentionState.NOT_COVERED, "")),
        (rule("speeding", "*", 30) + rule("*", "warning", 60), FACTS, (RetentionState.DUE, "2026-04-30")),
        (rule("speeding", "warning", 30, 'counted_from = "recorded"'), FACTS, (RetentionState.DUE, "2026-01-31")),
    ],
)
def test_the_most_exact_rule_counts_and_what_none_covers_is_kept(
    text: str, facts: FactSheet | None, expected: tuple[RetentionState, str]
) -> None:
    assert state(text, facts) == expected


def test_sources_that_disagree_or_words_that_were_heard_only_make_it_stay_longer() -> None:
    heard = (FactKind.OUTCOME, "arrest", FactSourceKind.SAID)
    both = FactSheet((*FACTS.facts, *sheet(heard).facts), (), ())
    assert state(EXACT, both) == (RetentionState.NOT_COVERED, "")
    assert state(EXACT + rule("speeding", "arrest", 900), both)[0] is RetentionState.NOT_YET
    only_heard = sheet(
        (FactKind.REASON, "speeding", FactSourceKind.SAID), (FactKind.OUTCOME, "warning", FactSourceKind.SAID)
    )
    assert state(EXACT, only_heard) == (RetentionState.NOT_COVERED, ""), "a guess alone lets nothing go"


def test_the_category_of_a_sidecar_counts() -> None:
    assert state(rule("training_video", "*", 30), None, category="Training video")[0] is RetentionState.DUE


def test_a_clock_ahead_of_ingesting_is_not_believed() -> None:
    one = recording(started_at_utc="2036-01-01T00:00:00Z")
    rules = parse_rules(rule("*", "*", 30, 'counted_from = "recorded"').encode())
    entry = entry_of(one, sorted_by(one, None), rules, (), LATER)
    assert f"{entry.due_at:%Y-%m-%d}" == "2026-03-31"


def test_a_plan_names_what_would_go_and_changes_nothing(new_library: Callable[..., Library]) -> None:
    from tests.makers.cameras import filmed

    library = new_library()
    one = filmed(library, "front", outcome="warning")
    text = rule("*", "warning", 1, 'counted_from = "recorded"')
    (entry,) = library.retention.plan(parse_rules(text.encode()))
    assert (entry.recording, entry.state, entry.goes["recordings"], entry.goes["sidecars"]) == (
        one.id,
        RetentionState.DUE,
        1,
        1,
    )
    assert entry.goes["files"] == 2
    assert library.recordings.get(one.id) == one
