"""Viewing is an act: what is written when a person looks, streams, downloads, checks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import send
from tests.web.shelf import Shelf


@pytest.fixture
def page(client: TestClient, id_of: Callable[[str], str]) -> tuple[str, str]:
    """An opened encounter page: the recording's id and the page view's."""
    recording = id_of("stop.mp4")
    found = re.search(r'data-view="([^"]+)"', client.get(f"/recordings/{recording}").text)
    assert found
    return recording, found[1]


def test_opening_the_page_is_one_event(client: TestClient, shelf: Shelf, page: tuple[str, str]) -> None:
    assert shelf.tags() == ["opened"]


def test_streaming_is_one_event_however_many_ranges(client: TestClient, shelf: Shelf, page: tuple[str, str]) -> None:
    recording, view = page
    for start in range(0, 400, 10):
        answer = client.get(f"/recordings/{recording}/media?view={view}", headers={"range": f"bytes={start}-"})
        assert answer.status_code == 206
    assert shelf.tags() == ["opened", "streamed"]


def test_ranges_are_the_bytes_of_the_original(client: TestClient, shelf: Shelf, page: tuple[str, str]) -> None:
    recording, view = page
    original = shelf.items[recording].path.read_bytes()
    answer = client.get(f"/recordings/{recording}/media?view={view}", headers={"range": "bytes=100-199"})
    assert answer.content == original[100:200]
    assert answer.headers["content-range"] == f"bytes 100-199/{len(original)}"
    assert answer.headers["content-type"] == "video/mp4"
    beyond = client.get(f"/recordings/{recording}/media?view={view}", headers={"range": f"bytes={len(original)}-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize("what", ["/media", "/pictures/poster.jpg", "/pictures/thumbnails.jpg"])
def test_nothing_is_served_without_a_recorded_page_view(
    client: TestClient, shelf: Shelf, id_of: Callable[[str], str], page: tuple[str, str], what: str
) -> None:
    recording, view = page
    assert client.get(f"/recordings/{recording}{what}?view={view}").status_code == 200
    assert client.get(f"/recordings/{recording}{what}?view=guessed").status_code == 403
    assert client.get(f"/recordings/{recording}{what}").status_code == 422
    assert client.get(f"/recordings/{id_of('long.mp4')}{what}?view={view}").status_code == 403


@pytest.mark.parametrize("what", ["timeline.json", "peaks.bin"])
def test_times_and_waveform_belong_to_a_page_view_too(client: TestClient, page: tuple[str, str], what: str) -> None:
    recording, view = page
    assert client.get(f"/findings/{recording}/{what}?view={view}").status_code == 200
    assert client.get(f"/findings/{recording}/{what}?view=guessed").status_code == 403


def test_what_cannot_be_recorded_is_not_shown(client: TestClient, shelf: Shelf, page: tuple[str, str]) -> None:
    recording, view = page
    shelf.fails_to_write = True
    for path in (f"/recordings/{recording}", "/recordings/", f"/recordings/{recording}/original"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "cannot be written" in answer.text
        assert "Alder" not in answer.text
    assert client.get(f"/recordings/{recording}/media?view={view}").status_code == 500
    shelf.fails_to_write = False
    assert client.get(f"/recordings/{recording}/media?view={view}").status_code == 200
    assert shelf.tags() == ["opened", "streamed"]


def test_each_download_is_an_event(client: TestClient, shelf: Shelf, id_of: Callable[[str], str]) -> None:
    recording = id_of("stop.mp4")
    for _ in range(2):
        answer = client.get(f"/recordings/{recording}/original")
        assert answer.content == shelf.items[recording].path.read_bytes()
        assert answer.headers["content-disposition"] == 'attachment; filename="stop.mp4"'
    assert shelf.tags() == ["downloaded", "downloaded"]


def test_polling_the_progress_is_not_a_view(client: TestClient, shelf: Shelf, id_of: Callable[[str], str]) -> None:
    told = client.get(f"/findings/{id_of('running.mp4')}/progress.json").json()
    assert (told["state"], told["done"]) == ("analyzing", 1)
    assert shelf.tags() == []


def test_custody_shows_digests_events_and_the_outcome_of_a_check(
    client: TestClient, shelf: Shelf, id_of: Callable[[str], str]
) -> None:
    recording = shelf.by_id(id_of("stop.mp4"))
    page = client.get(f"/recordings/{recording.id}/custody").text
    assert recording.sha256 in page
    assert recording.sha512 in page
    assert "recording.ingested" in page
    assert "Verified." not in page
    address = f"/recordings/{recording.id}/custody"
    assert "Verified." in send(client, address).text
    shelf.problems = ("stop.mp4: its original was changed",)
    broken = send(client, address).text
    assert "Not verified." in broken
    assert "its original was changed" in broken
    seen = ["custody", "recordings.verified", "custody"]
    assert shelf.tags() == ["custody", *seen, *seen]
