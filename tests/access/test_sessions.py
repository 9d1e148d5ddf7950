"""What the workbench does is in the audit log with the way in and the session it came from."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from bodyworn.access.sessions import Caller, LocalAccess, current_caller
from bodyworn.bootstrap import open_library
from bodyworn.web.app import create_app
from bodyworn.web.workbench import workbench_over

PORT = 8420


def test_a_session_is_named_without_giving_its_cookie_away() -> None:
    access = LocalAccess(PORT)
    session = access.exchange(access.new_link().partition("token=")[2])
    assert session is not None
    name = access.session_id(session)
    assert name is not None
    assert len(name) == 12
    assert name not in session
    assert access.session_id("forged") is access.session_id("") is access.session_id(None) is None


def test_two_browsers_are_two_sessions_of_one_account(tmp_path: Path) -> None:
    with open_library(tmp_path / "library", create=True) as library:
        account, access = library.audit_log.actor.id, LocalAccess(PORT)
        app = create_app(workbench_over(library), access)
        for _ in range(2):
            browser = TestClient(app, base_url=f"http://127.0.0.1:{PORT}")
            assert browser.get(access.new_link()).status_code == 200
        events = [event for event in library.audit_log.newest(10) if event.source == "web"]
        TestClient(app, base_url=f"http://127.0.0.1:{PORT}").get("/recordings/")
        stranger = library.audit_log.newest(1)[0]
    opened = [event.session for event in events if event.tag == "session.opened"]
    listed = [event.session for event in events if event.tag == "recordings.listed"]
    assert len(set(opened)) == 2
    assert sorted(listed) == sorted(opened)
    assert {event.actor for event in events} == {account}
    assert (stranger.tag, stranger.session) == ("access.denied", "")
    assert current_caller.get() == Caller()
