"""What a correction changed: roles of speakers, and findings that came, went, or are another person's now."""

from __future__ import annotations

from dataclasses import dataclass

from bodyworn.domain.finding import Finding
from bodyworn.findings.document import Analysis


@dataclass(frozen=True)
class RoleChange:
    """The role of a speaker before and after; ``None`` where there is no such speaker then."""

    speaker: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class AnalysisChanges:
    """How one analysis differs from an earlier one of the same recording; ``moved`` findings have another role now."""

    roles: tuple[RoleChange, ...]
    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    moved: tuple[Finding, ...]


def changes(before: Analysis, after: Analysis) -> AnalysisChanges:
    """What is different in ``after``. Findings of one kind at one place are the same finding."""
    names = sorted({*before.speakers, *after.speakers})
    roles = [RoleChange(name, _role(before, name), _role(after, name)) for name in names]
    old, now = ({_place(finding): finding for finding in one.findings} for one in (before, after))
    return AnalysisChanges(
        roles=tuple(change for change in roles if change.before != change.after),
        new=tuple(finding for place, finding in now.items() if place not in old),
        gone=tuple(finding for place, finding in old.items() if place not in now),
        moved=tuple(finding for place, finding in now.items() if place in old and old[place].role != finding.role),
    )


def _role(analysis: Analysis, speaker: str) -> str | None:
    found = analysis.speakers.get(speaker)
    return found.role if found is not None else None


def _place(finding: Finding) -> tuple[str, int, int]:
    return finding.kind, finding.span.start_ms, finding.span.end_ms
