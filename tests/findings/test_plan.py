from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.errors import CustodyError, InputError, ModelError, NotFound
from bodyworn.engine.plan import in_order
from bodyworn.engine.stage import TypedStage
from bodyworn.findings.plan import STAGES, params_of
from tests.engine.fake_stages import Echo, Roles
from tests.media_makers import audio_only, without_sound


def test_the_stages_stand_in_an_order_that_can_be_run() -> None:
    assert {stage.name for stage in in_order(STAGES)} == {stage.name for stage in STAGES}


def test_a_stage_reads_only_what_others_make() -> None:
    made = {stage.makes for stage in STAGES}
    assert len(made) == len(STAGES)
    for stage in STAGES:
        assert set(stage.reads) <= made - {stage.makes}
        assert isinstance(stage, TypedStage)
        assert stage.makes == stage.content.ARTIFACT


def test_choices_become_parameters_of_the_stages_that_know_them() -> None:
    choices = {"role_of_wearer": "officer_2", "role_of:S3": "dispatch", "model": "other"}
    assert params_of(Roles(), choices) == {"role_of_wearer": "officer_2", "corrections": {"S3": "dispatch"}}
    assert params_of(Echo("probe"), choices) == {}
    assert params_of(Echo("transcript", defaults={"model": "tiny", "beam": 5}), choices) == {
        "model": "other",
        "beam": 5,
    }


@pytest.fixture
def library(new_library: Callable[..., Library]) -> Library:
    return new_library()


def test_what_is_not_there_is_unknown_and_not_empty(library: Library, tmp_path: Path) -> None:
    silent = library.recordings.ingest(without_sound(tmp_path / "silent.mp4"))
    library.findings.run(silent)
    document = library.findings.document(silent)
    assert document["not_made"]["cues"] == "the recording has no audio"
    assert document["unknown"] == [{"state": "no_audio", "start_ms": 0, "end_ms": silent.duration_ms}]
    blind = library.recordings.ingest(audio_only(tmp_path / "blind.m4a"))
    assert [span["state"] for span in library.findings.document(blind)["unknown"]] == ["no_picture"]


def test_before_a_run_every_stage_says_where_it_stands(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)
    assert [stand.state for stand in library.findings.plan(recording)] == ["ready"] + ["waiting"] * 5
    assert set(library.findings.document(recording)["not_made"].values()) == {"not run yet"}
    library.findings.run(recording)
    assert [stand.state for stand in library.findings.plan(recording)] == ["done"] * 6


def test_choices_stay_until_others_are_made(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)

    def role() -> str:
        return str(library.findings.document(recording)["speakers"]["S1"]["role"])

    library.findings.run(recording, role_of_wearer="officer_2")
    assert role() == "officer_2"
    library.findings.run(recording)
    assert role() == "officer_2"
    library.findings.run(recording, role_of_wearer="officer")
    assert role() == "officer"
    events = [event for event in library.audit_log.newest(30) if event.tag == "choice.made"]
    assert [event.detail["value"] for event in events] == ["officer", "officer_2"]


def test_an_original_that_is_gone_is_said_and_not_worked_around(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)
    library.recordings.file_of(recording).unlink()
    with pytest.raises(CustodyError, match="not in the store"):
        library.findings.run(recording)


def test_choices_that_cannot_be_are_refused_before_anything_is_written(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)
    with pytest.raises(ModelError, match="'huge' is neither a known model"):
        library.findings.run(recording, model="huge")
    with pytest.raises(InputError, match="not a role"):
        library.findings.run(recording, role_of_wearer="suspect")
    with pytest.raises(NotFound, match="none yet"):
        library.findings.correct_role(recording, "S1", "community")
    library.findings.run(recording)
    with pytest.raises(NotFound, match="S1, S2"):
        library.findings.correct_role(recording, "S9", "community")
    with pytest.raises(InputError, match="not a role"):
        library.findings.correct_role(recording, "S1", "perp\x1b")
    assert "choice.made" not in [event.tag for event in library.audit_log.newest(30)]
