"""What the pages say, read as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from starlette.testclient import TestClient

from bodyworn.access.sessions import LocalAccess
from bodyworn.domain.errors import Code, NotFound
from bodyworn.domain.finding import FAMILY_OF, Family, UnknownState
from bodyworn.engine.stage import Artifact
from bodyworn.web import wording
from bodyworn.web.app import create_app
from bodyworn.web.families import FAMILIES
from bodyworn.web.next_steps import told
from tests.web import sample_document
from tests.web.conftest import BASE
from tests.web.shelf import Shelf, shelved

Get = Callable[[str], str]


@pytest.fixture
def get(client: TestClient, id_of: Callable[[str], str]) -> Get:
    """The encounter page of a recording by its name."""

    def page(name: str) -> str:
        answer = client.get(f"/recordings/{id_of(name)}")
        assert answer.status_code == 200
        return unescape(answer.text)

    return page


def words(html: str) -> str:
    """The text of a page on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_kind_family_and_state_has_words() -> None:
    assert set(wording.KINDS) == set(FAMILY_OF)
    assert set(FAMILIES) == set(Family)
    assert set(wording.STATES) == set(UnknownState)


def test_what_could_not_be_judged_stands_on_top_in_words(get: Get) -> None:
    page = words(get("stop.mp4"))
    assert "Could not be judged 24 % not heard · 17 % not seen" in page
    assert "0:00–0:30 silent pre-event buffer (30 s)" in page
    assert "lens obscured" in page
    assert page.index("Could not be judged") < page.index("Transcript")


def test_a_card_shows_kind_time_role_score_and_words(get: Get) -> None:
    card = next(c for c in get("stop.mp4").split('<li class="card')[1:] if "Asks for help" in c)
    assert '<mark class="carried">Can I have a hug</mark>? <mark class="carried">I need a hug</mark>' in card
    for part in ("Community", "0.97", "0.91", "1:38"):
        assert part in words(card)
    assert "cues@1" not in card  # machine names are one click away


def test_the_transcript_shows_roles_unsure_words_and_gaps(get: Get) -> None:
    lines = get("stop.mp4").split('id="lines"')[1].split("</ol>")[0]
    assert 'title="Recognizer unsure: 0.34"' in lines
    assert "silent pre-event buffer, 30 s" in words(lines)
    assert "speech not understood" in words(lines)
    assert "lens obscured" not in words(lines)  # that can still be heard
    assert "hard to hear 0.29" in words(lines)
    for shape in ("role-officer", "role-community", "role-dispatch", "role-unknown"):
        assert f"#{shape}" in lines


def test_first_distress_to_first_compassion_is_one_line(get: Get) -> None:
    facts = words(get("stop.mp4").split('class="facts"')[1].split("</dl>")[0])
    assert re.search(r"First distress 1:02 → , to first compassion 1:06 4.0 s", facts)


def test_a_silent_film_never_says_that_nothing_was_found(get: Get) -> None:
    page = get("silent.mp4")
    assert "There is no sound in this recording." in page
    assert "That does not mean that nothing was said." in page
    distress = page.split('data-lane="distress"')[1].split("</li>")[0]
    assert "Not looked for in this recording" in distress
    assert words(distress).endswith("Distress –")
    assert not re.search(r"\bno distress\b", words(page), re.IGNORECASE)


def test_where_nothing_could_be_heard_nothing_heard_was_looked_for(client: TestClient, shelf: Shelf) -> None:
    document = sample_document.encounter()
    length = document["duration_ms"]
    for end, state, lost in ((length - 40, "no_audio", True), (length, "no_picture", False), (5000, "no_audio", False)):
        hushed = {**document, "utterances": [], "findings": [], "speakers": {}}
        hushed["unknown"] = [{"state": state, "start_ms": 0, "end_ms": end}]
        item = shelved(next(iter(shelf.items.values())).path, hushed, f"{state}-{end}.mp4")
        shelf.items = {item.recording.id: item}
        page = unescape(client.get(f"/recordings/{item.recording.id}").text)
        lanes = {name: words(page.split(f'data-lane="{name}"')[1].split("</li>")[0])[-1] for name in FAMILIES}
        heard = "–" if lost else "0"
        seen = "–" if state == "no_picture" else "0"
        assert lanes == {name: seen if name is Family.SIGHT else heard for name in FAMILIES}
        assert ("There is nothing to hear in this recording." in page) == lost
        assert f"Distress {'not looked for' if lost else '0'}," in client.get("/recordings/").text


def test_the_shares_not_heard_and_not_seen_stand_apart(get: Get) -> None:
    assert "100 % not heard · 0 % not seen" in words(get("silent.mp4"))


