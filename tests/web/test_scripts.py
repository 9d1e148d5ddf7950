"""Units of the encounter page's scripts, run as the browser loads them: clock, decoding, parts, keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from bodyworn.web.assets import static_url
from tests.web import sample_document
from tests.web.shelf import Shelf

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.fixture
def run(open_page: Open) -> Callable[[str, str], Any]:
    """Evaluates an expression in which the names of a module of the encounter page stand."""
    page = open_page("/recordings/", ready=False)

    def evaluated(module: str, expression: str) -> Any:
        address = static_url(f"pages/encounter/{module}.js")
        return page.evaluate(f"async () => {{ const m = await import('{address}'); return {expression}; }}")

    return evaluated


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("m.clock(0)", "0:00"),
        ("m.clock(59999)", "0:59"),
        ("m.clock(62400)", "1:02"),
        ("m.clock(62460, true)", "1:02.4"),
        ("m.clock(3600000)", "1:00:00"),
        ("m.clock(-5)", "0:00"),
    ],
)
def test_clock_is_the_same_as_on_the_server(run: Callable[[str, str], Any], call: str, text: str) -> None:
    assert run("clock", call) == text


def test_the_last_row_before_a_time_is_found(run: Callable[[str, str], Any]) -> None:
    rows = "[{start: 0}, {start: 10}, {start: 10}, {start: 30}]"
    found = run("clock", f"[-1, 0, 9, 10, 29, 30, 99].map((ms) => m.lastBefore({rows}, ms))")
    assert found == [-1, 0, 0, 2, 2, 3, 3]
    assert run("clock", "m.lastBefore([], 5)") == -1


def test_rows_become_objects_with_the_names_that_the_server_gives(
    run: Callable[[str, str], Any], client: TestClient, shelf: Shelf, id_of: Callable[[str], str]
) -> None:
    recording = id_of("stop.mp4")
    view = client.get(f"/recordings/{recording}").text.split('data-view="')[1].split('"')[0]
    body = client.get(f"/findings/{recording}/timeline.json?view={view}").json()
    data = run("decode", f"m.decode({json.dumps(body)})")
    document = sample_document.encounter()
    first = document["utterances"][0]
    assert data["duration"] == document["duration_ms"]
    assert data["utterances"][0] == {
        "i": 0,
        "start": first["start_ms"],
        "end": first["end_ms"],
        "role": "Officer",
        "words": [
            {"start": word["start_ms"], "end": word["end_ms"], "size": len(word["text"])} for word in first["words"]
        ],
    }
    kinds = sorted(finding["kind"] for finding in document["findings"])
    assert len(data["findings"]) == len(kinds)
    columns = {"start", "end", "family", "score", "kind", "role", "card", "words", "measures", "made"}
    assert set(data["findings"][0]) == columns
    assert data["unknown"][0] == {
        "start": 0,
        "end": 30_000,
        "words": "silent pre-event buffer",
        "unheard": True,
    }
    assert data["tiles"]["columns"] == 10


def test_parts_are_named_in_camel_case(run: Callable[[str, str], Any]) -> None:
    assert run("parts", "m.parts().theme.id") == "theme"
    assert run("parts", "Object.keys(m.parts()).includes('main')")
    assert run("parts", "m.parts().zoomIn === undefined")


#: What each key does, with what holds the focus; the acts are told by a fake player and its neighbors.
KEYS = [
    ("j", {}, "body", ["jump 1"]),
    ("k", {}, "body", ["jump -1"]),
    (" ", {}, "body", ["toggle"]),
    (" ", {}, "button", []),
    ("j", {"ctrlKey": True}, "body", []),
    ("j", {}, "input", []),
    ("ArrowRight", {}, "body", ["step 1000"]),
    ("ArrowLeft", {"shiftKey": True}, "body", ["step -5000"]),
    ("2", {"code": "Digit2"}, "body", ["jump 1 b"]),
    ('"', {"code": "Digit2", "shiftKey": True}, "body", ["jump -1 b"]),
    ("3", {"code": "Digit3"}, "body", ["jump 1 unknown"]),
    ("+", {}, "body", ["zoom 1.6"]),
    ("g", {}, "body", ["care gray"]),
    ("f", {}, "body", ["full"]),
    ("t", {}, "body", ["wide"]),
    ("z", {}, "body", ["magnify"]),
    ("u", {}, "body", ["copy"]),
    ("x", {}, "body", []),
]


@pytest.mark.parametrize(("key", "more", "focus", "acts"), KEYS)
def test_a_key_does_its_act_where_it_should(
    run: Callable[[str, str], Any], key: str, more: dict[str, Any], focus: str, acts: list[str]
) -> None:
    event = json.dumps({"key": key, "bubbles": True, **more})
    code = f"""(() => {{
      const done = [], say = (name) => (...rest) => done.push([name, ...rest].filter((x) => x !== undefined).join(' '));
      const button = () => document.createElement('button');
      const film = {{ toggle: say('toggle'), step: say('step'), frame: say('frame'), faster: say('faster'),
        setLoop: say('loop') }};
      m.keys({{
        data: {{ families: ['a', 'b'] }}, film, page: {{ shortcuts: document.createElement('dialog'),
          zoomIn: button(), zoomOut: button(), zoomFit: button() }},
        timeline: {{ zoom: say('zoom'), fit: say('fit') }}, findings: {{ jump: say('jump'), loopChosen: say('loop') }},
        transcript: {{ focusSearch: say('search') }}, care: {{ toggle: say('care') }},
        picture: {{ full: say('full'), wide: say('wide'), magnify: say('magnify') }}, address: {{ copy: say('copy') }},
      }});
      const at = {json.dumps(focus)} === 'body' ? document.body : document.createElement({json.dumps(focus)});
      if (at !== document.body) document.body.append(at);
      at.dispatchEvent(new KeyboardEvent('keydown', {event}));
      return done;
    }})()"""
    assert run("keys", code) == acts
