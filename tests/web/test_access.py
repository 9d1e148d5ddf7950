"""Who may look: the one-time link, the session, the host and the origin of a request."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from bodyworn.access.sessions import LINK_MINUTES, SESSION_HOURS, DenialTally, LocalAccess
from bodyworn.web.assets import static_url
from tests.web.conftest import BASE, client_of, send
from tests.web.shelf import Shelf

HTML = {"accept": "text/html"}


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_link_opens_a_session_once(stranger: TestClient, access: LocalAccess, shelf: Shelf) -> None:
    link = access.new_link()
    first = stranger.get(link)
    assert (first.status_code, first.headers["location"]) == (303, "/recordings/")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert stranger.get("/recordings/").status_code == 200
    another = client_of(shelf.workbench(), access)
    assert another.get(link).status_code == 401
    assert shelf.tags()[:1] == ["session opened"]
    assert "denied link" in shelf.tags()


def test_the_link_opened_again_in_the_same_browser_leads_in(client: TestClient, access: LocalAccess) -> None:
    access.new_link()
    assert client.get("/open?token=used-before").headers["location"] == "/recordings/"


def test_a_link_expires() -> None:
    watch = Watch()
    access = LocalAccess(8420, clock=watch)
    token = access.new_link().partition("token=")[2]
    watch.now += LINK_MINUTES * 60
    assert access.exchange(token) is None


def test_a_new_link_ends_the_one_before() -> None:
    access = LocalAccess(8420)
    old, new = (access.new_link().partition("token=")[2] for _ in range(2))
    assert access.exchange(old) is None
    assert access.exchange(new) is not None


def test_a_second_browser_is_let_in_by_a_link_that_only_the_terminal_shows(shelf: Shelf) -> None:
    shown: list[str] = []
    watch = Watch()
    access = LocalAccess(8420, clock=watch, announce=shown.append)
    first, second = (client_of(shelf.workbench(), access) for _ in range(2))
    link = access.new_link()
    assert second.get("/recordings/", headers=HTML).status_code == 401
    assert shown == []  # the printed link still works; it is not taken away from under the person
    assert first.get(link).status_code == 303
    answer = second.get("/recordings/", headers=HTML)
    assert "load this page again" in answer.text
    assert "again and open" not in answer.text  # nothing has to be started anew
    second.get("/recordings/", headers=HTML)
    second.get("/recordings/")
    assert len(shown) == 1
    assert shown[0].partition("token=")[2] not in answer.text
    assert second.get(shown[0]).status_code == 303
    assert second.get("/recordings/").status_code == 200
    assert first.get("/recordings/").status_code == 200
    third = client_of(shelf.workbench(), access)
    assert "newest link" in third.get(link, headers=HTML).text
    assert third.get(shown[1]).status_code == 303


def test_a_session_ends() -> None:
    watch = Watch()
    access = LocalAccess(8420, clock=watch)
    session = access.exchange(access.new_link().partition("token=")[2])
    assert access.holds(session)
    watch.now += SESSION_HOURS * 3600
    assert not access.holds(session)


def test_a_prefetch_does_not_use_up_the_link(stranger: TestClient, access: LocalAccess) -> None:
    link = access.new_link()
    assert stranger.get(link, headers={"sec-purpose": "prefetch;prerender"}).status_code == 503
    assert stranger.get(link).status_code == 303


@pytest.mark.parametrize("path", ["/", "/recordings/", "/recordings/x", "/recordings/x/media", "/findings/x/peaks.bin"])
def test_nothing_is_shown_without_a_session(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path, headers=HTML)
    assert answer.status_code == 401
    assert "bodyworn serve" in answer.text
    assert "stop.mp4" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example:8420", "127.0.0.1", "127.0.0.1:8421", "localhost.evil.example:8420", ""]
)
def test_a_foreign_name_for_this_server_is_refused(client: TestClient, shelf: Shelf, host: str) -> None:
    answer = client.get("/recordings/", headers={"host": host})
    assert answer.status_code == 421
    assert shelf.tags() == ["denied host"]


@pytest.mark.parametrize("host", ["127.0.0.1:8420", "localhost:8420", "[::1]:8420"])
def test_the_names_of_this_machine_are_accepted(stranger: TestClient, host: str) -> None:
    assert stranger.get(static_url("css/base.css"), headers={"host": host}).status_code == 200


def test_other_sites_get_nothing(client: TestClient, id_of: Callable[[str], str], shelf: Shelf) -> None:
    embedded = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert client.get("/recordings/", headers=embedded).status_code == 403
    followed_link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/recordings/", headers=followed_link).status_code == 200
    custody = f"/recordings/{id_of('stop.mp4')}/custody"
    assert client.post(custody, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.post(custody).status_code == 403
    assert client.post(custody, headers={"origin": BASE}).status_code == 403  # the origin alone is not enough
    assert send(client, custody).status_code == 200


def test_denied_attempts_are_events_but_cannot_flood_the_record(stranger: TestClient, shelf: Shelf) -> None:
    for _ in range(50):
        stranger.get("/recordings/")
    assert shelf.tags() == ["denied session"]
    assert shelf.log[0][2]["path"] == "/recordings/"


def test_denials_held_back_are_counted_in_the_next_row() -> None:
    watch = Watch()
    tally = DenialTally(every_s=60, clock=watch)
    assert [tally.admit("session") for _ in range(4)] == [1, 0, 0, 0]
    assert tally.admit("host") == 1
    watch.now += 60
    assert tally.admit("session") == 4


def test_control_characters_of_a_denied_path_do_not_reach_the_record(stranger: TestClient, shelf: Shelf) -> None:
    stranger.get("/recordings/%1b[2Jx%0afake")
    assert shelf.log[0][2]["path"] == "/recordings/\ufffd[2Jx\ufffdfake"


@pytest.mark.parametrize("path", ["/recordings/", static_url("css/base.css"), "/nowhere"])
def test_every_answer_carries_its_guards(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_pages_that_load_scripts_from_elsewhere_are_off(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
