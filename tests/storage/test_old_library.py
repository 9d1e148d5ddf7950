"""A library made by commit 46c0803 (``old_library/make.py``) opens, migrates, verifies, and goes on."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from bodyworn import bootstrap
from bodyworn.custody import merkle, sealing
from bodyworn.domain.actor import Actor
from bodyworn.domain.encounter_facts import FactKind
from bodyworn.domain.errors import CustodyError, Denied, LibraryError
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress
from bodyworn.domain.release import Act, ReleaseState
from bodyworn.encounters.statements import Statement
from bodyworn.engine.artifact_store import ArtifactStore
from bodyworn.engine.reporter import Reporter
from bodyworn.storage.rows import audit
from tests.stores import LATER_TABLES, SqliteStore, dropped

PACKED = Path(__file__).with_name("old_library") / "library-46c0803.zip"
ROWS = 18


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with zipfile.ZipFile(PACKED) as packed:
        packed.extractall(tmp_path)
    (tmp_path / "library" / "keys" / "record.key").chmod(0o600)
    return tmp_path / "library"


def test_it_verifies_and_its_rows_are_not_changed(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "library.db")) as database:
        before = database.execute("SELECT * FROM audit ORDER BY seq").fetchall()
    with bootstrap.open_library(folder) as library:
        report = library.verify(no_progress, note=False)
        with library.database.read() as transaction:
            after = [(row.seq, row.at, row.body, row.prev, row.hash) for row in audit.rows(transaction)]
    assert report.faults == ()
    assert (report.rows, report.sealed, report.checkpoints, report.unreferenced) == (ROWS, ROWS, 5, ())
    assert after == before


def test_its_recording_is_an_encounter_by_itself_and_can_be_said_what_it_is(folder: Path) -> None:
    """Nothing is filled in for it; its rows are read as they are."""
    with bootstrap.open_library(folder, actor=Actor("os:ana", "station-3", "local")) as library:
        (recording,) = library.recordings.list()
        (encounter,) = library.encounters.list()
        assert [member.recording for member in encounter.members] == [recording.id]
        assert len(library.audit_log.newest(100)) == ROWS
        sheet = library.encounters.edit(encounter, [Statement(FactKind.OUTCOME, "warning")], "as the report says")
        assert [fact.value for fact in sheet.of(FactKind.OUTCOME)] == ["warning"]
    with bootstrap.open_library(folder) as library:
        assert library.verify(no_progress, note=False).faults == ()


class Finished(Reporter):
    """Keeps how each stage ended."""

    def __init__(self) -> None:
        self.how: dict[str, str] = {}

    def finished(self, stage: str, how: str) -> None:
        self.how[stage] = how


#: Stages that find otherwise than then: languages are told, lost voices and crying too, cues were learned anew.
MADE_ANEW = {"transcript", "speakers", "utterances", "cues", "sound", "derived"}


def test_its_findings_are_reused_where_the_stages_find_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys are those of then."""
    monkeypatch.setenv("BODYWORN_WORKERS", "0")
    told = Finished()
    with bootstrap.open_library(folder) as library:
        (recording,) = library.recordings.list()
        assert recording.sidecar == {"device": "X100"}
        assert library.findings.document(recording)["not_made"] == dict.fromkeys(MADE_ANEW, "not run yet")
        library.findings.run(recording, reporter=told)
        assert library.findings.document(recording)["not_made"] == {}
    assert {stage for stage, how in told.how.items() if how != "reused"} == MADE_ANEW
    assert len(told.how) == 9


def test_the_bytes_of_its_artifacts_are_those_that_would_be_written_now(folder: Path) -> None:
    with bootstrap.open_library(folder) as library:
        with library.database.read() as transaction:
            digests = transaction.exec_driver_sql("SELECT artefact FROM results").scalars().all()
        store = ArtifactStore(library.objects)
        for number, digest in enumerate(digests):
            artifact = store.load(digest)
            copies = {}
            for name, path in artifact.files.items():
                copies[name] = folder / "scratch" / f"{number}-{name}"
                shutil.copyfile(path, copies[name])
            again = store.keep(type(artifact)(artifact.name, artifact.data, copies))
            assert again.digest == digest
    assert len(digests) == 9


