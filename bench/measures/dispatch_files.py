"""Dispatch files by the real command: how fast 100,000 records are imported, and what becomes of hostile files.

Each file is given to ``bodyworn encounters import``, in a process of its own; seconds are by the clock, memory is the
most that the command or one of its children held.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.measures.audit_log import postgres_library
from bench.report import Out, run_alone, table
from bodyworn.bootstrap import open_library
from bodyworn.domain.progress import no_progress

QUICK = True
RECORDS = 100_000
HEAD = "number,start,place,why\n"
MAPPING = """
format = "csv"
system = "CAD"
[fields]
number = "number"
started_at = "start"
place = "place"
reason = "why"
[clock]
times = ["started_at"]
zone = "UTC"
"""
#: Runs a command and tells what it and its children took.
_MEASURED = """
import resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
took = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - start, took.ru_utime + took.ru_stime, took.ru_maxrss, done.returncode, file=sys.stderr)
print(done.stdout if done.stdout else done.stderr)
"""


@dataclass(frozen=True)
class Ended:
    """How an import ended: seconds by the clock and of the processor, bytes at the peak, exit code, what it said."""

    seconds: float
    busy: float
    peak: int
    code: int
    said: str

    @property
    def took(self) -> str:
        """Time for a table."""
        return f"{self.seconds:.1f} s, {self.busy:.1f} s of processor"


def row(number: int, place: str = "100 Main Street") -> str:
    """One record as a line of a table."""
    return f"26-{number:06d},2026-03-01T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:00,{place},speeding\n"


def imported(folder: Path, path: Path) -> Ended:
    """The file imported into the library in ``folder``."""
    mapping = folder.parent / "mapping.toml"
    mapping.write_text(MAPPING)
    command = [sys.executable, "-m", "bodyworn", "encounters", "import", str(path), "--mapping", str(mapping)]
    command += ["--library", str(folder), "--json", "-"]
    done = subprocess.run([sys.executable, "-c", _MEASURED, *command], capture_output=True, text=True, check=True)
    seconds, busy, peak, code = done.stderr.split()[-4:]
    return Ended(float(seconds), float(busy), int(peak) * 1024, int(code), done.stdout)


def sparse(path: Path) -> None:
    """A gigabyte on no disk."""
    with path.open("wb") as file:
        file.write(HEAD.encode())
        file.truncate(1 << 30)


def pipe(path: Path) -> None:
    """A pipe that would give a gigabyte, and more."""
    os.mkfifo(path)

    def feed() -> None:
        with suppress(BrokenPipeError), path.open("wb") as file:
            file.write(HEAD.encode())
            for number in range(1 << 24):
                file.write(row(number).encode())

    threading.Thread(target=feed, daemon=True).start()


def written(*parts: str | bytes) -> Callable[[Path], None]:
    """A file of these parts, one after the other."""

    def write(path: Path) -> None:
        path.write_bytes(b"".join(part if isinstance(part, bytes) else part.encode() for part in parts))

    return write


#: Name, what makes it, rows that are taken, rows that are not.
HOSTILE: tuple[tuple[str, Callable[[Path], None], int, int], ...] = (
    ("1 GB, sparse", sparse, 0, 1),
    ("a pipe that gives 1 GB", pipe, 0, 1),
    (
        "formulas in 3 of 6 rows",
        written(HEAD, *(row(n, "=cmd|' /C calc'!A0" if n % 2 else "Elm") for n in range(6))),
        3,
        3,
    ),
    ("another encoding in 1 of 2 rows", written(HEAD, row(1), row(2, "Caf")[:-10], b"\xe9,speeding\n"), 1, 1),
    ("UTF-16 without saying so", written((HEAD + row(1)).encode("utf-16")), 1, 0),
    ("zeros for text", written(HEAD, b"\0" * 100_000), 0, 1),
    (
        "one number in 3 rows that differ, and another",
        written(HEAD, row(1, "a"), row(1, "b"), row(1, "c"), row(2)),
        1,
        3,
    ),
    ("the same row 3 times", written(HEAD, row(1) * 3), 1, 0),
    ("a row of 60 MB", written(HEAD, row(1), "26-2,," + "x" * 60_000_000 + ",\n", row(3)), 2, 1),
    ("150,000 rows", written(HEAD, *(row(n) for n in range(150_000))), 100_000, 50_000),
)


def hostile_rows(place: Path) -> Iterator[tuple[str, ...]]:
    """What becomes of each hostile file, each in a library of its own."""
    for number, (name, make, taken, refused) in enumerate(HOSTILE):
        folder = place / f"library-{number}"
        with open_library(folder, create=True):
            pass
        path = place / f"file-{number}.csv"
        make(path)
        ended = imported(folder, path)
        try:
            report = json.loads(ended.said)
            found = f"{report['added']} taken, {report['quarantined_rows']} quarantined"
            why = report["quarantined"][0]["why"] if report["quarantined"] else ""
            well = (report["added"], report["quarantined_rows"]) == (taken, refused)
        except ValueError:
            found, why, well = f"exit code {ended.code}", ended.said.strip().splitlines()[-1][:120], not taken
        yield (
            name,
            "yes" if well else "NO",
            found,
            why.replace("|", "/"),
            ended.took,
            f"{ended.peak / 1e6:.0f} MB",
        )
        path.unlink()


def speed(folder: Path, records: int) -> Iterator[tuple[str, str]]:
    """Seconds to import so many records, and the same file again."""
    path = folder.parent / "records.csv"
    path.write_text(HEAD + "".join(map(row, range(records))))
    for what in (f"{records:,} records, all new", "the same file again"):
        ended = imported(folder, path)
        assert ended.code == 0, ended.said
        yield what, f"{ended.took}, {ended.peak / 1e6:.0f} MB"
    with open_library(folder) as library:
        assert library.verify(no_progress, note=False).holds


def run(out: Out) -> None:
    """Measure; ``--records`` makes the table for speed smaller."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=RECORDS)
    records = parser.parse_args(out.words).records
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name, postgres_library(Path(name) / "postgres") as postgres:
        sqlite = Path(name) / "sqlite"
        for folder in (sqlite, postgres):
            with open_library(folder, create=True):
                pass
        fast, same = list(speed(sqlite, records)), list(speed(postgres, records))
        hostile = list(hostile_rows(Path(name)))
    rows = [(what, one, two) for (what, one), (_, two) in zip(fast, same, strict=True)]
    head = ("file", "as wanted", "found", "first reason", "took", "memory")
    tables = (table(("import", "SQLite", "PostgreSQL"), rows), table(head, hostile))
    text = "\n\n".join((*tables, f"Load of the machine before: {load:.0f}."))
    out.section("dispatch_files", "Dispatch files: speed, and hostile ones", text)


if __name__ == "__main__":
    run_alone(run)
