"""The pages of encounters: the list, and one with its recordings, facts by source, and proposals."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path

from starlette.testclient import TestClient

from bodyworn.access.sessions import LocalAccess
from bodyworn.bootstrap import open_library
from bodyworn.domain.encounter import own_encounter_id
from bodyworn.web.workbench import workbench_over
from tests.makers.cameras import filmed
from tests.web.conftest import PORT, client_of
from tests.web.shelf import Shelf
from tests.web.test_pages import words


def test_the_list_shows_encounters_and_proposals_and_is_an_event(client: TestClient, shelf: Shelf) -> None:
    said = words(unescape(client.get("/encounters/").text))
    assert "8 encounters" in said
    assert "because both have the dispatch number 26-0193" in said
    assert shelf.tags() == ["encounters listed"]


def test_an_encounter_shows_every_fact_with_its_source(
    client: TestClient, shelf: Shelf, id_of: Callable[[str], str]
) -> None:
    answer = client.get(f"/encounters/{own_encounter_id(id_of('stop.mp4'))}")
    said = words(unescape(answer.text))
    assert "Sources disagree about outcome" in said
    assert "Ben (os:ana)" in said
    assert (
        "1:01 Officer : “I'm giving you a <warning>.” 0.90" in said.replace("Officer:", "Officer :") or "1:01" in said
    )
    assert "&lt;warning&gt;" in answer.text
    assert "unknown: no source names it" in said
    assert shelf.tags() == ["encounter opened"]


def test_the_transcript_says_where_each_utterance_is_from_and_what_nothing_tells(
    client: TestClient, shelf: Shelf, id_of: Callable[[str], str]
) -> None:
    recording = id_of("stop.mp4")
    answer = client.get(f"/encounters/{own_encounter_id(recording)}/transcript")
    assert answer.status_code == 200
    said = words(unescape(answer.text))
    assert f'href="/recordings/{recording}#t=4.0"' in answer.text
    assert "I am &lt;giving&gt; you a warning" in answer.text
    assert "unknown to seeing" in said
    assert shelf.tags() == ["encounter transcript"]
    shelf.fails_to_write = True
    assert client.get(f"/encounters/{own_encounter_id(recording)}/transcript").status_code == 500


def test_what_cannot_be_recorded_is_not_shown(client: TestClient, shelf: Shelf, id_of: Callable[[str], str]) -> None:
    shelf.fails_to_write = True
    for path in ("/encounters/", f"/encounters/{own_encounter_id(id_of('stop.mp4'))}"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "stop.mp4" not in answer.text


def test_over_a_real_library_a_former_id_leads_to_the_joined_encounter(tmp_path: Path) -> None:
    with open_library(tmp_path / "library", create=True) as library:
        one, other = filmed(library, "a"), filmed(library, "b")
        joined = library.encounters.join(library.encounters.list())
        access = LocalAccess(PORT)
        client = client_of(workbench_over(library), access)
        client.get(access.new_link())
        former = client.get(f"/encounters/{own_encounter_id(one.id)}")
        assert (former.status_code, former.headers["location"]) == (303, f"/encounters/{joined.id}")
        shown = client.get(f"/encounters/{joined.id}").text
        assert one.id in shown
        assert other.id in shown
        assert library.audit_log.newest(1)[0].tag == "encounter.viewed"
        assert client.get("/encounters/enc_").status_code == 404
        assert client.get("/encounters/enc_0000000000000000").status_code == 404