def test_its_release_was_approved_for_the_clip_alone_and_has_to_be_made_again(folder: Path) -> None:
    with bootstrap.open_library(folder, actor=Actor("os:cy", "station-3", "local")) as library:
        (release,) = library.releases.list()
        assert release.state is ReleaseState.DRAFT
        assert [step.act for step in release.steps if step.act is Act.APPROVE]
        with pytest.raises(Denied, match="made by an earlier version"):
            library.releases.approve(release)
        assert library.verify(no_progress, note=False).holds


def test_old_events_are_found_and_new_ones_go_on_the_same_chain(folder: Path) -> None:
    with bootstrap.open_library(folder, actor=Actor("os:ana", "station-3", "local")) as library:
        (recording,) = library.recordings.list()
        library.recordings.viewed(recording, "facts")
        about = library.audit_log.about(recording.id)
        assert [event.seq for event, _ in about] == [*range(2, 15), ROWS + 1]
        assert library.audit_log.find("recording.viewed", recording.id).seq == ROWS + 1
        assert [event.seq for event in library.audit_log.newest(9, audit.EventFilter(actor="os:bo"))] == [18, 17]
        checkpoint, proof = library.audit_log.proof(1)
        with library.database.read() as transaction:
            first = audit.first(transaction)
        assert first is not None
        assert merkle.is_included(first.hash, 0, ROWS + 1, proof, checkpoint.root)
    with bootstrap.open_library(folder) as library:
        report = library.verify(no_progress, note=False)
        assert (report.faults, report.sealed) == ((), ROWS + 1)


@pytest.mark.parametrize("body", [b"\xff not JSON", b"[" * 200_000 + b"]" * 200_000], ids=["no text", "deep"])
def test_one_that_was_tampered_with_still_opens_and_the_fault_is_named(folder: Path, body: bytes) -> None:
    """Also a row that cannot be read at all: migrating it must not be what fails."""
    SqliteStore().tamper(folder, [("UPDATE audit SET body = %s WHERE seq = 3", (body,))])
    with bootstrap.open_library(folder) as library:
        faults = library.verify(no_progress, note=False).faults
        assert {(str(fault.rule), fault.row) for fault in faults if fault.row == 3} == {
            ("row-hash", 3),
            ("row-body", 3),
        }
        assert library.audit_log.append(Tag.RECORDING_VIEWED, "rec_x").seq == ROWS + 1


def faults_of(folder: Path) -> set[str]:
    with bootstrap.open_library(folder, examine=True) as library:
        return {str(fault.rule) for fault in library.verify(no_progress).faults}


class TestWhatItCouldNotHave:
    """It signed no newest row; what stands in for that are its checkpoints."""

    def test_from_its_first_opening_on_the_newest_row_is_signed(self, folder: Path) -> None:
        assert faults_of(folder) == set()
        SqliteStore().tamper(folder, ["DELETE FROM audit_head"])
        assert faults_of(folder) == {"newest-row"}

    def test_it_cannot_be_made_to_look_old_again(self, folder: Path) -> None:
        assert faults_of(folder) == set()
        SqliteStore().tamper(folder, [*dropped(LATER_TABLES), "UPDATE alembic_version SET version_num = '0004'"])
        assert faults_of(folder) == {"newest-row"}

    def test_without_its_checkpoints_nothing_vouches_for_it_and_nobody_signs_it(self, folder: Path) -> None:
        for path in (folder / "checkpoints").iterdir():
            path.unlink()
        with pytest.raises(CustodyError, match="not signed"), bootstrap.open_library(folder) as library:
            library.recordings.listed(1)
        assert "checkpoint" in faults_of(folder)
        assert list((folder / "checkpoints").iterdir()) == []

    def test_rows_that_a_killed_run_did_not_seal_are_told_for_ever(self, folder: Path) -> None:
        sorted((folder / "checkpoints").iterdir())[-1].unlink()
        for _ in range(2):
            with bootstrap.open_library(folder) as library:
                report = library.verify(no_progress)
            assert report.faults == ()
            (remark,) = report.remarks
            assert (
                str(remark)
                == f"row {ROWS}: the rows after 17 up to this one are of an earlier version, which did not seal them"
            )

    def test_more_rows_than_a_killed_run_can_leave_are_a_fault(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sealing, "OLD_UNSEALED", 5)
        for path in sorted((folder / "checkpoints").iterdir())[1:]:
            path.unlink()
        assert "checkpoint" in faults_of(folder)

    def test_one_that_can_only_be_read_is_refused_in_one_sentence(self, folder: Path) -> None:
        with pytest.raises(LibraryError, match="is of an earlier version"):
            bootstrap.open_library(folder, read_only=True)
