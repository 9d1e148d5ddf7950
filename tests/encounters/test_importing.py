"""Dispatch records come in by a mapping file: once each, matched by number; what is hostile ends in the report."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.encounter_facts import FactKind
from bodyworn.domain.errors import InputError, UnreadableInput
from bodyworn.domain.progress import no_progress
from bodyworn.encounters.dispatch import importing
from bodyworn.encounters.dispatch.records import ImportReport
from tests.makers.cameras import filmed

Opened = Callable[..., Library]
MAPPING = """format = "csv"
system = "Tri-County CAD"
[fields]
number = "Incident"
started_at = "Received"
place = "Address"
unit = "Unit"
reason = "Nature"
outcome = "Disposition"
[people]
officer = "Officer"
[values.outcome]
WRN = "warning"
[clock]
times = ["started_at"]
zone = "America/Denver"
"""
HEADER = "Incident,Received,Address,Unit,Nature,Disposition,Officer\n"
FIRST = "26-0193,2026-03-01T05:00:00,100 Main St,12,SPEEDING,WRN,R. Diaz\n"
SECOND = "26-0194,2026-03-01T06:00:00,2 Elm St,14,WELFARE CHECK,,\n"


def imported(library: Library, folder: Path, records: str | bytes, mapping: str = MAPPING) -> ImportReport:
    (folder / "records").write_bytes(records if isinstance(records, bytes) else records.encode())
    (folder / "map.toml").write_text(mapping)
    return library.encounters.import_records(folder / "records", folder / "map.toml")


def why(report: ImportReport) -> list[tuple[int, str]]:
    assert (report.added, report.changed) == (0, 0)
    return [(one.row, one.why) for one in report.quarantined]


def test_records_are_facts_of_the_encounters_that_have_their_number(new_library: Opened, tmp_path: Path) -> None:
    library = new_library()
    filmed(library, "a", dispatch_number="26-0193")
    report = imported(library, tmp_path, HEADER + FIRST + SECOND)
    assert (report.added, report.changed, report.known, report.matched, report.quarantined_rows) == (2, 0, 0, 1, 0)
    sheet = library.encounters.facts(library.encounters.get("a.wav"))
    dispatched = {fact.kind: fact for fact in sheet.facts if fact.source.kind == "dispatch"}
    assert {kind.value: fact.value for kind, fact in dispatched.items()} == {
        "dispatch_number": "26-0193",
        "date": "2026-03-01T12:00:00.000Z",
        "place": "100 Main St",
        "unit": "12",
        "reason": "SPEEDING",
        "outcome": "warning",
        "person": "R. Diaz",
    }
    assert dispatched[FactKind.PERSON].role == "officer"
    assert dispatched[FactKind.REASON].source.field_name == "reason"
    assert library.verify(no_progress, note=False).holds


def test_importing_again_adds_only_what_is_new(new_library: Opened, tmp_path: Path) -> None:
    library = new_library()
    filmed(library, "a", dispatch_number="26-0193")
    imported(library, tmp_path, HEADER + FIRST)
    report = imported(library, tmp_path, HEADER + FIRST + SECOND)
    assert (report.added, report.changed, report.known) == (1, 0, 1)
    report = imported(library, tmp_path, HEADER + FIRST + SECOND)
    assert (report.added, report.changed, report.known) == (0, 0, 2)
    report = imported(library, tmp_path, HEADER + FIRST.replace("WRN", "CITE"))
    assert (report.added, report.changed, report.known) == (0, 1, 0)
    sheet = library.encounters.facts(library.encounters.get("a.wav"))
    assert [fact.value for fact in sheet.of(FactKind.OUTCOME)] == ["CITE"], "the version that came last"
    tags = [event.tag for event in library.audit_log.newest(20)]
    assert tags.count("encounters.imported") == 4
    assert library.verify(no_progress, note=False).holds


def test_json_with_a_list_at_a_place_and_values_below_keys(new_library: Opened, tmp_path: Path) -> None:
    library = new_library()
    calls = [
        {"id": {"no": "1"}, "unit": 12, "lat": 39.7, "lon": -104.9},
        {"id": {}},
        7,
        {"id": {"no": "2"}, "unit": []},
    ]
    mapping = (
        'format = "json"\nrecords = "data.calls"\n[fields]\nnumber = "id.no"\nunit = "unit"\nlat = "lat"\nlon = "lon"'
    )
    report = imported(library, tmp_path, json.dumps({"data": {"calls": calls}}), mapping)
    assert report.added == 1
    assert [(one.row, one.why) for one in report.quarantined] == [
        (2, "it has no number"),
        (3, "it is no object"),
        (4, "'unit' is a structure, not a value"),
    ]


def test_a_number_that_a_person_states_finds_its_record(new_library: Opened, tmp_path: Path) -> None:
    from bodyworn.encounters.statements import Statement

    library = new_library()
    for name in "ab":
        filmed(library, name, after_s=None)
        one = library.encounters.get(f"{name}.wav")
        library.encounters.edit(one, [Statement(FactKind.NUMBER, "26-0193")], "it is on the report")
    report = imported(library, tmp_path, HEADER + FIRST)
    assert report.matched == 1
    sheet = library.encounters.facts(library.encounters.get("a.wav"))
    assert [fact.value for fact in sheet.of(FactKind.UNIT)] == ["12"]
    (proposal,) = library.encounters.proposals()
    assert proposal.reasons[0].says == "both have the dispatch number 26-0193"


def test_a_file_of_a_gigabyte_is_quarantined_as_a_whole(new_library: Opened, tmp_path: Path) -> None:
    large, mapping = tmp_path / "records", tmp_path / "map.toml"
    large.touch()
    os.truncate(large, 1 << 30)
    mapping.write_text(MAPPING)
    library = new_library()
    assert why(library.encounters.import_records(large, mapping)) == [
        (0, "the file is larger than a file of records can be (64 MiB)")
    ]
    assert library.audit_log.newest(1)[0].detail["quarantined"] == 1


def test_a_hostile_file_is_quarantined_with_its_rows_and_recorded(new_library: Opened, tmp_path: Path) -> None:
    library = new_library()
    report = imported(library, tmp_path, HEADER + FIRST + SECOND.replace("WELFARE", "=1+1"))
    assert (report.added, report.quarantined_rows) == (1, 1)
    assert library.audit_log.newest(1)[0].detail["quarantined"] == 1
    assert library.verify(no_progress, note=False).holds


def test_what_costs_more_than_it_may_is_quarantined_as_a_whole(
    new_library: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_LIMITS", replace(importing._LIMITS, answer_chars=100))
    found = why(imported(new_library(), tmp_path, HEADER + FIRST))
    assert found == [(0, "what is in the file is more than allowed")]


def test_without_mapping_or_file_nothing_is_guessed(new_library: Opened, tmp_path: Path) -> None:
    library = new_library()
    with pytest.raises(InputError, match="without a mapping file"):
        library.encounters.import_records(tmp_path / "records", None)
    with pytest.raises(UnreadableInput):
        library.encounters.import_records(tmp_path / "absent", tmp_path / "absent.toml")
