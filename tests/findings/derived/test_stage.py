from __future__ import annotations

import json
from pathlib import Path

from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.finding import DERIVED_KINDS, Finding
from bodyworn.findings.stages.derived import STAGE
from tests.findings.derived.conversations import derive


def test_nothing_said_gives_nothing(tmp_path: Path) -> None:
    assert derive(tmp_path) == {}


def test_findings_are_of_the_family_and_survive_json(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        ("officer", 1, "I'm Officer Quan with the city police, step out, step out", ("command", "courtesy")),
        ("community", 9, "I can't breathe I need a doctor", ("distress", "medical")),
        ("officer", 13, "okay, breathe, medics are coming", ("reassurance", "medical")),
        ("officer", 20, "don't move", ("command",)),
        ("officer", 23, "show me your hands", ("command",)),
        ("officer", 30, "take care", ("courtesy",)),
    )
    assert set(found) == set(DERIVED_KINDS) - {"opening_with_reason"}
    for finding in (one for kind in found.values() for one in kind):
        again = json.loads(json.dumps(finding))
        assert to_json(from_json(Finding, again)) == finding
        assert finding["made_by"] == f"derived@{STAGE.version}"
        assert 0 < finding["score"] <= 0.8, "no surer than the words, the role and the cue"


def test_a_community_role_corrected_to_officer_moves_the_findings(tmp_path: Path) -> None:
    turns = [
        ("community", 5.0, "I can't do this anymore", ("distress",)),
        ("unknown", 12.0, "it will be okay", ("reassurance",)),
    ]
    before = derive(tmp_path, *turns)
    after = derive(tmp_path, turns[0], ("officer", *turns[1][1:]))
    assert before["distress_to_compassion"][0]["evidence"]["measures"]["answer"] == "none heard"
    assert after["distress_to_compassion"][0]["evidence"]["measures"]["delay_ms"] == 7000
