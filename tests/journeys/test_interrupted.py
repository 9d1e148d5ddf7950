"""Killed at any moment, the same command completes: same results, nothing twice, the audit log holds."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import FAST, REAL, Command
from tests.media_makers import with_sound

#: Into how many parts the time of a run is cut; a kill falls into each.
TURNS = 4

Run = Callable[..., subprocess.CompletedProcess[str]]


def without_times(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    del document["recording"]["taken_in_at"]
    return document


def children_of(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found


def kill_a_worker_of(process: subprocess.Popen[str]) -> None:
    """Kill the workers that run now; a stage is announced a moment before its worker can be told by its command."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        killed = 0
        for child in children_of(process.pid):
            with suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(child, signal.SIGKILL)
                    killed += 1
        if killed:
            return
        time.sleep(0.01)
    raise AssertionError("no worker was ever seen")


def read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return
    raise AssertionError(f"never said: {words}")


def assert_nothing_twice(library: Path) -> None:
    with closing(sqlite3.connect(library / "library.db")) as database:
        rows = database.execute("SELECT stage, count(*) FROM results GROUP BY recording_id, stage").fetchall()
        assert len(rows) == 6
        assert {count for _, count in rows} == {1}
        assert database.execute("SELECT count(*) FROM recordings").fetchone() == (1,)
        tags = [json.loads(body)["tag"] for (body,) in database.execute("SELECT body FROM audit")]
        assert tags.count("recording.ingested") == 1
        assert tags.count("findings.made") == 6
    assert list((library / "scratch").iterdir()) == []
    assert list((library / "objects" / "incoming").iterdir()) == []


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes out when nobody interrupts, and how long it took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    clip = with_sound(folder / "clip.mp4")
    environment = {**os.environ, "BODYWORN_LIBRARY": str(folder / "library")}
    begun = time.monotonic()
    done = subprocess.run([*FAST, "analyze", clip, "--json", "-"], env=environment, capture_output=True, check=True)
    return {"seconds": time.monotonic() - begun, "document": without_times(done.stdout.decode())}


@pytest.mark.parametrize("turn", range(TURNS))
def test_killed_at_any_moment(
    start: Command, bodyworn: Run, clip: Path, tmp_path: Path, undisturbed: dict[str, Any], turn: int
) -> None:
    """Each turn kills two runs, each in another part of the time that a run takes, then lets one through."""
    moment = random.Random(turn)
    for _ in range(2):
        process = start(FAST, "analyze", clip, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(undisturbed["seconds"] * (turn + moment.random()) / TURNS)
        workers = children_of(process.pid)
        process.kill()
        process.wait()
        if moment.random() < 0.3:
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
    begun = time.monotonic()
    done = bodyworn("analyze", clip, "--json", "-")
    assert time.monotonic() - begun < 30, "the lease of the dead is not waited for"
    assert without_times(done.stdout) == undisturbed["document"]
    assert "The audit log holds" in bodyworn("custody", "verify").stdout
    assert_nothing_twice(tmp_path / "library")


def test_workers_leave_when_their_parent_is_killed(start: Command, clip: Path, environment: dict[str, str]) -> None:
    environment["SLOWER"] = "8"
    process = start(FAST, "analyze", clip, stderr=subprocess.PIPE)
    read_until(process, "audio: started")
    workers = children_of(process.pid)
    assert workers
    process.kill()
    process.wait()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{worker}/cmdline").exists() and is_running(worker) for worker in workers):
        assert time.monotonic() < until, "a worker outlived its parent"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_killed_worker_is_made_up_for(
    start: Command, bodyworn: Run, clip: Path, environment: dict[str, str], undisturbed: dict[str, Any]
) -> None:
    environment["SLOWER"] = "8"
    process = start(FAST, "analyze", clip, "--json", "-")
    read_until(process, "audio: started")
    kill_a_worker_of(process)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "it is run again" in err
    assert without_times(out) == undisturbed["document"]
    assert "The audit log holds" in bodyworn("custody", "verify").stdout


def test_stopped_by_the_keyboard(
    start: Command, bodyworn: Run, clip: Path, environment: dict[str, str], undisturbed: dict[str, Any]
) -> None:
    environment["SLOWER"] = "8"
    process = start(FAST, "analyze", clip, start_new_session=True)
    read_until(process, "audio: started")
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.strip().endswith("the same command goes on from there")
    assert "Traceback" not in err
    environment["SLOWER"] = "1"
    done = bodyworn("analyze", clip, "--json", "-")
    assert "probe: made before" in done.stderr
    assert without_times(done.stdout) == undisturbed["document"]


def test_two_at_once(start: Command, bodyworn: Run, clip: Path, tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    both = [start(FAST, "analyze", clip, "--json", "-") for _ in range(2)]
    ends = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    assert [without_times(out) for out, _ in ends] == [undisturbed["document"]] * 2
    assert any("waiting for it" in err for _, err in ends)
    assert "The audit log holds" in bodyworn("custody", "verify").stdout
    assert_nothing_twice(tmp_path / "library")


def test_the_real_stages_killed(start: Command, bodyworn: Run, clip: Path, tmp_path: Path) -> None:
    process = start(REAL, "analyze", clip, "--json", "-")
    read_until(process, "sight: started")
    process.kill()
    process.communicate()
    after_kill = without_times(bodyworn("analyze", clip, "--json", "-", fast=False).stdout)
    once = bodyworn("analyze", clip, "--library", tmp_path / "undisturbed", "--json", "-", fast=False)
    assert after_kill == without_times(once.stdout)
    assert after_kill["not_made"] == {}
    assert "The audit log holds" in bodyworn("custody", "verify").stdout
