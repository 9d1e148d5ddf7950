"""Acts that exclude each other, done at the same moment by several processes: one wins, the others are refused."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import Denied
from bodyworn.domain.progress import no_progress
from bodyworn.domain.release import Act, PublicationDetail, ReleaseState
from bodyworn.releases.ledger import ReleaseLedger
from bodyworn.releases.service import RenderedClip
from tests.domain.test_release import REQUEST
from tests.media_makers import tone, wav_pcm


def account(name: str) -> Actor:
    return Actor(f"os:{name}", "desk-1", "cli")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with a release that two people approved."""
    with open_library(tmp_path / "library", create=True, actor=account("ana")) as library:
        recording = library.recordings.ingest(wav_pcm(tmp_path / "a.wav", [tone(0.2)]))
        made = library.releases.make(recording, RenderedClip(tmp_path / "a.wav", b"{}", 0, 100), REQUEST)
        for name in ("bo", "cy"):
            library.acting(account(name)).releases.approve(made)
    return tmp_path / "library"


def act(folder: Path, name: str, start: Barrier, results: multiprocessing.SimpleQueue[str]) -> None:
    """In a process of its own: publish or withdraw what was approved when the process looked."""
    with open_library(folder, actor=account("ana")) as library:
        release = library.releases.list()[0]
        ledger = ReleaseLedger(library.database, library.audit_log)
        start.wait(60)
        try:
            if name == "publish":
                ledger.do(release, Act.PUBLISH, PublicationDetail(statement="ab", published_clip="cd"))
            else:
                library.releases.withdraw(release, "a mistake")
            results.put(name)
        except Denied:
            results.put(f"{name} denied")


@pytest.mark.parametrize("_round", range(3))
def test_nothing_is_published_after_it_was_withdrawn(folder: Path, _round: int) -> None:
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(3), context.SimpleQueue()
    names = ("publish", "withdraw", "publish")
    processes = [context.Process(target=act, args=(folder, name, start, results)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    done = sorted(results.get() for _ in processes)
    assert done in (
        ["publish", "publish denied", "withdraw"],
        ["publish denied", "publish denied", "withdraw"],
    )
    with open_library(folder, actor=account("ana")) as library:
        release = library.releases.list()[0]
        acts = [step.act for step in release.steps]
        denied = [event for event, _ in library.audit_log.about(release.id) if event.tag == "access.denied"]
        assert release.state is ReleaseState.WITHDRAWN
        assert acts[-1] is Act.WITHDRAW, "publish stands before withdraw or not at all"
        assert len(denied) == done.count("publish denied")
        assert library.verify(no_progress).holds


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each gave when all started together: ``done`` or the reason of the denial."""
    start, results = threading.Barrier(len(acts)), []

    def run(one: Callable[[], object]) -> None:
        start.wait(60)
        try:
            one()
            results.append("done")
        except Denied as denied:
            results.append(denied.what)

    threads = [threading.Thread(target=run, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(results)


def test_one_person_in_two_windows_approves_once(tmp_path: Path) -> None:
    with open_library(tmp_path / "library", create=True, actor=account("ana")) as library:
        recording = library.recordings.ingest(wav_pcm(tmp_path / "a.wav", [tone(0.2)]))
        made = library.releases.make(recording, RenderedClip(tmp_path / "a.wav", b"{}", 0, 100), REQUEST)
        bo, again = library.acting(account("bo")), library.acting(account("bo"))
        told = at_once(lambda: bo.releases.approve(made), lambda: again.releases.approve(made))
        assert told == ["bo has approved " + made.id + " already", "done"]
        assert library.releases.get(made.id).state is ReleaseState.HALF_APPROVED


def test_an_approval_of_a_clip_that_was_replaced_meanwhile_is_refused(tmp_path: Path) -> None:
    with open_library(tmp_path / "library", create=True, actor=account("ana")) as library:
        recording = library.recordings.ingest(wav_pcm(tmp_path / "a.wav", [tone(0.2)]))
        seen = library.releases.make(recording, RenderedClip(tmp_path / "a.wav", b"{}", 0, 100), REQUEST)
        other = wav_pcm(tmp_path / "b.wav", [tone(0.3)])
        library.releases.make(recording, RenderedClip(other, b"{}", 0, 100), REQUEST, seen)
        with pytest.raises(Denied, match="rendered again"):
            library.acting(account("bo")).releases.approve(seen)
        assert library.releases.get(seen.id).approvers == ()


def test_what_fails_while_a_package_is_put_in_place_publishes_nothing(folder: Path) -> None:
    with open_library(folder, actor=account("ana")) as library:
        release = library.releases.list()[0]
        ledger = ReleaseLedger(library.database, library.audit_log)

        def broken() -> None:
            raise OSError("no room")

        with pytest.raises(OSError, match="no room"):
            ledger.do(release, Act.PUBLISH, PublicationDetail(statement="ab", published_clip="cd"), before=broken)
        assert library.releases.get(release.id).state is ReleaseState.APPROVED
        assert library.verify(no_progress).holds