def test_a_voice_without_words_says_so(get: Get) -> None:
    voices = words(get("stop.mp4").split('class="voices"')[1].split("</ul>")[0])
    assert "S1, 13 lines" in voices
    document = sample_document.encounter()
    assert sum(one["speaker"] == "S4" for one in document["utterances"]) == 1
    assert "S4, 1 line" in voices


def test_an_unsure_role_is_shown_as_a_guess(client: TestClient, shelf: Shelf) -> None:
    document = sample_document.encounter()
    document["speakers"]["S1"]["confidence"] = 0.5
    item = shelved(next(iter(shelf.items.values())).path, document, "unsure.mp4")
    shelf.items[item.recording.id] = item
    page = words(client.get(f"/recordings/{item.recording.id}").text)
    assert "perhaps Officer , role confidence 0.50 S1" in page
    assert "perhaps Unknown" not in page


def test_the_page_says_what_it_cannot_do_yet(get: Get) -> None:
    assert "Decisions cannot be written down here yet" in get("stop.mp4")


def test_the_list_is_filtered_and_ordered(client: TestClient, shelf: Shelf) -> None:
    def names(query: str) -> list[str]:
        return re.findall(r"<strong>([\w.-]+)</strong>\s*<span class=.dim", client.get(f"/recordings/?{query}").text)

    everything = names("")
    assert len(everything) == len(shelf.items)
    assert names("q=STOP") == ["stop.mp4"]
    assert names("q=mp4+par") == ["part.mp4"]
    assert names("q=2026-03-15") == everything
    assert names(f"q={shelf.by_name('call.wav').id}") == ["call.wav"]
    assert names("sort=name") == sorted(everything)
    assert names("sort=longest")[0] == "long.mp4"
    assert set(names("sort=recorded")) == set(everything)
    empty = unescape(client.get("/recordings/?q=<b>nothing").text)
    assert "No recording fits “<b>nothing”" in empty
    assert "<b>nothing" not in client.get("/recordings/?q=<b>nothing").text
    assert client.get("/recordings/?sort=size").status_code == 422


def test_pages_of_a_filtered_list_keep_the_filter(client: TestClient, shelf: Shelf) -> None:
    item = next(iter(shelf.items.values()))
    for n in range(60):
        copy = shelved(item.path, None, f"copy-{n}.mp4", steps=item.steps)
        shelf.items[copy.recording.id] = copy
    page = unescape(client.get("/recordings/?q=copy&sort=name").text)
    assert "60 of 68 recordings" in words(page)
    address = re.search(r'rel="next" href="([^"]+)"', page)
    assert address
    assert client.get(address[1]).text.count('class="row"') == 10


def test_sound_alone_has_a_page_of_its_own(get: Get) -> None:
    page = get("call.wav")
    assert "<audio" in page
    assert "<video" not in page
    assert "This recording has no picture." in page


def test_a_failed_stage_is_named_and_its_words_are_escaped(client: TestClient, id_of: Callable[[str], str]) -> None:
    page = client.get(f"/recordings/{id_of('part.mp4')}").text
    assert "Sight did not finish." in page
    assert "out of &lt;memory&gt;" in page


def test_before_an_analysis_the_page_tells_the_next_step(get: Get) -> None:
    page = get("waiting.mp4")
    assert "Not analyzed yet" in page
    assert "Run its analysis" in words(page)
    assert "The sound breaks off after 12 s" in get("failed.mp4")
    assert "Being analyzed" in get("running.mp4")


def test_the_list_shows_each_recording_with_its_state(client: TestClient) -> None:
    page = words(unescape(client.get("/recordings/").text))
    for row in (
        "stop.mp4",
        "recorded 15 Mar 2026, 00:31:10 UTC",
        "24 % not heard",
        "17 % not seen",
        "to analyze",
        "analyzing",
        "failed",
    ):
        assert row in page


def test_an_empty_library_tells_the_next_step(client: TestClient, shelf: Shelf) -> None:
    shelf.items.clear()
    page = client.get("/recordings/").text
    assert "No recordings yet" in page
    assert "Take a file or a folder into custody" in page


def test_many_recordings_come_in_pages(client: TestClient, shelf: Shelf) -> None:
    item = next(iter(shelf.items.values()))
    for n in range(60):
        copy = shelved(item.path, None, f"copy-{n}.mp4", steps=item.steps)
        shelf.items[copy.recording.id] = copy
    assert client.get("/recordings/").text.count('class="row"') == 50
    assert client.get("/recordings/?page=2").text.count('class="row"') == len(shelf.items) - 50
    assert client.get("/recordings/?page=99").text.count('class="row"') == len(shelf.items) - 50


