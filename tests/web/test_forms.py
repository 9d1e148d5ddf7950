"""Forms without scripts: values and errors by field, POST then 303, a token, and a second sending that does nothing."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from html import unescape

import pytest
from pydantic import BaseModel, Field
from starlette.testclient import TestClient

from bodyworn.web.forms import blank, read
from bodyworn.web.security.csrf import FormTokens
from bodyworn.web.styleguide.router import SampleForm
from tests.web.conftest import BASE, send
from tests.web.shelf import Shelf

GOOD = {"title": "A stop", "kind": "copy", "decision": "confirm"}
ORIGIN = {"origin": BASE}


def token_on(client: TestClient, address: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


def test_a_good_form_becomes_a_value() -> None:
    state = read(SampleForm, {**GOOD, "score": " 7 ", "note": "  ", "extra": "ignored"})
    assert state.errors == {}
    assert state.value == SampleForm(title="A stop", kind="copy", decision="confirm", score=7)
    assert state.value.note is None


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"title": " "}, "title", "Fill in “Title”"),
        ({"title": "x" * 41}, "title", "“Title” may have at most 40 characters"),
        ({"title": "12"}, "title", "“Title” cannot be a number alone"),
        ({"kind": "other"}, "kind", "Choose one of the options for “Kind”"),
        ({"score": "many"}, "score", "“Score” must be a whole number, such as 12"),
        ({"score": "0"}, "score", "“Score” must be at least 1"),
        ({"score": "11"}, "score", "“Score” must be at most 10"),
        ({"due": "soon"}, "due", "“Due” must be a date, such as 2026-03-15"),
        ({"notify": "perhaps"}, "notify", "“Tell me when it is done” cannot be used as it is"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(changed: dict[str, str], field: str, message: str) -> None:
    state = read(SampleForm, GOOD | changed)
    assert state.value is None
    assert dict(state.errors) == {field: message}
    assert state.typed(field) == changed[field].strip()


def test_a_blank_form_has_no_errors_and_knows_its_fields() -> None:
    class Named(BaseModel):
        first_name: str = Field(description="As on the form.")

    state = blank(Named, first_name="Ann")
    assert (state.errors, state.label("first_name"), state.typed("first_name")) == ({}, "First name", "Ann")
    assert state.required("first_name")
    assert blank(SampleForm).options("kind") == ("copy", "excerpt", "summary")


def test_errors_stand_beside_their_fields_and_on_top_with_links(client: TestClient) -> None:
    answer = send(client, "/styleguide", title="x" * 41, score="many", note="<b>kept</b>")
    assert answer.status_code == 422
    page = unescape(answer.text)
    sample = page.split('id="sample"')[1].split("</section>")[0]
    assert "4 fields need attention" in sample
    for name in ("title", "kind", "decision", "score"):
        assert f'href="#field-{name}"' in sample
        assert f'id="field-{name}"' in sample
        assert f'id="field-{name}-error"' in sample
        control = re.search(rf'<[^>]*id="field-{name}"[^>]*>', sample)
        assert control
        assert 'aria-invalid="true"' in control[0]
        assert f"field-{name}-error" in control[0].split('aria-describedby="')[1]
    assert f'value="{"x" * 41}"' in sample  # what was typed stays
    assert "&lt;b&gt;kept" in answer.text


def test_a_sent_form_leads_on_with_303(client: TestClient) -> None:
    fields = {**GOOD, "form_token": token_on(client, "/styleguide")}
    answer = client.post("/styleguide", data=fields, headers=ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/styleguide?saved=true")


def test_a_form_sent_twice_acts_once(client: TestClient, shelf: Shelf, id_of: Callable[[str], str]) -> None:
    custody = f"/recordings/{id_of('stop.mp4')}/custody"
    fields = {"form_token": token_on(client, custody)}
    first, second = (client.post(custody, data=fields, headers=ORIGIN) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert shelf.tags().count("recordings.verified") == 1
    assert "Verified." in client.get(first.headers["location"]).text
    other = first.headers["location"].replace(id_of("stop.mp4"), id_of("call.wav"))
    assert "Verified." not in client.get(other).text  # an outcome is shown for its own recording


def test_a_form_that_failed_can_be_sent_again(client: TestClient, shelf: Shelf, id_of: Callable[[str], str]) -> None:
    custody = f"/recordings/{id_of('stop.mp4')}/custody"
    fields = {"form_token": token_on(client, custody)}
    shelf.fails_to_write = True
    assert client.post(custody, data=fields, headers=ORIGIN).status_code == 500
    shelf.fails_to_write = False
    assert client.post(custody, data=fields, headers=ORIGIN).status_code == 303


@pytest.mark.parametrize("case", ["none", "made up", "other form", "other recording", "cut"])
def test_a_form_without_its_token_is_denied(
    client: TestClient, shelf: Shelf, id_of: Callable[[str], str], case: str
) -> None:
    custody = f"/recordings/{id_of('stop.mp4')}/custody"
    fields = {
        "none": {},
        "made up": {"form_token": "x.y"},
        "other form": {"form_token": token_on(client, "/styleguide")},
        "other recording": {"form_token": token_on(client, f"/recordings/{id_of('call.wav')}/custody")},
        "cut": {"form_token": token_on(client, custody)[:-1]},
    }[case]
    shelf.log.clear()
    answer = client.post(custody, data=fields, headers=ORIGIN)
    assert answer.status_code == 403
    assert "This form is no longer valid" in answer.text
    assert shelf.tags() == ["denied form"]


def test_files_and_too_many_fields_are_refused(client: TestClient) -> None:
    token = token_on(client, "/styleguide")
    many = {f"f{n}": "x" for n in range(200)} | {"form_token": token}
    assert client.post("/styleguide", data=many, files={"a": ("a.txt", b"x")}, headers=ORIGIN).status_code == 400


def test_tokens_belong_to_one_session_and_one_address() -> None:
    tokens = FormTokens()
    token = tokens.issue("session", "/here")
    assert tokens.holds("session", "/here", token)
    for session, action, sent in (
        ("other", "/here", token),
        ("session", "/there", token),
        ("session", "/here", token[::-1]),
        ("session", "/here", ""),
        ("session", "/here", "ü.ü"),
    ):
        assert not tokens.holds(session, action, sent)
    assert not FormTokens().holds("session", "/here", token)


def test_two_sendings_at_once_act_once() -> None:
    tokens, started, acts = FormTokens(), threading.Barrier(8), []

    def act() -> str:
        acts.append(1)
        return f"/done/{len(acts)}"

    def sending() -> None:
        started.wait()
        led.append(tokens.once("token", act))

    led: list[str] = []
    threads = [threading.Thread(target=sending) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert led == ["/done/1"] * 8


def test_a_block_of_a_page_is_the_same_as_in_the_page(client: TestClient, id_of: Callable[[str], str]) -> None:
    custody = f"/recordings/{id_of('stop.mp4')}/custody"
    alone = client.get(custody, headers={"x-swap": "sheet"}).text
    assert alone.lstrip().startswith('<div class="sheet" id="sheet"')
    assert "<html" not in alone
    assert "Integrity check" in alone
    assert "<html" in client.get(custody, headers={"x-swap": "no-such-block"}).text
