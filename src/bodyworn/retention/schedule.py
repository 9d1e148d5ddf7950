"""What the rules say of each recording: due, held, not yet, not covered. A wrong guess must keep, never remove.

Category and outcome come from facts of the encounter and fields of the recording. Sources may disagree, and what was
only heard is a guess: the rule of **every** value must cover it, and the longest of them counts. A value that was only
heard can make a recording stay longer, and never shorter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bodyworn.domain.encounter_facts import UNKNOWN, FactKind, FactSheet, FactSourceKind
from bodyworn.domain.recording import Recording
from bodyworn.domain.retention import (
    CountedFrom,
    LegalHold,
    RetentionEntry,
    RetentionRule,
    RetentionRules,
    RetentionState,
    folded_word,
)
from bodyworn.encounters.clocks import clock_of, sidecar_of

#: The field of a sidecar that names a category; docs/guide/retention.md tells of it.
CATEGORY_FIELD = "category"


@dataclass(frozen=True)
class Sorted:
    """The categories and outcomes that sources give a recording; ``unknown`` is among them where nobody states one."""

    categories: tuple[str, ...]
    outcomes: tuple[str, ...]


def sorted_by(recording: Recording, sheet: FactSheet | None) -> Sorted:
    """The categories and outcomes of a recording."""
    field = sidecar_of(recording).get(CATEGORY_FIELD)
    stated = [str(field)] if isinstance(field, str) and field.strip() else []
    return Sorted(_values(sheet, FactKind.REASON, stated), _values(sheet, FactKind.OUTCOME, []))


def _values(sheet: FactSheet | None, kind: FactKind, stated: list[str]) -> tuple[str, ...]:
    facts = sheet.of(kind) if sheet is not None else []
    firm = {folded_word(one) for one in stated}
    firm |= {folded_word(fact.value) for fact in facts if fact.source.kind is not FactSourceKind.SAID}
    heard = {folded_word(fact.value) for fact in facts if fact.source.kind is FactSourceKind.SAID}
    return tuple(sorted((firm or {UNKNOWN}) | heard))


def entry_of(
    recording: Recording,
    by: Sorted,
    rules: RetentionRules,
    holds: Sequence[LegalHold],
    now: datetime,
) -> RetentionEntry:
    """What the rules say of a recording; a hold wins over everything."""
    due = _longest(recording, by, rules)
    rule, due_at = due if isinstance(due, tuple) else (None, None)
    if holds:
        reasons = "; ".join(f"{one.id} for {one.holder}: {one.reason}" for one in holds)
        state, because = RetentionState.HELD, f"it is under legal hold ({reasons})"
    elif rule is None or due_at is None:
        state, because = RetentionState.NOT_COVERED, f"no rule covers {due}, and what no rule covers is kept"
    elif due_at > now:
        state, because = RetentionState.NOT_YET, f"it is kept until {due_at:%Y-%m-%d} by the rule {rule}"
    else:
        state, because = RetentionState.DUE, f"it was kept until {due_at:%Y-%m-%d} by the rule {rule}"
    return RetentionEntry(
        recording.id,
        recording.name,
        recording.sha256,
        state,
        because,
        due_at,
        rule,
        tuple(one.id for one in holds),
        tuple(_notes(by)),
    )


def _longest(recording: Recording, by: Sorted, rules: RetentionRules) -> tuple[RetentionRule, datetime] | str:
    """The rule that keeps it longest, and until when; or the category and outcome that no rule covers."""
    found: list[tuple[datetime, RetentionRule]] = []
    for category in by.categories:
        for outcome in by.outcomes:
            rule = rules.rule_for(category, outcome)
            if rule is None:
                return f"the category {category} with the outcome {outcome}"
            found.append((_start(recording, rule) + timedelta(days=rule.days), rule))
    due_at, rule = max(found, key=lambda one: one[0])
    return rule, due_at


def _start(recording: Recording, rule: RetentionRule) -> datetime:
    """The moment that a rule counts from. A camera's clock that runs ahead of ingesting is not believed."""
    clock = clock_of(recording) if rule.counted_from is CountedFrom.RECORDED else None
    if clock is None or clock.ends_at > recording.taken_in_at:
        return recording.taken_in_at
    return clock.ends_at


def _notes(by: Sorted) -> Iterable[str]:
    for name, values in (("category", by.categories), ("outcome", by.outcomes)):
        if len(values) > 1:
            yield f"the longest rule counts, for its {name} may be {' or '.join(values)}"


def schedule(
    recordings: Iterable[Recording],
    sheets: Mapping[str, FactSheet],
    rules: RetentionRules,
    held: Mapping[str, Sequence[LegalHold]],
    now: datetime,
) -> list[RetentionEntry]:
    """What the rules say of each recording; ``sheets`` and ``held`` are by the id of the recording."""
    return [entry_of(one, sorted_by(one, sheets.get(one.id)), rules, held.get(one.id, ()), now) for one in recordings]
