"""What is kept for many readers never lies: not to another person, nor after anything has changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from bodyworn.access.policy import Grant, Policy
from bodyworn.access.sessions import Caller, LocalAccess, current_caller
from bodyworn.domain.action import Action
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import NotFound
from bodyworn.domain.progress import no_progress
from bodyworn.domain.visibility import Everything, Nothing
from bodyworn.engine.stage import Artifact
from bodyworn.web.app import create_app
from bodyworn.web.findings.queries import StageRow
from bodyworn.web.recordings.acts import RecordingView
from bodyworn.web.recordings.readers import Readers
from bodyworn.web.workbench import workbench_over
from tests.web import loops
from tests.web.conftest import BASE, PORT
from tests.web.shelf import Shelf, peaks

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library
    from bodyworn.domain.recording import Recording

READERS = 50


@dataclass(frozen=True)
class Shut(Policy):
    """Everything to everybody, but nothing to the sessions in ``out`` (as the audit log names them)."""

    out: set[str] = field(default_factory=set)

    def grant(self, actor: Actor, action: Action) -> Grant:
        return Grant(Nothing() if actor.session in self.out else Everything(), "may", "may not see it any more")


@dataclass(frozen=True)
class Desk:
    """A library under a policy that can change, with an analyzed recording, and browsers on one server."""

    library: Library
    policy: Shut
    recording: Recording
    access: LocalAccess
    app: object

    def browser(self) -> TestClient:
        """A browser in a session of its own."""
        client = TestClient(self.app, base_url=BASE, follow_redirects=False)  # type: ignore[arg-type]
        assert client.get(self.access.new_link()).status_code == 303
        return client

    def session(self, client: TestClient) -> str:
        """What the audit log calls the session of a browser."""
        return self.access.session_id(client.cookies[self.access.cookie]) or ""


@pytest.fixture
def desk(new_library: Callable[..., Library], film: Path) -> Desk:
    from tests.engine.fake_stages import Roles

    policy = Shut()
    opened = new_library((Roles(),))
    recording = opened.recordings.ingest(film)
    opened.findings.run(recording)
    library = replace(opened, access=replace(opened.access, policy=policy))
    access = LocalAccess(PORT)
    return Desk(library, policy, recording, access, create_app(workbench_over(library), access))


def view_in(page: str) -> str:
    found = re.search(r'data-view="([^"]+)"', page)
    assert found
    return found[1]


def parts(recording: Recording, view: str) -> list[str]:
    return [f"/findings/{recording.id}/timeline.json?view={view}", f"/recordings/{recording.id}/media?view={view}"]


def test_who_is_shut_out_gets_nothing_of_what_is_kept_and_each_attempt_is_an_event(desk: Desk) -> None:
    stays, goes = desk.browser(), desk.browser()
    address = f"/recordings/{desk.recording.id}"
    view = view_in(goes.get(address).text)
    mine = view_in(stays.get(address).text)
    desk.policy.out.add(desk.session(goes))
    before = desk.library.audit_log.newest(1)[0].seq
    for path in (address, address, *parts(desk.recording, view), *parts(desk.recording, mine)):
        answer = goes.get(path)
        assert answer.status_code in (403, 404), path
        assert desk.recording.name not in answer.text
    events = desk.library.audit_log.newest(100)
    said = [(event.tag, event.session) for event in events if event.seq > before]
    assert said == [("access.denied", desk.session(goes))] * 6
    assert [stays.get(path).status_code for path in (address, *parts(desk.recording, mine))] == [200, 200, 200]
    desk.policy.out.clear()
    assert goes.get(address).status_code == 200


def test_a_decision_and_what_is_made_anew_show_in_the_next_page(desk: Desk) -> None:
    client, address = desk.browser(), f"/recordings/{desk.recording.id}"
    assert "Dispatch" not in client.get(address).text
    desk.library.findings.correct_role(desk.recording, "S2", "dispatch")
    assert "Not analyzed yet" in client.get(address).text  # nothing is made of that decision yet
    desk.library.findings.run(desk.recording)
    assert "Dispatch" in client.get(address).text
    desk.library.findings.correct_role(desk.recording, "S2", "officer_2")
    desk.library.findings.run(desk.recording)
    assert "Dispatch" not in client.get(address).text


def test_views_at_once_are_a_row_each_by_whom_they_are_and_the_record_holds(desk: Desk) -> None:
    readers = Readers(workbench_over(desk.library))
    before = desk.library.audit_log.newest(1)[0].seq

    async def one(number: int) -> None:
        current_caller.set(Caller(f"session{number % 5}"))
        found = await readers.open(desk.recording.id)
        await readers.view(found.snapshot.recording, RecordingView.OPENED)

    async def all_at_once() -> None:
        await asyncio.gather(*(asyncio.create_task(one(number)) for number in range(READERS)))

    loops.run(all_at_once())
    events = [event for event in desk.library.audit_log.newest(READERS + 10) if event.seq > before]
    assert len(events) == READERS
    assert {(event.tag, event.object, event.detail["how"]) for event in events} == {
        ("recording.viewed", desk.recording.id, "opened")
    }
    assert sorted(event.session for event in events) == sorted(f"session{n % 5}" for n in range(READERS))
    assert desk.library.verify(no_progress).holds


def test_one_who_is_denied_among_many_is_denied_alone(desk: Desk) -> None:
    readers = Readers(workbench_over(desk.library))
    desk.policy.out.add("out")

    async def one(session: str) -> object:
        current_caller.set(Caller(session))
        return await readers.read(desk.recording.id)

    async def all_at_once() -> list[object]:
        tasks = [asyncio.create_task(one(name)) for name in ("in", "out", "in", "out", "other")]
        return await asyncio.gather(*tasks, return_exceptions=True)

    got = loops.run(all_at_once())
    assert [isinstance(answer, NotFound) for answer in got] == [False, True, False, True, False]
    denied = [event.session for event in desk.library.audit_log.newest(5) if event.tag == "access.denied"]
    assert denied == ["out", "out"]


@pytest.fixture
def seen(client: TestClient, shelf: Shelf, id_of: Callable[[str], str]) -> tuple[str, str]:
    """Id and view of an opened page, with everything of it kept."""
    recording = id_of("stop.mp4")
    view = view_in(client.get(f"/recordings/{recording}").text)
    for path in all_parts(recording, view):
        assert client.get(path).status_code == 200
    return recording, view


def all_parts(recording: str, view: str) -> list[str]:
    found = [f"/findings/{recording}/{name}?view={view}" for name in ("timeline.json", "peaks.bin")]
    return [*found, *(f"/recordings/{recording}/pictures/{name}.jpg?view={view}" for name in ("poster", "thumbnails"))]


def test_a_recording_that_is_gone_is_gone_with_all_that_was_kept_of_it(
    client: TestClient, shelf: Shelf, seen: tuple[str, str]
) -> None:
    recording, view = seen
    del shelf.items[recording]
    for path in (f"/recordings/{recording}", *all_parts(recording, view), f"/recordings/{recording}/media?view={view}"):
        assert client.get(path).status_code == 404, path


def test_another_name_and_another_result_show_at_once(
    client: TestClient, shelf: Shelf, seen: tuple[str, str], tmp_path: Path
) -> None:
    recording, view = seen
    item = shelf.items[recording]
    item.recording = replace(item.recording, name="renamed.mp4")
    assert "renamed.mp4" in client.get(f"/recordings/{recording}").text
    timeline, waveform, poster, _ = all_parts(recording, view)
    was = [client.get(path).content for path in (timeline, waveform, poster)]
    (tmp_path / "poster.jpg").write_bytes(b"another picture")
    sight = item.artifacts["sight"]
    files = {**sight.files, "poster.jpg": tmp_path / "poster.jpg"}
    item.artifacts |= {"audio": peaks(60_000, 20), "sight": Artifact("sight", sight.data, files)}
    item.document["utterances"] = item.document["utterances"][:1]
    item.steps = [replace(step, key="made anew") for step in item.steps]
    now = [client.get(path).content for path in (timeline, waveform, poster)]
    assert all(new != old for new, old in zip(now, was, strict=True))
    assert now[2] == b"another picture"


def test_while_a_stage_runs_again_the_page_that_was_made_is_not_shown(
    client: TestClient, shelf: Shelf, seen: tuple[str, str]
) -> None:
    recording, _ = seen
    item = shelf.items[recording]
    was, item.steps = item.steps, [*item.steps[:-1], StageRow(item.steps[-1].stage, "running")]
    assert "data-view" not in client.get(f"/recordings/{recording}").text
    item.steps = was
    assert "data-view" in client.get(f"/recordings/{recording}").text


def test_an_address_without_its_view_is_not_complete(client: TestClient, seen: tuple[str, str]) -> None:
    recording, view = seen
    for path in all_parts(recording, view):
        assert client.get(path.partition("?")[0]).status_code == 422
        assert client.get(path.partition("?")[0] + "?view=" + "x" * 500).status_code == 403
