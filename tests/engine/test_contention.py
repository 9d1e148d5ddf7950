"""Several processes want the same jobs at once, and the audit log is busy: nothing twice and nothing lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.errors import LibraryBusy
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress
from bodyworn.domain.recording import Recording
from bodyworn.engine.artifact_store import StoredArtifact
from bodyworn.engine.jobs import Busy, Claim, Done, Jobs
from bodyworn.engine.plan import PlannedStage
from bodyworn.storage.databases import base, postgres
from bodyworn.storage.rows import findings
from tests.engine.fake_stages import Echo
from tests.stores import Store

STEP = PlannedStage(Echo("probe"), {}, None)
TAKERS, JOBS = 4, 12

#: Takes every job that is free, by chance, and says which it finished; ``dies`` with one in hand.
TAKER = """
import os, random, signal, sys, time
from pathlib import Path
from bodyworn.bootstrap import open_library
from bodyworn.engine.artifact_store import StoredArtifact
from bodyworn.engine.jobs import Claim, Done, Jobs
from tests.engine.test_contention import JOBS, STEP, key
folder, recording, dies = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "dies"
with open_library(folder) as library, Jobs(library.database, library.audit_log) as mine:
    digest = library.objects.put_bytes(b"{}").sha256
    print("ready", flush=True)
    sys.stdin.readline()
    left = list(range(JOBS))
    while left:
        number = random.choice(left)
        claim = mine.claim(recording, STEP, key(number))
        if isinstance(claim, Done):
            left.remove(number)
        if not isinstance(claim, Claim):
            time.sleep(0.01)
            continue
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        if mine.finish(claim, recording, STEP, StoredArtifact(digest, (digest,))):
            print(number, flush=True)
"""


def key(number: int) -> str:
    return f"{number:064x}"


@pytest.fixture
def library(new_library: Callable[..., Library]) -> Library:
    return new_library()


@pytest.fixture
def recording(library: Library, clip: Path) -> Recording:
    return library.recordings.ingest(clip)


def kept(library: Library) -> StoredArtifact:
    digest = library.objects.put_bytes(b"{}").sha256
    return StoredArtifact(digest, (digest,))


def taker(library: Library, recording: Recording, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", TAKER, str(library.folder), recording.id, how]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_processes_that_want_the_same_jobs_do_each_once_and_lose_none(library: Library, recording: Recording) -> None:
    """They are all at one recording, so that each waits for each; one was killed with a job in hand before."""
    dead, *takers = [taker(library, recording, "dies" if number == 0 else "lives") for number in range(TAKERS + 1)]
    for each in (dead, *takers):
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    dead.communicate("\n", timeout=60)
    assert dead.returncode == -signal.SIGKILL
    for each in takers:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    said = [each.communicate(timeout=120)[0].split() for each in takers]
    assert [each.returncode for each in takers] == [0] * TAKERS
    assert sorted(int(number) for words in said for number in words) == list(range(JOBS))
    with library.database.read() as transaction:
        assert all(findings.result(transaction, key(number)) for number in range(JOBS))
    made = [event for event in library.audit_log.newest(1000) if event.tag == Tag.FINDINGS_MADE]
    assert len(made) == JOBS
    assert library.verify(no_progress, note=False).holds


def test_a_result_waits_for_its_turn_longer_than_others_do(
    library: Library, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long write of somebody else does not throw away what a stage took minutes for."""
    monkeypatch.setattr(base, "BUSY_MS", 100)
    with Jobs(library.database, library.audit_log) as mine:
        claim = mine.claim(recording.id, STEP, key(1))
        assert isinstance(claim, Claim)
        digest = kept(library)
        with Holding(library) as other:
            with pytest.raises(LibraryBusy):
                library.audit_log.append(Tag.RECORDING_VIEWED, recording.id)
            threading.Timer(0.5, other.over.set).start()
            assert mine.finish(claim, recording.id, STEP, digest)


def test_a_result_that_could_not_be_kept_yet_is_still_held(
    library: Library, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "PATIENT_MS", 100)
    with Jobs(library.database, library.audit_log) as mine:
        claim = mine.claim(recording.id, STEP, key(1))
        assert isinstance(claim, Claim)
        with Holding(library), pytest.raises(LibraryBusy):
            mine.finish(claim, recording.id, STEP, kept(library))
        monkeypatch.setattr(base, "PATIENT_MS", 60_000)
        mine.beat()
        assert mine.finish(claim, recording.id, STEP, kept(library))
        assert isinstance(mine.claim(recording.id, STEP, key(1)), Done)


def test_who_finds_a_job_taken_does_not_wait_for_the_audit_log(library: Library, recording: Recording) -> None:
    with Jobs(library.database, library.audit_log) as ours, Jobs(library.database, library.audit_log) as theirs:
        assert isinstance(ours.claim(recording.id, STEP, key(1)), Claim)
        with Holding(library):
            begun = time.monotonic()
            assert isinstance(theirs.claim(recording.id, STEP, key(2)), Busy)
            assert time.monotonic() - begun < 5


def test_a_lease_is_taken_and_kept_while_the_audit_log_is_busy(
    library: Library, recording: Recording, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In PostgreSQL; in SQLite there is one writer at a time, and who waits in vain says so."""
    monkeypatch.setattr(base, "PATIENT_MS", 100)
    monkeypatch.setattr(postgres, "PATIENT_MS", 100)
    with Jobs(library.database, library.audit_log) as mine:
        with Holding(library):
            if store.name == "sqlite":
                with pytest.raises(LibraryBusy):
                    mine.claim(recording.id, STEP, key(1))
                return
            claim = mine.claim(recording.id, STEP, key(1))
            assert isinstance(claim, Claim)
            mine.beat()
        monkeypatch.setattr(base, "PATIENT_MS", 60_000)
        assert mine.finish(claim, recording.id, STEP, kept(library))


class Holding:
    """Another writer that has the library, in a thread, until it is told that it is over."""

    def __init__(self, library: Library) -> None:
        self._library, self._has, self.over = library, threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, daemon=True)

    def _hold(self) -> None:
        with self._library.database.write():
            self._has.set()
            self.over.wait(60)

    def __enter__(self) -> Holding:
        self._thread.start()
        assert self._has.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._thread.join()
