"""A file of records is read row by row: what fits is mapped, what is hostile ends in a list with the reason of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.domain.codec import from_json
from bodyworn.domain.errors import InputError
from bodyworn.encounters.dispatch import reading
from bodyworn.encounters.dispatch.reading import mapped_records
from bodyworn.encounters.dispatch.records import MappedRecords
from tests.encounters.test_importing import FIRST, HEADER, MAPPING, SECOND


def read(folder: Path, records: str | bytes, mapping: str = MAPPING) -> MappedRecords:
    """What the child reads, in this process."""
    (folder / "records").write_bytes(records if isinstance(records, bytes) else records.encode())
    (folder / "map.toml").write_text(mapping)
    return from_json(MappedRecords, mapped_records(str(folder / "records"), str(folder / "map.toml")))


def why(found: MappedRecords) -> list[tuple[int, str]]:
    assert found.records == ()
    assert found.quarantined_rows == len(found.quarantined)
    return [(one.row, one.why) for one in found.quarantined]


ROW = "26-1,,1 A St,12,STOP,,\n"
HOSTILE: dict[str, tuple[str | bytes, list[tuple[int, str]]]] = {
    "a formula": (HEADER + ROW.replace("STOP", '"=HYPERLINK(""http://x"")"'), [(2, "'reason' begins as a formula")]),
    "a formula with a sign": (HEADER + ROW.replace("STOP", "+cmd|' /C calc'!A0"), [(2, "'reason' begins as a form")]),
    "an at sign": (HEADER + ROW.replace("STOP", "@SUM(A1)"), [(2, "'reason' begins as a formula")]),
    "duplicate numbers": (HEADER + ROW + ROW.replace("STOP", "X"), [(2, "in several rows"), (3, "rows that differ")]),
    "another encoding": (
        HEADER.encode() + ROW.replace("A St", "\u00c9l").encode("cp1252"),
        [(2, "bytes that are no")],
    ),
    "no text at all": (bytes(range(128, 256)) * 40, [(0, "the table has no column 'Inc")]),
    "nothing": (b"", [(0, "the file has no header")]),
    "a cell without end": (HEADER + '"' + "x" * 300_000, [(2, "cannot be read as a row")]),
    "cells too many and too few": (
        HEADER + "a,b\n" + ROW[:-1] + ",9\n",
        [(2, "it has 2 cells"), (3, "it has 8 cells")],
    ),
    "control characters": (HEADER + ROW.replace("STOP", "a\u202eb\x00"), [(2, "characters that cannot be shown")]),
    "a value of a megabyte": (HEADER + ROW.replace("STOP", "x" * 100_000), [(2, "longer than 1,000")]),
    "no number": (HEADER + ROW[4:], [(2, "it has no number")]),
    "a time of no clock": (HEADER + "26-1,soon" + ROW[5:], [(2, "not an ISO 8601 time")]),
    "a column twice": (HEADER[:-1] + ",Unit\n" + ROW, [(0, "the table has 2 columns 'Unit'")]),
    "half of UTF-16": (HEADER.encode("utf-16") + b"x", [(0, "not text in utf-8")]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_report_of_quarantined_rows(tmp_path: Path, name: str) -> None:
    records, wanted = HOSTILE[name]
    found = why(read(tmp_path, records))
    assert len(found) == len(wanted), found
    for (row, words), (wanted_row, wanted_words) in zip(found, wanted, strict=True):
        assert row == wanted_row
        assert wanted_words in words
        assert "\n" not in words


@pytest.mark.parametrize(
    ("text", "words"),
    [("[" * 100_000, "not readable JSON"), ('{"a": 1}', "no list of records"), ('[{"id": 1e999}]', "'number' is no")],
)
def test_hostile_json_ends_in_a_report(tmp_path: Path, text: str, words: str) -> None:
    found = why(read(tmp_path, text, 'format = "json"\n[fields]\nnumber = "id"\n'))
    assert words in found[0][1]


def test_utf_16_with_its_mark_and_a_named_code_page_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, (HEADER + FIRST).encode("utf-16")).records[0].number == "26-0193"
    western = 'encoding = "cp1252"\n' + MAPPING
    assert (
        read(tmp_path, (HEADER + SECOND.replace("Elm", "Él")).encode("cp1252"), western).records[0].fields["place"]
        == "2 Él St"
    )


def test_a_negative_number_is_no_formula_and_the_same_row_twice_is_one_record(tmp_path: Path) -> None:
    mapping = 'format = "csv"\ndelimiter = ";"\n[fields]\nnumber = "n"\nlat = "lat"\nlon = "lon"\n'
    report = read(tmp_path, "n;lat;lon\n1;39.7;-104.9\n1;39.7;-104.9\n", mapping)
    assert (len(report.records), report.repeated, report.quarantined_rows) == (1, 1, 0)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("nonsense", "cannot be used"),
        ('format = "xml"\n[fields]\nnumber = "n"', "cannot be used"),
        ('format = "csv"\n[fields]\nunit = "n"', "need a 'number'"),
        ('format = "csv"\n[fields]\nnumber = "n"\ncolor = "c"', "no field 'color'"),
        ('format = "csv"\n[fields]\nnumber = "n"\n[people]\nsuspect = "s"', "is not a role"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(tmp_path: Path, mapping: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, HEADER + FIRST, mapping)


def test_of_many_bad_rows_the_first_are_told_and_all_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_RECORDS", 2)
    found = read(tmp_path, "n\n" + "".join(f"{number}\n" for number in range(5000)), CSV_OF_ONE)
    assert (len(found.records), found.quarantined_rows, len(found.quarantined)) == (2, 4998, 1000)
    assert found.quarantined[0].why == "more than 2 records are not taken from one file"


CSV_OF_ONE = 'format = "csv"\n[fields]\nnumber = "n"\n'
