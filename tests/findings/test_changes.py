"""What a correction changed, told from two analyses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.finding import Finding
from bodyworn.domain.span import Span
from bodyworn.findings.changes import AnalysisChanges, RoleChange, changes
from bodyworn.findings.document import Analysis

STAYS = Finding("command", Span(0, 900), 0.9, "cues@2", "officer", "S1")
GOES = Finding("courtesy", Span(0, 900), 0.8, "cues@2", "officer", "S1")
MOVES = Finding("distress", Span(5_000, 7_000), 0.9, "cues@2", "community", "S2")
COMES = Finding("gratitude", Span(8_000, 9_000), 0.7, "cues@2", "community_2", "S2")


@pytest.fixture
def before(new_library: Callable[..., Library], clip: Path) -> Analysis:
    library = new_library()
    recording = library.recordings.ingest(clip)
    library.findings.run(recording)
    return replace(library.findings.analysis(recording), findings=(STAYS, GOES, MOVES))


def test_findings_come_go_and_become_another_persons(before: Analysis) -> None:
    moved = replace(MOVES, role="community_2", score=0.5)
    after = replace(before, findings=(replace(STAYS, score=0.4), moved, COMES))
    assert changes(before, after) == AnalysisChanges((), (COMES,), (GOES,), (moved,))


def test_roles_change_and_speakers_go(before: Analysis) -> None:
    first, second = before.speakers["S1"], before.speakers["S2"]
    after = replace(before, speakers={"S1": replace(first, role="dispatch")})
    assert changes(before, after).roles == (
        RoleChange("S1", first.role, "dispatch"),
        RoleChange("S2", second.role, None),
    )


def test_the_same_analysis_has_no_changes(before: Analysis) -> None:
    assert changes(before, before) == AnalysisChanges((), (), (), ())
