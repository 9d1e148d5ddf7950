"""``bodyworn serve``: the link it prints, what it refuses, how it stops."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bodyworn.cli.reference.json_shapes import SHAPES
from bodyworn.domain.errors import LibraryError, PortTaken
from bodyworn.web.server import listen


def test_a_taken_port_is_said_before_a_link_is_printed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(PortTaken, match="in use"):
        listen("127.0.0.1", other.getsockname()[1])


@pytest.fixture
def library(tmp_path: Path) -> Path:
    from bodyworn.bootstrap import open_library

    with open_library(tmp_path / "library", create=True):
        return tmp_path / "library"


@pytest.fixture(params=[()])
def serving(library: Path, request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from bodyworn.cli import main; main()", "serve"]
    command += ["--library", str(library), "--port", str(port), "--no-open", *request.param]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield process, port
    if process.poll() is None:
        process.kill()
    process.communicate()


def printed_link(process: subprocess.Popen[str], port: int) -> str:
    """The next link that stands in the terminal."""
    assert process.stdout
    while line := process.stdout.readline():
        if found := re.search(rf"http://127\.0\.0\.1:{port}/open\?token=[\w-]+", line):
            return found[0]
    raise AssertionError(process.communicate()[1])


def test_a_second_browser_gets_a_link_in_the_terminal(serving: tuple[subprocess.Popen[str], int]) -> None:
    process, port = serving
    first = printed_link(process, port)
    transport = httpx.HTTPTransport(retries=5)
    with httpx.Client(follow_redirects=True, transport=transport, headers={"accept": "text/html"}) as client:
        assert client.get(first, timeout=30).status_code == 200
        client.cookies.clear()
        assert client.get(f"http://127.0.0.1:{port}/recordings/").status_code == 401
        assert client.get(printed_link(process, port)).status_code == 200


def test_the_printed_link_leads_in_and_ctrl_c_stops(serving: tuple[subprocess.Popen[str], int], library: Path) -> None:
    process, port = serving
    link = printed_link(process, port)
    with httpx.Client(follow_redirects=True, transport=httpx.HTTPTransport(retries=5)) as client:
        answer = client.get(link, timeout=30)
        assert answer.status_code == 200
        assert "No recordings yet" in answer.text
        assert "server" not in answer.headers
    process.send_signal(signal.SIGINT)
    process.wait(30)
    assert process.stderr
    assert "Traceback" not in process.stderr.read()
    from bodyworn.bootstrap import open_library

    with open_library(library) as opened:
        sources = {event.source for event in opened.audit_log.newest(5)}
        assert "web" in sources
        assert opened.verify(lambda *_: None).holds


@pytest.mark.parametrize("serving", [("--json", "-")], indirect=True)
def test_a_script_reads_the_link_from_one_line(serving: tuple[subprocess.Popen[str], int], library: Path) -> None:
    process, port = serving
    assert process.stdout
    told = json.loads(process.stdout.readline())
    assert set(told) == set(SHAPES["serve"].keys)
    assert (told["library"], told["port"]) == (str(library), port)
    with httpx.Client(follow_redirects=True, transport=httpx.HTTPTransport(retries=5)) as client:
        assert client.get(told["link"], timeout=30).status_code == 200
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30)[0] == ""


def test_the_system_stops_it_in_good_order(serving: tuple[subprocess.Popen[str], int], library: Path) -> None:
    process, _ = serving
    assert process.stdout
    while "Stop with" not in process.stdout.readline():
        assert process.poll() is None
    with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
        client.get(f"http://127.0.0.1:{serving[1]}/", timeout=30)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 143
    assert process.stderr
    assert process.stderr.read() == "bodyworn: stopped\n"
    from bodyworn.bootstrap import open_library

    with open_library(library) as opened:
        assert opened.verify(lambda *_: None).holds


def checkpoints(library: Path) -> list[int]:
    return sorted(int(path.stem) for path in (library / "checkpoints").glob("[0-9]*.txt"))


def rows(library: Path) -> int:
    with closing(sqlite3.connect(library / "library.db")) as database:
        return int(database.execute("SELECT max(seq) FROM audit").fetchone()[0])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_seals_what_was_written_when_it_is_stopped(
    serving: tuple[subprocess.Popen[str], int], library: Path, how: signal.Signals
) -> None:
    process, port = serving
    assert process.stdout
    while "Stop with" not in process.stdout.readline():
        assert process.poll() is None
    before = checkpoints(library)
    with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
        client.get(f"http://127.0.0.1:{port}/recordings/", timeout=30)  # a denied attempt is a row
    assert rows(library) > before[-1]
    process.send_signal(how)
    process.wait(30)
    assert checkpoints(library)[-1] == rows(library)


@pytest.fixture
def sealing_each_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BODYWORN_SEAL_SECONDS", "1")


@pytest.mark.usefixtures("sealing_each_second")
def test_it_seals_while_it_runs(serving: tuple[subprocess.Popen[str], int], library: Path) -> None:
    """Once a minute at least; here once a second."""
    process, port = serving
    assert process.stdout
    while "Stop with" not in process.stdout.readline():
        assert process.poll() is None
    with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
        client.get(f"http://127.0.0.1:{port}/recordings/", timeout=30)
        written = rows(library)
        while checkpoints(library)[-1] < written:  # the test fails by its time limit where nothing seals
            client.get(f"http://127.0.0.1:{port}/static/absent", timeout=30)
    process.kill()
    process.wait(30)
    assert checkpoints(library)[-1] >= written


@pytest.mark.parametrize("seconds", ["0", "61"])
def test_it_may_not_seal_less_often(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seconds: str) -> None:
    from bodyworn.settings import Settings

    monkeypatch.setenv("BODYWORN_SEAL_SECONDS", seconds)
    with pytest.raises(LibraryError, match="seal_seconds"):
        Settings.load(tmp_path)


def test_a_missing_library_is_said(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from bodyworn.cli import main; main()",
        "serve",
        "--library",
        str(tmp_path / "no"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "DISPLAY": ""}, timeout=60)
    assert done.returncode == 3
    assert "there is no library" in done.stderr
