"""One contract over both engines: inline (0 workers) and processes (2 workers)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.errors import DamagedMedia, DiskFull, StageError
from bodyworn.domain.progress import no_progress
from bodyworn.engine.reporter import Reporter
from tests.engine.fake_stages import FAST, Echo, Greedy, Killed, Wrong

QUICK = tuple(replace(stage, seconds=0.0) for stage in FAST)
both_engines = pytest.mark.parametrize("workers", [0, 2])


class Diary(Reporter):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def started(self, stage: str) -> None:
        self.lines.append(f"{stage} started")

    def finished(self, stage: str, how: str) -> None:
        self.lines.append(f"{stage} {how}")

    def waiting(self, pid: int, stage: str) -> None:
        self.lines.append("waiting")

    def lost(self, stage: str, how: str) -> None:
        self.lines.append(f"{stage} {how}")


@both_engines
def test_all_stages_are_made_and_a_second_run_makes_none(
    new_library: Callable[..., Library], clip: Path, workers: int
) -> None:
    library, diary = new_library(QUICK, workers=workers), Diary()
    recording = library.recordings.ingest(clip)
    library.findings.run(recording, reporter=diary)
    assert {line for line in diary.lines if line.endswith("made")} == {f"{stage.name} made" for stage in QUICK}
    assert list((library.folder / "scratch").iterdir()) == []
    again = Diary()
    library.findings.run(recording, reporter=again)
    assert sorted(again.lines) == sorted(f"{stage.name} reused" for stage in QUICK)
    assert library.verify(no_progress, note=False).unreferenced == ()


def test_both_engines_make_the_same(new_library: Callable[..., Library], clip: Path) -> None:
    made = []
    for workers in (0, 2):
        library = new_library(QUICK, workers=workers, name=f"library-{workers}")
        recording = library.recordings.ingest(clip)
        library.findings.run(recording)
        document = library.findings.document(recording)
        del document["recording"]
        made.append(document)
    assert made[0] == made[1]


def test_independent_stages_run_side_by_side(new_library: Callable[..., Library], clip: Path) -> None:
    library, diary = new_library(FAST, workers=2), Diary()
    library.findings.run(library.recordings.ingest(clip), reporter=diary)
    lines = diary.lines
    assert lines.index("sight started") < lines.index("audio made")
    assert lines.index("audio started") < lines.index("sight made")


def test_a_killed_worker_is_run_again(new_library: Callable[..., Library], clip: Path, tmp_path: Path) -> None:
    (tmp_path / "tally").mkdir()
    stages = (Echo("probe"), Killed("audio", reads=("probe",), times=2, tally=str(tmp_path / "tally")))
    library, diary = new_library(stages, workers=2), Diary()
    recording = library.recordings.ingest(clip)
    library.findings.run(recording, reporter=diary)
    assert diary.lines.count("audio was killed by SIGKILL") == 2
    assert "audio made" in diary.lines
    assert [event.outcome for event in library.audit_log.newest(3)] == ["ok", "failed", "failed"]


def test_a_stage_that_crashes_three_times_is_given_up(
    new_library: Callable[..., Library], clip: Path, tmp_path: Path
) -> None:
    (tmp_path / "tally").mkdir()
    stages = (Echo("probe"), Killed("audio", reads=("probe",), times=9, tally=str(tmp_path / "tally")), Echo("sight"))
    library = new_library(stages, workers=2)
    recording = library.recordings.ingest(clip)
    with pytest.raises(StageError, match=r"audio crashed 3 times .* was killed by SIGKILL"):
        library.findings.run(recording)
    states = {stand.stage: stand.state for stand in library.findings.plan(recording)}
    assert states == {"probe": "done", "audio": "failed", "sight": "done"}
    assert library.findings.document(recording)["not_made"] == {"audio": "it failed"}


@both_engines
@pytest.mark.parametrize("meant", [False, True])
def test_a_stage_that_fails_stops_only_what_reads_it(
    new_library: Callable[..., Library], clip: Path, workers: int, meant: bool
) -> None:
    stages = (Wrong("audio", meant=meant), Echo("cues", reads=("audio",)), Echo("sight"))
    library = new_library(stages, workers=workers)
    recording = library.recordings.ingest(clip)
    with pytest.raises(DamagedMedia if meant else StageError) as caught:
        library.findings.run(recording)
    assert ("breaks off" if meant else "ZeroDivisionError: a bug") in caught.value.what
    stands = {stand.stage: stand for stand in library.findings.plan(recording)}
    assert {name: stand.state for name, stand in stands.items()} == {
        "audio": "failed",
        "cues": "waiting",
        "sight": "done",
    }
    assert "Traceback" in stands["audio"].note
    assert library.audit_log.newest(5)[-1].outcome in ("ok", "failed")
    assert "findings.failed" in [event.tag for event in library.audit_log.newest(3)]


@both_engines
def test_a_stage_that_fills_the_disk_says_so_and_gives_the_room_back(
    new_library: Callable[..., Library], clip: Path, small_disk: Path, workers: int
) -> None:
    library = new_library((Echo("probe"), Greedy("sight")), workers=workers, name=str(small_disk / "library"))
    recording = library.recordings.ingest(clip)
    with pytest.raises(DiskFull, match=r"no room is left on the disk of the library .*/library"):
        library.findings.run(recording)
    assert list((library.folder / "scratch").iterdir()) == []
    assert library.verify(no_progress, note=False).holds


def test_two_runs_at_once_make_everything_once(new_library: Callable[..., Library], clip: Path) -> None:
    library = new_library(FAST, workers=1)
    recording = library.recordings.ingest(clip)
    diaries = [Diary(), Diary()]
    runs = [
        threading.Thread(target=library.findings.run, args=(recording,), kwargs={"reporter": diary})
        for diary in diaries
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    made = [line for diary in diaries for line in diary.lines if line.endswith("made")]
    assert sorted(made) == sorted(f"{stage.name} made" for stage in FAST)
    assert "waiting" in diaries[0].lines + diaries[1].lines
    assert library.verify(no_progress, note=False).holds


def test_a_corrected_role_makes_anew_only_what_depends_on_it(new_library: Callable[..., Library], clip: Path) -> None:
    library = new_library(QUICK)
    recording = library.recordings.ingest(clip)
    library.findings.run(recording)
    library.findings.correct_role(recording, "S2", "officer_2")
    diary = Diary()
    library.findings.run(recording, reporter=diary)
    reused = {line.split()[0] for line in diary.lines if line.endswith("reused")}
    assert reused == {"probe", "audio", "sight"}
    assert library.findings.document(recording)["speakers"]["S2"]["role"] == "officer_2"
    library.findings.correct_role(recording, "S2", "community")
    again = Diary()
    library.findings.run(recording, reporter=again)
    assert "utterances made" in again.lines
