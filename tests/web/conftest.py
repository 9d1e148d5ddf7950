"""A shelf of recordings behind the pages, a signed-in client, and a real browser on a real server."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from bodyworn.access.sessions import LocalAccess
from bodyworn.domain.encounter import own_encounter_id
from bodyworn.engine.stage import Artifact
from bodyworn.web.app import create_app
from bodyworn.web.findings.queries import StageRow
from bodyworn.web.workbench import Workbench
from tests.media_makers import movie, tone, wav_pcm
from tests.web import sample_document
from tests.web.shelf import STAGES, Shelf, peaks, shelved

if TYPE_CHECKING:
    from httpx2 import Response
    from playwright.sync_api import Browser, Page

PORT = 8420
BASE = f"http://127.0.0.1:{PORT}"

#: How every static file is addressed.
STATIC_ADDRESS = r"/static/[0-9a-f]{16}/[\w./-]+"

#: Chromium without its own calls home; without a sandbox, as tests run as root in containers.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


def sprite(folder: Path, count: int = 70) -> Artifact:
    """What sight makes: a sheet of thumbnails in shades of one color, and a poster."""
    import cv2
    import numpy as np

    sheet = np.zeros((90 * 7, 160 * 10, 3), np.uint8)
    for n in range(count):
        top, left = n // 10 * 90, n % 10 * 160
        sheet[top : top + 90, left : left + 160] = (90 + n, 60, 40 + 2 * n)
    for name, picture in (("thumbnails.jpg", sheet), ("poster.jpg", sheet[:90, :160])):
        cv2.imwrite(str(folder / name), picture)
    thumbnails = {"step_ms": 2000, "columns": 10, "width": 160, "height": 90, "count": count}
    files = {name: folder / name for name in ("thumbnails.jpg", "poster.jpg")}
    return Artifact("sight", {"thumbnails": thumbnails}, files)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film as long as the invented encounter, small and with sound."""
    seconds = sample_document.encounter()["duration_ms"] / 1000
    path = tmp_path_factory.mktemp("film") / "stop.mp4"
    return movie(path, seconds, rate=4, audio=[[tone(seconds)]], faststart=True)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    return sprite(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="session")
def long() -> dict[str, Any]:
    return sample_document.long_encounter()


@pytest.fixture
def shelf(film: Path, pictures: Artifact, long: dict[str, Any], tmp_path: Path) -> Shelf:
    """One recording of each sort: analyzed, long, running, waiting, failed, in part, sound only, silent."""
    document = sample_document.encounter()
    length = document["duration_ms"]
    made = {"audio": peaks(length), "sight": pictures}
    voice = wav_pcm(tmp_path / "call.wav", [tone(2.0)])
    picture_only = {
        "utterances": [],
        "findings": [finding for finding in document["findings"] if finding["family"] == "sight"],
        "unknown": [{"state": "no_audio", "start_ms": 0, "end_ms": length}],
        "made_by": {"sight": "sight@1"},
        "not_made": {"transcript": "the recording has no audio", "cues": "the recording has no audio"},
        "duration_ms": length,
    }
    running = [
        StageRow("audio", "done"),
        StageRow("transcript", "running"),
        *(StageRow(stage, "waiting") for stage in STAGES[3:]),
    ]
    failed = [StageRow("audio", "failed", "The sound breaks off after 12 s"), StageRow("transcript", "waiting")]
    part = [
        StageRow(stage, "failed", "out of <memory>") if stage == "sight" else StageRow(stage, "done")
        for stage in STAGES
    ]
    return Shelf(
        shelved(film, document, "stop.mp4", artifacts=made),
        shelved(film, long, "long.mp4", artifacts={"audio": peaks(long["duration_ms"]), "sight": made["sight"]}),
        shelved(film, None, "running.mp4", steps=running),
        shelved(film, None, "waiting.mp4", steps=[StageRow(stage, "ready") for stage in STAGES]),
        shelved(film, None, "failed.mp4", steps=failed),
        shelved(film, document, "part.mp4", steps=part),
        shelved(voice, document, "call.wav", video=False, artifacts={"audio": peaks(length)}),
        shelved(film, picture_only, "silent.mp4", audio=False, artifacts={"sight": made["sight"]}),
    )


@pytest.fixture
def id_of(shelf: Shelf) -> Callable[[str], str]:
    """Id of a recording by its name."""
    return lambda name: shelf.by_name(name).id


@pytest.fixture
def access() -> LocalAccess:
    return LocalAccess(PORT)


#: How pages of encounters are named, before the name of a recording.
OF = "encounter of "


def addresses(page: str, id_of: Callable[[str], str]) -> str:
    """``stop.mp4/custody`` or ``encounter of stop.mp4`` as the address of that page; what starts with a slash stays."""
    if page.startswith(OF):
        name, slash, rest = page.removeprefix(OF).partition("/")
        return f"/encounters/{own_encounter_id(id_of(name))}{slash}{rest}"
    name, slash, rest = page.partition("/")
    return page if not name else f"/recordings/{id_of(name)}{slash}{rest}"


def client_of(workbench: Workbench, access: LocalAccess) -> TestClient:
    """A client without a session."""
    return TestClient(create_app(workbench, access, styleguide=True), base_url=BASE, follow_redirects=False)


@pytest.fixture
def stranger(shelf: Shelf, access: LocalAccess) -> TestClient:
    """A browser without a session."""
    return client_of(shelf.workbench(), access)


@pytest.fixture
def client(shelf: Shelf, access: LocalAccess) -> TestClient:
    """A browser that has opened the link."""
    client = client_of(shelf.workbench(), access)
    assert client.get(access.new_link()).status_code == 303
    shelf.log.clear()
    return client


def send(client: TestClient, address: str, **values: str) -> Response:
    """Fill in and send the form on the page at ``address`` that is sent to the same path; follows redirects."""
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(address).text)
    assert token, f"there is no form on {address}"
    fields = {**values, "form_token": token[1]}
    return client.post(address, data=fields, headers={"origin": BASE}, follow_redirects=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. `make test` installs it or says how; without it these tests fail, they are never skipped."""
    assert CHROMIUM, "Chromium is not installed; run: bash .ci/browser"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def served() -> Iterator[Callable[[Workbench], str]]:
    """Serves a workbench on a free port in a thread; gives the one-time link."""
    import uvicorn

    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def serve(workbench: Workbench) -> str:
        opened = socket.create_server(("127.0.0.1", 0))
        access = LocalAccess(opened.getsockname()[1])
        server = uvicorn.Server(
            uvicorn.Config(create_app(workbench, access, styleguide=True), log_level="warning", access_log=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        running.append((server, thread))
        return access.new_link()  # the socket listens already: a request waits until the server takes it

    yield serve
    for server, thread in running:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def expected() -> list[str]:
    """Texts that a test expects on the browser's console; none unless it adds some."""
    return []


@pytest.fixture
def open_page(
    browser: Browser, served: Callable[[Workbench], str], shelf: Shelf, expected: list[str]
) -> Iterator[Callable[..., Page]]:
    """Opens an address of the shelf in a fresh, signed-in browser; fails on any message on its console."""
    said: list[str] = []
    contexts: list[Any] = []
    session: list[Any] = []
    link = served(shelf.workbench())

    def opened(path: str, *, width: int = 1440, height: int = 900, ready: bool = True, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.add_cookies(session)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        if not session:  # the link works once; further pages share its session
            page.goto(link)
            session.extend(context.cookies())
        page.goto(link.split("/open")[0] + path)
        if ready:
            page.wait_for_selector("html[data-ready=all]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [text for text in said if not any(part in text for part in expected)] == []
