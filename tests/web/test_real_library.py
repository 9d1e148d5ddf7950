"""The pages over a real library: stored files, stages that ran, and the audit log that was written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from starlette.testclient import TestClient

from bodyworn.access.sessions import LocalAccess
from bodyworn.domain.codec import JsonObject
from bodyworn.domain.errors import DamagedMedia
from bodyworn.domain.progress import Progress
from bodyworn.domain.recording import Recording
from bodyworn.engine.artifact_store import ArtifactStore
from bodyworn.engine.stage import Artifact, Inputs
from bodyworn.findings.service import Findings
from bodyworn.findings.snapshot import Snapshot
from bodyworn.web.findings.queries import LibraryFindings
from bodyworn.web.recordings.acts import RecordingView
from bodyworn.web.workbench import workbench_over
from tests.web import sample_document
from tests.web.conftest import PORT, client_of, send, sprite

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from bodyworn.bootstrap import Library
    from bodyworn.web.findings.queries import LibraryFindings
from bodyworn.web.workbench import Workbench

DOCUMENT = sample_document.encounter()
CUES = [finding for finding in DOCUMENT["findings"] if finding["made_by"].startswith("cues")]


@dataclass(frozen=True)
class FakeStage:
    """A stage that makes what it is told; with ``why`` it fails instead."""

    name: str
    data: Mapping[str, Any]
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    pictures: bool = False
    why: str = ""
    version: str = "1"
    model: str | None = None
    defaults: JsonObject = field(default_factory=dict)

    @property
    def makes(self) -> str:
        return self.name

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        if self.why:
            raise DamagedMedia(self.why, "Look at the file")
        files = dict(sprite(inputs.scratch).files) if self.pictures else {}
        return Artifact(self.name, self.data, files)


THUMBNAILS = {"step_ms": 2000, "columns": 10, "width": 160, "height": 90, "count": 70}
STAGES = (
    FakeStage(
        "audio", {"peaks": {"step_ms": 50, "min": [-5] * 2700, "max": [5] * 2700}, "unknown": DOCUMENT["unknown"]}
    ),
    FakeStage("utterances", {"utterances": DOCUMENT["utterances"], "roles": DOCUMENT["speakers"]}, reads=("audio",)),
    FakeStage("cues", {"findings": CUES}, reads=("utterances",)),
    FakeStage("sight", {"thumbnails": THUMBNAILS, "findings": []}, needs=("video",), pictures=True),
)

NewLibrary = Callable[..., "Library"]


@pytest.fixture
def library(new_library: NewLibrary) -> Library:
    return new_library(STAGES)


@pytest.fixture
def ingested(library: Library, film: Path) -> Recording:
    """The film in custody, analyzed."""
    recording = library.recordings.ingest(film)
    library.findings.run(recording)
    return recording


def entered(library: Library) -> TestClient:
    access = LocalAccess(PORT)
    client = client_of(workbench_over(library), access)
    client.get(access.new_link())
    return client


def tags(library: Library) -> list[tuple[str, str]]:
    """Tag and manner of each event, oldest first."""
    return [(event.tag, str(event.detail.get("how", ""))) for event in reversed(library.audit_log.newest(100))]


def test_a_visit_stands_in_the_record_and_the_record_holds(library: Library, ingested: Recording, film: Path) -> None:
    before = len(tags(library))
    client = entered(library)
    assert "stop.mp4" in client.get("/recordings/").text
    page = client.get(f"/recordings/{ingested.id}").text
    assert "Can I have a hug" in page
    view = re.search(r'data-view="([^"]+)"', page)
    assert view
    for start in range(20):
        part = client.get(f"/recordings/{ingested.id}/media?view={view[1]}", headers={"range": f"bytes={start}-99"})
        assert part.content == film.read_bytes()[start:100]
    assert client.get(f"/recordings/{ingested.id}/original").content == film.read_bytes()
    assert tags(library)[before:] == [
        ("session.opened", ""),
        ("recordings.listed", ""),
        ("recording.viewed", "opened"),
        ("recording.viewed", "streamed"),
        ("recording.viewed", "downloaded"),
    ]
    assert library.verify(lambda *_: None).holds


def test_every_act_writes_its_own_event_and_no_other(library: Library, ingested: Recording) -> None:
    workbench = workbench_over(library)
    acts: list[tuple[Callable[[], object], list[tuple[str, str]]]] = [
        (lambda how=how: workbench.recording_acts.view(ingested, how), [("recording.viewed", how.value)])  # type: ignore[misc]
        for how in RecordingView
    ]
    acts += [
        (lambda: workbench.recording_acts.view_list(1), [("recordings.listed", "")]),
        (lambda: workbench.recording_acts.check(ingested), [("recordings.verified", ""), ("audit_log.verified", "")]),
        (workbench.access_acts.open_session, [("session.opened", "")]),
        (lambda: workbench.access_acts.deny("session", {}), [("access.denied", "")]),
    ]
    for act, expected in acts:
        before = len(tags(library))
        act()
        assert tags(library)[before:] == expected


class Counting:
    """The findings of a library; counts what a page asks of them."""

    def __init__(self, findings: Findings) -> None:
        self.findings, self.asked = findings, Counter[str]()

    def snapshot(self, recording: Recording) -> Snapshot:
        self.asked["plan"] += 1
        return CountedSnapshot(self.findings.snapshot(recording), self.asked)


class CountedSnapshot(Snapshot):
    """A snapshot that counts how often it is composed to a document, and what it reads from the store."""

    def __init__(self, real: Snapshot, asked: Counter[str]) -> None:
        vars(self).update(vars(real))
        self._asked, self._store = asked, real._artifacts
        self._artifacts = cast(ArtifactStore, self)

    def document(self) -> dict[str, Any]:
        self._asked["document"] += 1
        return super().document()

    def load(self, digest: str) -> Artifact:
        artifact = self._store.load(digest)
        self._asked[artifact.name] += 1
        return artifact


def test_a_page_plans_once_and_reads_each_result_once(library: Library, ingested: Recording) -> None:
    counting = Counting(library.findings)
    access = LocalAccess(PORT)
    client = client_of(replace(workbench_over(library), findings=LibraryFindings(lambda: counting)), access)
    client.get(access.new_link())
    page = f"/recordings/{ingested.id}"
    assert client.get(page).status_code == 200
    once = dict(counting.asked)
    assert set(once) >= {"plan", "document", "sight", "utterances"}
    assert set(once.values()) == {1}
    assert client.get(page).status_code == 200
    assert counting.asked == {**once, "plan": 2}  # what did not change is not read again
    assert client.get("/recordings/").status_code == 200
    assert counting.asked == {**once, "plan": 3}
    library.findings.correct_role(ingested, "S2", "officer_2")
    client.get(page)
    assert counting.asked["plan"] == 4


def test_a_denied_attempt_stands_in_the_record(library: Library) -> None:
    client_of(workbench_over(library), LocalAccess(PORT)).get("/recordings/")
    event = library.audit_log.newest(1)[0]
    assert (event.tag, event.outcome, event.detail["why"]) == ("access.denied", "denied", "session")


def test_the_custody_page_finds_a_changed_original(library: Library, ingested: Recording) -> None:
    client = entered(library)
    page = f"/recordings/{ingested.id}/custody"
    assert "recording.ingested" in client.get(page).text
    assert "Verified." in send(client, page).text
    stored = library.recordings.file_of(ingested)
    stored.chmod(0o600)
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    broken = send(client, page).text
    assert "Not verified." in broken
    assert "its original was changed" in broken


def test_before_and_after_the_analysis(library: Library, film: Path) -> None:
    recording = library.recordings.ingest(film)
    client = entered(library)
    assert "Not analyzed yet" in client.get(f"/recordings/{recording.id}").text
    library.findings.run(recording)
    assert "data-view" in client.get(f"/recordings/{recording.id}").text
    assert client.get(f"/findings/{recording.id}/progress.json").json()["state"] == "analyzed"


def test_a_failed_stage_is_shown_with_what_the_others_made(new_library: NewLibrary, film: Path) -> None:
    broken = FakeStage("cues", {}, reads=("utterances",), why="The words could not be weighed")
    library = new_library((*STAGES[:2], broken, STAGES[3]))
    recording = library.recordings.ingest(film)
    with pytest.raises(DamagedMedia):
        library.findings.run(recording)
    page = entered(library).get(f"/recordings/{recording.id}").text
    assert "Cues did not finish." in page
    assert "The words could not be weighed" in page
    assert "Can I have a hug" in page
    assert "Not looked for in this recording" in page


def test_an_address_needs_the_whole_id(library: Library, ingested: Recording) -> None:
    client = entered(library)
    for short in (ingested.id[:12], ingested.name, ingested.sha256):
        assert client.get(f"/recordings/{short}").status_code == 404


def test_a_corrected_role_is_shown_at_once(new_library: NewLibrary, film: Path) -> None:
    from tests.engine.fake_stages import Roles

    library = new_library((Roles(),))
    recording = library.recordings.ingest(film)
    library.findings.run(recording)
    client = entered(library)
    assert client.get(f"/recordings/{recording.id}").text.count("Dispatch") == 0
    library.findings.correct_role(recording, "S2", "dispatch")
    library.findings.run(recording)
    assert "Dispatch" in client.get(f"/recordings/{recording.id}").text


@pytest.mark.browser
def test_a_real_library_in_a_real_browser(
    library: Library, ingested: Recording, served: Callable[[Workbench], str], browser: Any
) -> None:
    link = served(workbench_over(library))
    page: Page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(link)
    page.click(".row-link")
    page.wait_for_selector("html[data-ready=all]")
    page.keyboard.press(" ")
    page.wait_for_function("() => document.getElementById('media').currentTime > 0.3")
    page.keyboard.press(" ")
    assert page.locator(".kinds li").count() == len(CUES)
    assert said == []
    page.close()
    assert [how for _, how in tags(library)].count("streamed") == 1
