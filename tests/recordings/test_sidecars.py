from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.errors import InputError, UnreadableInput
from bodyworn.recordings.sidecars import read

JSON = json.dumps({"header": {"device": {"serial": "X60-1"}, "start": "2026-03-01T14:00:00"}, "ids": ["a", "b"]})
JSON_MAPPING = """format = "json"
[fields]
device = "header.device.serial"
started_at = "header.start"
second_id = "ids.1"
"""
XML = '<log unit="7"><camera><serial>X60-1</serial></camera></log>'
XML_MAPPING = 'format = "xml"\n[fields]\ndevice = "camera/serial"\nunit = "@unit"\n'
CSV = "device,started_at\nX60-1,2026-03-01T14:00:00-07:00\n"
CSV_MAPPING = 'format = "csv"\n[fields]\ndevice = "device"\nstarted_at = "started_at"\n'


@pytest.fixture
def pair(tmp_path: Path) -> Callable[[str, str], tuple[Path, Path]]:
    def written(sidecar: str, mapping: str) -> tuple[Path, Path]:
        (tmp_path / "side.car").write_text(sidecar)
        (tmp_path / "map.toml").write_text(mapping)
        return tmp_path / "side.car", tmp_path / "map.toml"

    return written


Pair = Callable[[str, str], tuple[Path, Path]]


def test_json(pair: Pair) -> None:
    fields = read(*pair(JSON, JSON_MAPPING)).fields
    assert fields == {"device": "X60-1", "second_id": "b", "started_at": "2026-03-01T14:00:00"}


def test_xml(pair: Pair) -> None:
    assert read(*pair(XML, XML_MAPPING)).fields == {"device": "X60-1", "unit": "7"}


def test_csv_with_a_time_that_knows_its_zone(pair: Pair) -> None:
    mapping = CSV_MAPPING + '[clock]\ntimes = ["started_at"]\n'
    assert read(*pair(CSV, mapping)).fields["started_at_utc"] == "2026-03-01T21:00:00.000Z"


def test_a_zone_that_is_not_said_is_not_guessed(pair: Pair) -> None:
    clock = '[clock]\ntimes = ["started_at"]\n'
    with pytest.raises(InputError, match="none is guessed"):
        read(*pair(JSON, JSON_MAPPING + clock))
    fields = read(*pair(JSON, JSON_MAPPING + clock + 'zone = "America/Denver"\n')).fields
    assert fields["started_at_utc"] == "2026-03-01T21:00:00.000Z"
    assert fields["started_at"] == "2026-03-01T14:00:00", "the camera's own time stays as it was"


def test_a_clock_offset_needs_who_measured_it(pair: Pair) -> None:
    offset = "[clock]\noffset_ms = -2500\n"
    with pytest.raises(InputError, match="who or what measured it"):
        read(*pair(JSON, JSON_MAPPING + offset))
    fields = read(*pair(JSON, JSON_MAPPING + offset + 'measured_by = "dispatch log"\n')).fields
    assert (fields["clock_offset_ms"], fields["clock_offset_measured_by"]) == (-2500, "dispatch log")


@pytest.mark.parametrize(
    ("sidecar", "mapping", "words"),
    [
        (JSON, JSON_MAPPING.replace("serial", "number"), "nothing at 'header.device.number'"),
        (JSON, JSON_MAPPING.replace(".serial", ""), "a structure, not a value"),
        ("{", JSON_MAPPING, "not readable json"),
        (CSV + "second,row\n", CSV_MAPPING, "has 2 rows"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + XML, XML_MAPPING, "document type"),
        (JSON, "format = 'yaml'\n[fields]\n", "cannot be used"),
        (JSON, "not toml", "cannot be used"),
        (JSON, JSON_MAPPING + '[clock]\ntimes = ["device"]\n', "not an ISO 8601 time"),
    ],
)
def test_what_does_not_fit_is_refused(pair: Pair, sidecar: str, mapping: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(*pair(sidecar, mapping))


def test_a_sidecar_without_a_mapping_or_that_is_not_there(pair: Pair, tmp_path: Path) -> None:
    sidecar, mapping = pair(JSON, JSON_MAPPING)
    with pytest.raises(InputError, match=r"nothing in a sidecar is guessed|without a mapping"):
        read(sidecar, None)
    with pytest.raises(UnreadableInput):
        read(tmp_path / "absent.json", mapping)


def test_it_is_kept_hashed_and_mapped_once(new_library: Callable[..., Library], clip: Path, pair: Pair) -> None:
    library = new_library()
    sidecar, mapping = pair(JSON, JSON_MAPPING)
    for _ in range(2):
        recording = library.recordings.ingest(clip, sidecar=sidecar, mapping=mapping)
    assert recording.sidecar == {"device": "X60-1", "second_id": "b", "started_at": "2026-03-01T14:00:00"}
    tags = [event.tag for event in library.audit_log.newest(9)]
    assert tags.count("sidecar.kept") == 1
    verdict = library.verify(lambda *_: None, note=False)
    assert verdict.files == 3
    assert verdict.holds


def test_a_bad_sidecar_keeps_the_recording_out(new_library: Callable[..., Library], clip: Path, pair: Pair) -> None:
    library = new_library()
    with pytest.raises(InputError, match="not readable"):
        library.recordings.ingest(clip, sidecar=pair("{", JSON_MAPPING)[0], mapping=pair("{", JSON_MAPPING)[1])
    assert library.recordings.list() == []
