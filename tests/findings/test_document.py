from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from bodyworn.bootstrap import Library
from bodyworn.domain.finding import FAMILY_OF, Family, UnknownState
from bodyworn.findings import document

VALIDATOR = Draft202012Validator(document.schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture
def analysis(new_library: Callable[..., Library], clip: Path) -> dict[str, Any]:
    library = new_library()
    recording = library.recordings.ingest(clip)
    library.findings.run(recording)
    return library.findings.document(recording)


def test_the_schema_is_a_schema_and_names_itself() -> None:
    Draft202012Validator.check_schema(document.schema())
    assert document.schema()["$id"] == document.SCHEMA_ID


def test_the_schema_knows_every_kind_family_and_state() -> None:
    definitions = document.schema()["$defs"]["finding"]["properties"]
    assert set(definitions["kind"]["enum"]) == set(FAMILY_OF)
    assert set(definitions["family"]["enum"]) == set(Family)
    states = document.schema()["properties"]["unknown"]["items"]["properties"]["state"]["enum"]
    assert set(states) == set(UnknownState)


def test_an_analysis_is_as_the_schema_says(analysis: dict[str, Any]) -> None:
    VALIDATOR.validate(analysis)
    assert len(analysis["findings"]) == 5


@pytest.mark.parametrize(
    "spoil",
    [
        lambda a: a["recording"].update(sha256="short"),
        lambda a: a["findings"][0].update(kind="smirk"),
        lambda a: a["findings"][0].update(score=1.5),
        lambda a: a["findings"][0].update(start_ms=0.5),
        lambda a: a["speakers"]["S1"].update(role="suspect"),
        lambda a: a["unknown"].append({"state": "boring", "start_ms": 0, "end_ms": 1}),
        lambda a: a.pop("not_made"),
        lambda a: a.update(more=1),
    ],
)
def test_the_schema_refuses_what_is_not_so(analysis: dict[str, Any], spoil: Callable[[dict[str, Any]], None]) -> None:
    spoiled = copy.deepcopy(analysis)
    spoil(spoiled)
    with pytest.raises(ValidationError):
        VALIDATOR.validate(spoiled)


def test_the_same_comes_out_every_time(
    new_library: Callable[..., Library], analysis: dict[str, Any], clip: Path
) -> None:
    library = new_library(name="another", workers=0)
    recording = library.recordings.ingest(clip)
    library.findings.run(recording)
    again = library.findings.document(recording)
    for one in (again, analysis):
        del one["recording"]["taken_in_at"]
    assert again == analysis


def test_a_language_is_named_by_its_code(analysis: dict[str, Any]) -> None:
    unknown = {"state": "not_searched", "start_ms": 0, "end_ms": 900, "language": "es"}
    said = [{**utterance, "language": "es"} for utterance in analysis["utterances"]]
    spanish = {**analysis, "utterances": said, "unknown": [unknown]}
    VALIDATOR.validate(spanish)
    assert document.analysis_of(spanish).unknown[0].language == "es"
    with pytest.raises(ValidationError):
        VALIDATOR.validate({**analysis, "unknown": [{**unknown, "language": "Spanish"}]})
