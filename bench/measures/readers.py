"""Many readers of one encounter page at once: the real server, a real browser's requests, each view a row of the log.

What a reader does is the page alone, or the page with all that a browser fetches for it: times, waveform, pictures and
the beginning of the film (`warm`: styles and scripts lie in the browser; `cold`: they are fetched as well). Readers ask
again as soon as they have it, so that the server never rests, or read for some seconds in between. One reader, who does
not pause, is measured before and after the many, on the same machine. Last, all open the page in one moment, of a
server that has just started and has made no page yet.
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
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from bench.report import Out, run_alone, table

READERS = 50
SECONDS = 6.0
WARM_UP_S = 2.0
READING_S = 5.0
#: Connections of one browser to one server, and how much of the film it asks for at first.
AT_ONCE = 6
FILM_BYTES = 256 * 1024
STARTS = 3
BODYWORN = [sys.executable, "-m", "bodyworn"]
_STATIC = re.compile(r'(?:href|src)="(/static/[^"#]+)')
_BEHAVIORS = re.compile(r'data-behavior="([\w -]+)"')


@dataclass(frozen=True)
class Visit:
    """Where the page is, the cookie of a session, and the server's process."""

    port: int
    cookie: str
    path: str
    server: int = 0


class Load(Enum):
    """What a reader fetches."""

    PAGE = "the page alone"
    WARM = "page, times and pictures"
    COLD = "the same, scripts too"


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
            yield replace(asyncio.run(_enter(port, token)), server=process.pid)
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


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Browser:
    """Keeps some connections open and fetches over them, as one browser does."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._idle: list[Connection] = []
        self._may = asyncio.Semaphore(AT_ONCE)

    async def get(self, path: str, more: str = "") -> bytes:
        """The body of an answer, which must be a good one."""
        async with self._may:
            kept = self._idle.pop() if self._idle else None
            asked = replace(self._visit, path=path)
            try:
                head, body, connection = await _get(asked, kept, more)
            except (ConnectionError, asyncio.IncompleteReadError):
                if kept is None:
                    raise
                head, body, connection = await _get(asked, None, more)  # the server let go of it, as it may
            assert b" 20" in head.splitlines()[0], (path, head)
            self._idle.append(connection)
            return body

    def rest(self) -> None:
        """Let go of the connections, as the server does meanwhile."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def load(self, what: Load) -> None:
        """The page, then what it names."""
        body = (await self.get(self._visit.path)).decode()
        if what is Load.PAGE:
            return
        paths = _fetched(self._visit.path, body)
        statics = sorted(_statics(body)) if what is Load.COLD else []
        film = f"Range: bytes=0-{FILM_BYTES - 1}\r\n"
        asked = [self.get(path, film if "/media?" in path else "") for path in paths]
        await asyncio.gather(*map(self.get, statics), *asked)


def _fetched(path: str, body: str) -> list[str]:
    """What the scripts and elements of a page fetch in its view."""
    found = re.search(r'data-view="([^"]+)"', body)
    assert found is not None
    findings = path.replace("/recordings/", "/findings/")
    parts = [f"{findings}/timeline.json", f"{findings}/peaks.bin", f"{path}/media"]
    parts += [f"{path}/pictures/{name}" for name in ("poster.jpg", "thumbnails.jpg")]
    return [f"{part}?view={found[1]}" for part in parts]


def _statics(body: str) -> set[str]:
    """Styles, scripts and pictures that a page names, with the behaviors of its elements."""
    named = set(_STATIC.findall(body))
    folder = "/".join(next(iter(named)).split("/")[:3])
    names = {name for names in _BEHAVIORS.findall(body) for name in names.split()}
    script = {f"{folder}/bind.js", *(f"{folder}/behaviors/{name}.js" for name in names), f"{folder}/icons.svg"}
    return named | script


async def _get(visit: Visit, connection: Connection | None, more: str = "") -> tuple[bytes, bytes, Connection]:
    reader, writer = connection or await asyncio.open_connection("127.0.0.1", visit.port, limit=2**20)
    head = f"GET {visit.path} HTTP/1.1\r\nHost: 127.0.0.1:{visit.port}\r\nCookie: {visit.cookie}\r\n{more}\r\n"
    writer.write(head.encode())
    told = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", told)
    body = await reader.readexactly(int(length[1])) if length else b""
    return told, body, (reader, writer)


