"""The workbench or PostgreSQL is killed at any moment: what was answered for is there once, and the log holds."""

from __future__ import annotations

import json
import random
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from bodyworn.bootstrap import open_library
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress
from tests.journeys.conftest import FAST, REAL, Command
from tests.journeys.test_interrupted import read_until, without_times
from tests.media_makers import with_sound
from tests.postgres import OwnServer

Run = Callable[..., subprocess.CompletedProcess[str]]


class Visitor:
    """Somebody who verifies the custody of a recording on its page over and over, until nobody answers."""

    def __init__(self, link: str, recording: str) -> None:
        self.sent = self.answered = 0
        address = f"{link.partition('/open')[0]}/recordings/{recording}/custody"
        self._client = httpx.Client(transport=httpx.HTTPTransport(retries=5), headers={"accept": "text/html"})
        assert self._client.get(link, timeout=60).status_code == 303
        self._thread = threading.Thread(target=self._visit, args=(address,))

    def _visit(self, address: str) -> None:
        origin = {"origin": address.partition("/recordings")[0]}
        try:
            while True:
                token = re.search(r'name="form_token" value="([^"]+)"', self._client.get(address, timeout=60).text)
                assert token
                self.sent += 1
                answer = self._client.post(address, data={"form_token": token[1]}, headers=origin, timeout=60)
                assert answer.status_code == 303
                self.answered += 1
        except httpx.TransportError:
            self._client.close()

    def __enter__(self) -> Visitor:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()


def served(start: Command) -> tuple[subprocess.Popen[str], str]:
    """The workbench in a process of its own, and its link."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = start(REAL, "serve", "--no-open", "--port", port, "--json", "-")
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())["link"]


def test_the_workbench_killed_while_it_writes(start: Command, clip: Path, tmp_path: Path) -> None:
    with open_library(tmp_path / "library", create=True) as library:
        recording = library.recordings.ingest(clip).id
    process, link = served(start)
    with Visitor(link, recording) as visitor:
        while visitor.answered < 3:
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(random.Random().uniform(0, 0.2))
        process.kill()
    _, link = served(start)
    assert httpx.get(link, timeout=60).status_code == 303, "the next one opens the library as it is"
    with open_library(tmp_path / "library") as library:
        events = library.audit_log.about(recording)
        assert library.verify(no_progress, note=False).holds
    written = sum(event.tag == Tag.RECORDINGS_VERIFIED for event, _ in events)
    assert visitor.answered <= written <= visitor.sent


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnServer]:
    """A server for the library of the journey."""
    server = OwnServer()
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "bodyworn.toml").write_text(f'database = "{server.address}"\n')
    yield server
    server.remove()


def rows(server: OwnServer, query: bytes) -> list[tuple[object, ...]]:
    with psycopg.connect(server.address) as connection:
        return connection.execute(query).fetchall()


def ended_clearly(process: subprocess.Popen[str]) -> None:
    """The command was done before, or says in a sentence that the database is gone."""
    _, said = process.communicate(timeout=120)
    assert "Traceback" not in said
    if process.returncode:
        assert "does not answer, or broke off" in said or "does not run" in said, said


def test_postgres_killed_during_an_analysis(
    start: Command, bodyworn: Run, clip: Path, server: OwnServer, environment: dict[str, str], tmp_path: Path
) -> None:
    environment["SLOWER"] = "4"
    process = start(FAST, "analyze", clip, "--json", "-")
    read_until(process, "audio: started")
    server.kill()
    ended_clearly(process)
    assert process.returncode
    server.start()
    environment["SLOWER"] = "1"
    after = bodyworn("analyze", clip, "--json", "-")
    assert "probe: made before" in after.stderr
    once = bodyworn("analyze", clip, "--json", "-", "--library", tmp_path / "undisturbed")
    assert without_times(after.stdout) == without_times(once.stdout)
    made = rows(server, b"SELECT stage, count(*) FROM results GROUP BY stage")
    assert [count for _, count in made] == [1] * 6
    assert rows(server, b"SELECT count(*) FROM recordings") == [(1,)]
    assert rows(server, b"SELECT count(*) FROM audit_index WHERE tag = 'findings.made'") == [(6,)]
    assert "The audit log holds" in bodyworn("custody", "verify").stdout


def test_postgres_killed_while_recordings_are_ingested(
    start: Command, bodyworn: Run, server: OwnServer, tmp_path: Path
) -> None:
    """At another moment each time; the same command then ingests what is not there yet."""
    clips = [with_sound(tmp_path / f"clip-{number}.mp4", seconds=1 + number / 4) for number in range(3)]
    with open_library(tmp_path / "library", create=True):
        pass
    moment = random.Random()
    for _ in range(2):
        process = start(REAL, "recordings", "add", *clips)
        time.sleep(moment.uniform(0.3, 2.0))
        server.kill()
        ended_clearly(process)
        server.start()
    bodyworn("recordings", "add", *clips)
    assert rows(server, b"SELECT count(*), count(DISTINCT sha256) FROM recordings") == [(3, 3)]
    assert rows(server, b"SELECT count(*) FROM audit_index WHERE tag = 'recording.ingested'") == [(3,)]
    assert "The audit log holds" in bodyworn("custody", "verify").stdout
