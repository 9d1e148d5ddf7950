from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.recording import Recording
from bodyworn.engine.artifact_store import StoredArtifact
from bodyworn.engine.jobs import Busy, Claim, Done, Jobs
from bodyworn.engine.plan import PlannedStage
from bodyworn.storage.processes import Holder
from bodyworn.storage.rows import findings, jobs
from tests.engine.fake_stages import Echo

STEP = PlannedStage(Echo("probe"), {}, None)
KEY, OTHER_KEY = "a" * 64, "b" * 64


@pytest.fixture
def library(new_library: Callable[..., Library]) -> Library:
    return new_library()


@pytest.fixture
def recording(library: Library, clip: Path) -> Recording:
    return library.recordings.ingest(clip)


def a_run(library: Library) -> Jobs:
    return Jobs(library.database, library.audit_log)


def claimed(jobs: Jobs, recording: Recording, key: str = KEY) -> Claim:
    claim = jobs.claim(recording.id, STEP, key)
    assert isinstance(claim, Claim)
    return claim


def kept(library: Library) -> StoredArtifact:
    digest = library.objects.put_bytes(b"{}").sha256
    return StoredArtifact(digest, (digest,))


def change(library: Library, **values: object) -> None:
    with library.database.write() as transaction:
        row = jobs.job(transaction, KEY)
        assert row is not None
        jobs.start(transaction, cast(jobs.JobRow, {**row, **values}))


def test_a_job_is_held_by_one_run(library: Library, recording: Recording) -> None:
    with a_run(library) as ours, a_run(library) as theirs:
        claimed(ours, recording)
        assert isinstance(theirs.claim(recording.id, STEP, KEY), Busy)
        assert isinstance(theirs.claim(recording.id, STEP, OTHER_KEY), Busy), "nor another stage of that recording"


def test_a_run_that_ends_gives_back_what_it_held(library: Library, recording: Recording) -> None:
    with a_run(library) as ours:
        claimed(ours, recording)
    with a_run(library) as theirs:
        assert claimed(theirs, recording).attempt == 2


def test_result_job_and_event_come_together_and_once(library: Library, recording: Recording) -> None:
    with a_run(library) as ours:
        claim = claimed(ours, recording)
        assert ours.finish(claim, recording.id, STEP, kept(library))
        assert isinstance(ours.claim(recording.id, STEP, KEY), Done)
        assert not ours.finish(claim, recording.id, STEP, kept(library))
    with library.database.read() as transaction:
        assert findings.result(transaction, KEY) is not None
    assert [event.tag for event in library.audit_log.newest(2)] == ["findings.made", "recording.ingested"]


def test_who_lost_the_lease_cannot_finish(library: Library, recording: Recording) -> None:
    with a_run(library) as late, a_run(library) as quick:
        old = claimed(late, recording)
        change(library, lease_until=1.0)
        new = claimed(quick, recording)
        assert new.attempt == old.attempt + 1
        assert not late.finish(old, recording.id, STEP, kept(library))
        assert quick.finish(new, recording.id, STEP, kept(library))


def test_a_job_of_a_process_that_died_is_free_at_once(library: Library, recording: Recording) -> None:
    script = "from bodyworn.storage.processes import Holder; print(Holder.me())"
    dead = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
    with a_run(library) as ours:
        claimed(ours, recording)
        change(library, holder=f"run {dead}")
        with a_run(library) as theirs:
            assert claimed(theirs, recording).attempt == 2


def test_a_job_held_on_another_machine_is_left_until_its_lease_ends(library: Library, recording: Recording) -> None:
    far = Holder("elsewhere", 1, "1")
    with a_run(library) as ours:
        claimed(ours, recording)
        change(library, holder=f"run {far}")
        with a_run(library) as theirs:
            assert theirs.claim(recording.id, STEP, KEY) == Busy(1, "probe")
            change(library, lease_until=1.0)
            assert claimed(theirs, recording).attempt == 2


def test_a_heartbeat_extends_the_lease(library: Library, recording: Recording) -> None:
    with a_run(library) as ours:
        claimed(ours, recording)
        change(library, lease_until=1.0)
        ours.beat()
        with a_run(library) as theirs:
            assert isinstance(theirs.claim(recording.id, STEP, KEY), Busy)


def test_a_lease_too_short_is_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="run twice"):
        Jobs(library.database, library.audit_log, lease_s=2)
