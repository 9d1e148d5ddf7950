"""The custody page in a real browser over a real library: the check, the history in plain words, its files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from bodyworn.web.workbench import Workbench, workbench_over
from tests.web.conftest import PORT, client_of
from tests.web.shelf import Shelf
from tests.web.test_real_library import STAGES, tags

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from bodyworn.bootstrap import Library
    from bodyworn.domain.recording import Recording

    NewLibrary = Callable[..., Library]


@pytest.fixture
def library(new_library: NewLibrary) -> Library:
    return new_library(STAGES)


@pytest.fixture
def ingested(library: Library, film: Path) -> Recording:
    recording = library.recordings.ingest(film)
    library.findings.run(recording)
    return recording


@pytest.fixture
def custody(
    library: Library, ingested: Recording, served: Callable[[Workbench], str], browser: Browser
) -> Iterator[Page]:
    """The custody page, opened as a person does: by the link, a click on the row, a click on the tab."""
    said: list[str] = []
    context = browser.new_context(timezone_id="America/Chicago", accept_downloads=True)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(served(workbench_over(library)))
    page.click(".row-link")
    page.click(".tabs >> text=Custody")
    page.wait_for_selector("html[data-behaviors=bound]")
    yield page
    context.close()
    assert said == []


@pytest.mark.browser
def test_check_now_checks_and_accuses_nobody(library: Library, custody: Page) -> None:
    custody.click("text=Check now")
    custody.wait_for_selector(".notice.good >> text=Verified.")
    before = custody.locator("#events tbody tr").count()
    custody.click("text=Check again")
    custody.wait_for_function("n => document.querySelectorAll('#events tbody tr').length > n", arg=before)
    written = [tag for tag, _ in tags(library)]
    assert written.count("recordings.verified") == 2
    assert "access.denied" not in written
    assert library.verify(lambda *_: None).holds


@pytest.mark.browser
def test_events_stand_in_plain_words_and_details_behind_a_click(custody: Page) -> None:
    shown = custody.inner_text("#events")
    for sentence in ("Recording taken into custody", "Findings made", "Encounter page opened", "Custody page opened"):
        assert sentence in shown
    assert "{" not in shown
    row = custody.locator("#events tr:has-text('Findings made')").first
    row.locator("summary").click()
    told = row.inner_text()
    assert "findings.made" in told
    assert "{" not in told
    assert "None" not in told


@pytest.mark.browser
def test_the_history_is_filtered_and_the_filter_stands_in_the_address(custody: Page) -> None:
    custody.select_option("#filter-what", "findings.made")
    custody.click("text=Apply")
    custody.wait_for_url("**what=findings.made**")
    rows = custody.locator("#events tbody tr").all_inner_texts()
    assert rows
    assert all("Findings made" in row for row in rows)
    assert f"{len(rows)} of " in custody.inner_text("#events-title")
    with custody.expect_download() as download:
        custody.click(".export >> text=CSV")
    text = download.value.path().read_text("utf-8-sig")
    assert {row["tag"] for row in csv.DictReader(io.StringIO(text))} == {"findings.made"}
    custody.click("text=Clear")
    custody.wait_for_url("**/custody")
    assert custody.locator("#events tbody tr").count() > len(rows)


@pytest.mark.browser
def test_times_stand_in_utc_and_in_the_zone_of_the_browser(custody: Page) -> None:
    shown = custody.locator("#events time").first.inner_text()
    assert " UTC · " in shown
    assert shown.endswith(("CST", "CDT"))


def test_the_files_hold_every_event_as_it_is_stored(library: Library, ingested: Recording) -> None:
    client = entered(library)
    address = f"/recordings/{ingested.id}/custody"
    told = client.get(f"{address}.json").json()
    assert told["sha256"] == ingested.sha256
    stored = {event.seq: event for event, _ in library.audit_log.about(ingested.id)}
    for event in told["events"]:
        assert event["tag"] == stored[event["seq"]].tag
        assert len(event["hash"]) == 64
    rows = list(csv.DictReader(io.StringIO(client.get(f"{address}.csv").content.decode("utf-8-sig"))))
    assert [row["tag"] for row in rows][: len(told["events"])] == [event["tag"] for event in told["events"]]
    assert [how for _, how in tags(library)].count("custody_exported") == 2
    assert client.get(f"{address}.xml").status_code == 422


def test_a_long_history_comes_in_pages_and_the_file_holds_all(
    client: TestClient, shelf: Shelf, id_of: Callable[[str], str]
) -> None:
    recording = id_of("stop.mp4")
    shelf.log += [("opened", recording, {})] * 450
    address = f"/recordings/{recording}/custody"
    assert client.get(address).text.count("<tr>") == 201  # with that of the head
    assert "Page 3 of 3" in client.get(f"{address}?page=3").text
    assert client.get(f"{address}?page=99").text.count("<tr>") < 201
    assert len(client.get(f"{address}.json").json()["events"]) > 450


def test_a_cell_is_never_a_formula(client: TestClient, shelf: Shelf, id_of: Callable[[str], str]) -> None:
    recording = id_of("stop.mp4")
    for evil in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1"):
        shelf.log.append((evil, recording, {}))
    text = client.get(f"/recordings/{recording}/custody.csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t")]
    json.loads(client.get(f"/recordings/{recording}/custody.json").content)


def entered(library: Library) -> TestClient:
    from bodyworn.access.sessions import LocalAccess

    access = LocalAccess(PORT)
    client = client_of(workbench_over(library), access)
    client.get(access.new_link())
    return client
