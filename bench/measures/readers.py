"""Many readers of one encounter page at once: the real server, a real browser's requests, each view a row of the log.

Two kinds of readers: those that ask for the page again as soon as they have it, so that the server never rests, and
those that read for some seconds in between. One reader, who does not pause, is measured before and after the many, on
the same machine, when the page was made once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.report import Out, run_alone, table

READERS = 50
SECONDS = 10.0
READING_S = 5.0
BODYWORN = [sys.executable, "-m", "bodyworn"]
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Visit:
    """Where the page is, and the cookie of a session."""

    port: int
    cookie: str
    path: str


@contextmanager
def serving(library: Path) -> Iterator[Visit]:
    """The server over a library, and a session in it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*BODYWORN, "serve", "--library", str(library), "--port", str(port), "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            token = next(found[1] for line in process.stdout if (found := re.search(r"token=([\w-]+)", line)))
            yield asyncio.run(_enter(port, token))
        finally:
            process.terminate()


async def _enter(port: int, token: str) -> Visit:
    head, _, _ = await _get(Visit(port, "", f"/open?token={token}"), None)
    found = re.search(rb"set-cookie: ([^;]+)", head)
    assert found is not None
    visit = Visit(port, found[1].decode(), "/recordings/")
    _, body, _ = await _get(visit, None)
    recording = re.search(rb"/recordings/rec_\w+", body)
    assert recording is not None
    return Visit(port, visit.cookie, recording[0].decode())


async def _get(visit: Visit, connection: Connection | None) -> tuple[bytes, bytes, Connection]:
    reader, writer = connection or await asyncio.open_connection("127.0.0.1", visit.port)
    host = f"127.0.0.1:{visit.port}"
    writer.write(f"GET {visit.path} HTTP/1.1\r\nHost: {host}\r\nCookie: {visit.cookie}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return head, body, (reader, writer)


async def _read(visit: Visit, until: float, pause: float, times: list[float]) -> None:
    connection = None
    await asyncio.sleep(random.random() * pause)
    while (start := time.perf_counter()) < until:
        head, _, connection = await _get(visit, connection)
        assert b" 200 " in head.splitlines()[0], head
        times.append(time.perf_counter() - start)
        if pause:
            await asyncio.sleep(pause * (0.5 + random.random()))
            connection = None  # the server lets go of one that rests


def times_of(visit: Visit, readers: int, pause: float) -> Sequence[float]:
    """Seconds of each page that so many readers got, in order."""

    async def all_at_once() -> list[float]:
        times: list[float] = []
        until = time.perf_counter() + SECONDS
        await asyncio.gather(*(_read(visit, until, pause, times) for _ in range(readers)))
        return sorted(times)

    return asyncio.run(all_at_once())


def run(out: Out) -> None:
    """Measure with the sample encounter, or with the library that ``--library`` names (it is copied)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", type=Path)
    chosen = parser.parse_args(out.words).library
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        if chosen is not None:
            shutil.copytree(chosen, library)
        else:
            subprocess.run([*BODYWORN, "demo", "--no-serve", "--library", str(library)], check=True)
        for kind, pause in (("without a pause", 0.0), (f"reading for {READING_S:.0f} s in between", READING_S)):
            with serving(library) as visit:
                times_of(visit, 1, 0.0)
                before, many, after = times_of(visit, 1, 0.0), times_of(visit, READERS, pause), times_of(visit, 1, 0.0)
            one = _p95(sorted([*before, *after]))
            ratio = f"{_p95(many) / one:.1f}×"
            rows.append((kind, _shown(one), _shown(_p95(many)), _shown(many[-1]), ratio, f"{len(many) / SECONDS:.0f}"))
    head = ("readers", "one: p95", f"{READERS}: p95", f"{READERS}: longest", "p95 of many to one", "pages/s")
    load = f"Others used the machine meanwhile: load {os.getloadavg()[0]:.1f}."
    out.section("readers", f"{READERS} readers of one page", f"{load}\n\n{table(head, rows)}")


def _p95(times: Sequence[float]) -> float:
    return times[int(len(times) * 0.95)]


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


if __name__ == "__main__":
    run_alone(run)
