"""How many events a second go into the audit log, by one writer and by eight processes at once, on both databases.

Each event is a transaction of its own, on the disk before the next one, as for an act of a person. What a record of a
million events costs to verify is measured by ``audit_log``.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bench.measures.audit_log import postgres_library
from bench.report import Out, run_alone, table
from bodyworn.bootstrap import open_library
from bodyworn.domain.actor import Actor
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress

QUICK = True
WRITERS = (1, 8)
SECONDS = 6.0


def _write(folder: Path, started: Barrier, counts: multiprocessing.Queue[int]) -> None:
    """One writer: events until the time is over."""
    with open_library(folder, actor=Actor("os:bench", "bench", "local")) as library:
        started.wait()
        until, count = time.perf_counter() + SECONDS, 0
        while time.perf_counter() < until:
            library.audit_log.append(Tag.RECORDING_VIEWED, f"rec_{count:026d}", {"how": "picture"})
            count += 1
        counts.put(count)


def appends(folder: Path, writers: int) -> float:
    """Events a second of so many processes; the record is verified afterwards."""
    with open_library(folder, create=True) as library:
        before = library.verify(no_progress, note=False).rows
    forked = multiprocessing.get_context("fork")
    started, counts = forked.Barrier(writers), forked.Queue()
    processes = [forked.Process(target=_write, args=(folder, started, counts)) for _ in range(writers)]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in processes)
    for process in processes:
        process.join()
    with open_library(folder) as library:
        report = library.verify(no_progress, note=False)
    assert report.holds, report.faults[:3]
    assert report.rows == before + total, "an event was lost"
    return total / SECONDS


def _rows() -> Iterator[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as name, postgres_library(Path(name) / "postgres") as postgres:
        for writers in WRITERS:
            sqlite = appends(Path(name) / f"sqlite-{writers}", writers)
            yield str(writers), f"{sqlite:.0f}", f"{appends(postgres, writers):.0f}"


def run(out: Out) -> None:
    """Measure both databases with one writer and with eight."""
    load = os.getloadavg()[0]
    rows = list(_rows())
    how = (
        f"Events a second over {SECONDS:.0f} s, each a transaction of its own on the disk, with a signed head;"
        " the record verifies afterwards and has each of them. Invented events. No target: printed, as the issue asks."
        f" Load of the machine by others: {load:.1f}."
    )
    head = ("writers (processes)", "SQLite", "PostgreSQL")
    out.section("appends", "Appends to the audit log", f"{how}\n\n{table(head, rows)}")


if __name__ == "__main__":
    run_alone(run)