async def _read(visit: Visit, what: Load, until: float, pause: float, times: list[float]) -> None:
    browser = Browser(visit)
    await asyncio.sleep(random.random() * pause)
    while (start := time.perf_counter()) < until:
        await browser.load(what)
        times.append(time.perf_counter() - start)
        if pause:
            await asyncio.sleep(pause * (0.5 + random.random()))
            browser.rest()
    browser.rest()


def times_of(visit: Visit, readers: int, pause: float, what: Load = Load.PAGE, seconds: float = SECONDS) -> list[float]:
    """Seconds of each page that so many readers got, in order."""

    async def all_at_once() -> list[float]:
        times: list[float] = []
        until = time.perf_counter() + seconds
        await asyncio.gather(*(_read(visit, what, until, pause, times) for _ in range(readers)))
        return sorted(times)

    return asyncio.run(all_at_once())


def _measured(library: Path, what: Load, pause: float) -> tuple[str, ...]:
    """A row: many readers beside one."""
    with serving(library) as visit:
        times_of(visit, 1, 0.0, what, WARM_UP_S)
        before, spent = times_of(visit, 1, 0.0, what), _processor_s(visit)
        many = times_of(visit, READERS, pause, what)
        spent = (_processor_s(visit) - spent) / len(many)
        one = sorted([*before, *times_of(visit, 1, 0.0, what)])
    how = f"reading for {pause:.0f} s in between" if pause else "without a pause"
    print(f"{what.value}, {how}: {_shown(_p95(one))}, {_shown(_p95(many))}", flush=True)
    return _row(f"{what.value}, {how}", one, many, f"{len(many) / SECONDS:.0f}", _shown(spent))


def _first(library: Path) -> tuple[str, ...]:
    """A row: many who open the page in one moment, of a server that has made none yet, beside one who does."""
    one: list[float] = []
    many: list[float] = []
    for _ in range(STARTS):
        for readers, times in ((1, one), (READERS, many)):
            with serving(library) as visit:
                times += times_of(visit, readers, 0.0, Load.COLD, 0.001)
    return _row("all in one moment, the first page of the server", sorted(one), sorted(many), "", "")


def _row(kind: str, one: Sequence[float], many: Sequence[float], rate: str, spent: str) -> tuple[str, ...]:
    ratio = f"{_p95(many) / _p95(one):.1f}×"
    return kind, _shown(_half(one)), _shown(_p95(one)), _shown(_half(many)), _shown(_p95(many)), ratio, rate, spent


def _processor_s(visit: Visit) -> float:
    """Processor time that the server has used so far (proc_pid_stat(5), fields 14 and 15)."""
    fields = Path(f"/proc/{visit.server}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(out: Out) -> None:
    """Measure with the sample encounter, or with the library that ``--library`` names (it is copied)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", type=Path)
    chosen = parser.parse_args(out.words).library
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        if chosen is not None:
            shutil.copytree(chosen, library)
        else:
            subprocess.run([*BODYWORN, "demo", "--no-serve", "--library", str(library)], check=True)
        load = os.getloadavg()[0]
        kinds = [(what, pause) for pause in (READING_S, 0.0) for what in Load]
        rows = [*(_measured(library, what, pause) for what, pause in kinds), _first(library)]
    text = f"Load of the machine by others before: {load:.1f}. Target: p95 of many at most 4 times that of one."
    head = ("what", "one: half", "p95", f"{READERS}: half", "p95", "p95 of many to one", "a second", "processor, each")
    out.section("readers", f"{READERS} readers of one page", f"{text}\n\n{table(head, rows)}")


def _half(times: Sequence[float]) -> float:
    return times[len(times) // 2]


def _p95(times: Sequence[float]) -> float:
    return times[int(len(times) * 0.95)]


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.{0 if seconds >= 0.01 else 1}f} ms"


if __name__ == "__main__":
    run_alone(run)