def test_words_from_outside_are_text_never_markup(client: TestClient, shelf: Shelf) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    document = sample_document.encounter()
    first = document["utterances"][0]
    first["text"] = evil
    first["words"] = [{"start_ms": 31_000, "end_ms": 32_000, "text": evil, "confidence": 0.2}]
    document["findings"][0]["evidence"] = {"quote": evil, "words": [evil], "i": 0}
    document["findings"][0]["made_by"] = evil
    document["speakers"]["S1"]["because"] = ['"><b>x']
    item = shelved(next(iter(shelf.items.values())).path, document, f"{evil}.mp4")
    item.recording.facts["tags"] = {evil: evil}  # type: ignore[index]
    shelf.items[item.recording.id] = item
    for path in ("", "/custody", "/facts"):
        page = client.get(f"/recordings/{item.recording.id}{path}").text
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert '"><b>x' not in page
    assert "<script>alert" not in client.get("/recordings/").text


def test_pages_name_no_command(client: TestClient, shelf: Shelf, id_of: Callable[[str], str]) -> None:
    """Who looks at a page may have no terminal. The session notice is the exception: there is no other way in."""
    names = ("stop.mp4", "part.mp4", "waiting.mp4", "failed.mp4", "running.mp4", "silent.mp4")
    paths = ["/recordings/", "/nowhere", "/recordings/rec_none", *(f"/recordings/{id_of(name)}" for name in names)]
    paths += [f"/recordings/{id_of('stop.mp4')}/{tab}" for tab in ("custody", "facts")]
    pages = {path: client.get(path).text for path in paths}
    shelf.items.clear()
    pages["empty"] = client.get("/recordings/").text
    for path, page in pages.items():
        found = re.findall(r"bodyworn [a-z]+ ?[a-zA-Z_]*|--[a-z]+", words(page).replace("· bodyworn", ""))
        assert not [name for name in found if not name.startswith("bodyworn Recordings")], path


@pytest.mark.parametrize("code", list(Code))
def test_the_next_step_of_an_error_names_no_command(code: Code) -> None:
    data = {"noun": "recording", "folder": "library", "release": "rel_1", "state": "draft", "name": "a.json"}
    step = told(NotFound("what", "Look at it again", code, **data))
    assert "{" not in step
    assert not re.search(r"bodyworn [a-z]+|`|--[a-z]", step)


def test_pages_have_no_inline_script_or_style(client: TestClient, id_of: Callable[[str], str]) -> None:
    for path in ("/recordings/", f"/recordings/{id_of('stop.mp4')}", f"/recordings/{id_of('stop.mp4')}/facts"):
        page = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
        assert not re.search(r"(src|href)=\"(https?:)?//", page)


def test_an_unknown_recording_is_a_page_of_its_own(client: TestClient) -> None:
    answer = client.get("/recordings/rec_nothere")
    assert answer.status_code == 404
    assert "No recording has this ID" in answer.text


def test_one_damaged_recording_does_not_hide_the_others(
    client: TestClient, shelf: Shelf, id_of: Callable[[str], str]
) -> None:
    damaged = id_of("stop.mp4")
    shelf.items[damaged].damaged = True
    page = client.get("/recordings/")
    assert page.status_code == 200
    assert "A stored result was changed" in page.text
    assert "call.wav" in page.text
    alone = client.get(f"/recordings/{damaged}")
    assert alone.status_code == 500
    assert "The stored result was changed" in alone.text
    assert "check it there" in alone.text


def test_an_unforeseen_failure_is_a_page_without_details(shelf: Shelf, access: LocalAccess) -> None:
    client = TestClient(create_app(shelf.workbench(), access), base_url=BASE, raise_server_exceptions=False)
    client.get(access.new_link())
    shelf.fails_to_read = True
    answer = client.get("/recordings/")
    assert answer.status_code == 500
    assert "This page could not be made" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("left_out", [True, False])
def test_a_copy_for_the_browser_that_could_not_be_made_is_told(
    client: TestClient, shelf: Shelf, left_out: bool
) -> None:
    path = next(iter(shelf.items.values())).path
    made = Artifact("sight", {"proxy_left_out": True} if left_out else {}, {})
    item = shelved(path, name=f"left out {left_out}.avi", artifacts={"sight": made})
    shelf.items[item.recording.id] = item
    page = unescape(client.get(f"/recordings/{item.recording.id}").text)
    assert ("A copy that it plays could not be made from it." in page) is left_out
