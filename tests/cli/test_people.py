"""The commands of people, and signing in at the command line, as they are typed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyotp
import pytest

from bodyworn.cli.reference.json_shapes import SHAPES
from bodyworn.domain.event import now
from tests.access.accounts import PASSWORD
from tests.makers.commands import CommandRunner


@pytest.fixture
def typed(run: CommandRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clip: Path) -> CommandRunner:
    """Commands over a library with one recording, with a configuration folder of the test."""
    monkeypatch.setenv("BODYWORN_CONFIG", str(tmp_path / "config"))
    run.well("recordings", "add", clip)
    return run


def set_up(run: CommandRunner, monkeypatch: pytest.MonkeyPatch, login: str, code: str) -> tuple[str, list[str]]:
    """Set up an account by its invitation; the second factor's secret and the printed codes."""
    secret = ""

    class Answers(io.StringIO):
        """Answers by the time they are asked for; the last one needs what was shown in between."""

        def __init__(self) -> None:
            super().__init__(f"{code}\n{PASSWORD}\n")

        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
            line = super().readline()
            return line or pyotp.TOTP(secret).at(now())

    def remember(address: str) -> None:
        nonlocal secret
        secret = pyotp.parse_uri(address).secret

    monkeypatch.setattr("bodyworn.cli.login._show_code", remember)
    monkeypatch.setattr("sys.stdin", Answers())
    done = json.loads(run.well("login", login, "--set-up", "--json", "-").out)
    assert set(done) == set(SHAPES["login"].keys)
    return secret, done["recovery_codes"]


def signs_in(run: CommandRunner, monkeypatch: pytest.MonkeyPatch, login: str, code: str, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n{code}\n"))
    return run("login", login)


def test_from_one_person_to_an_agency(typed: CommandRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "clip.mp4" in typed.well("recordings", "list").out
    first = typed("people", "add", "bo", "--name", "Bo", "--role", "reviewer")
    assert (first.code, "administrator" in first.err) == (2, True)
    made = typed.well("people", "add", "ana", "--name", "Ana Lee", "--role", "administrator", "--json", "-").out
    assert set(json.loads(made)) == set(SHAPES["people add"].keys)
    closed = typed("recordings", "list")
    assert (closed.code, "bodyworn login NAME" in closed.err) == (7, True)
    made = typed.well("people", "invite", "ana", "--json", "-").out  # the first one was lost

    _, codes = set_up(typed, monkeypatch, "ana", json.loads(made)["code"])
    assert typed("recordings", "list").code == 7  # an administrator sees no footage
    invited = json.loads(
        typed.well("people", "add", "bo", "--name", "Bo", "--role", "reviewer", "--unit", "*", "--json", "-").out
    )
    assert "yes" in typed.well("people", "explain", "bo", "releases.make").out
    why = json.loads(typed.well("people", "explain", "bo", "releases.approve", "--json", "-").out)
    assert (why["allowed"], set(why)) == (False, set(SHAPES["people explain"].keys))

    set_up(typed, monkeypatch, "bo", invited["code"])
    assert "clip.mp4" in typed.well("recordings", "list").out
    assert typed("people", "list").code == 7
    stated = typed("encounters", "edit", "clip.mp4", "--unit", "12", "--why", "as written", "--as", "Ana Lee")
    assert (stated.code, "no name can be stated" in stated.err) == (7, True)

    assert signs_in(typed, monkeypatch, "ana", codes[0]).code == 0
    rows = [json.loads(line) for line in typed.well("people", "list", "--json", "-").out.splitlines()]
    assert [row["id"] for row in rows] == ["account:ana", "account:bo"]
    assert set(rows[0]) == set(SHAPES["people list"].keys)
    changed = json.loads(
        typed.well(
            "people", "role", "bo", "--add", "auditor", "--remove", "reviewer", "--why", "new task", "--json", "-"
        ).out
    )
    assert changed["roles"] == ["auditor"]
    assert json.loads(typed.well("people", "disable", "bo", "--why", "left", "--json", "-").out)["state"] == "disabled"
    assert json.loads(typed.well("people", "enable", "bo", "--why", "back", "--json", "-").out)["state"] == "active"
    assert json.loads(typed.well("people", "recover", "bo", "--why", "lost", "--json", "-").out)["code"] is None
    alone = typed("people", "recover", "bo", "--approve")
    assert (alone.code, "second administrator" in alone.err) == (7, True)
    again = typed("people", "invite", "bo")
    assert (again.code, "set up already" in again.err) == (3, True)
    assert "signed out" in typed("logout").err
    assert typed("people", "list").code == 7


def test_a_wrong_answer_signs_nobody_in_and_keeps_no_session(
    typed: CommandRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = json.loads(typed.well("people", "add", "ana", "--name", "Ana", "--role", "administrator", "--json", "-").out)
    _, codes = set_up(typed, monkeypatch, "ana", made["code"])
    typed("logout")
    assert signs_in(typed, monkeypatch, "ana", codes[0], password="not it").code == 7
    assert list((tmp_path / "config" / "sessions").iterdir()) == []
    assert signs_in(typed, monkeypatch, "ana", codes[0]).code == 0


def test_the_session_lies_in_a_file_of_its_own_that_nobody_else_can_read(
    typed: CommandRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = json.loads(typed.well("people", "add", "ana", "--name", "Ana", "--role", "administrator", "--json", "-").out)
    set_up(typed, monkeypatch, "ana", made["code"])
    (kept,) = (tmp_path / "config" / "sessions").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.chmod(0o644)
    open_to_others = typed("people", "list")
    assert (open_to_others.code, "could read" in open_to_others.err) == (7, True)
    assert not kept.exists()


def test_whoever_only_asks_whether_a_library_holds_need_not_sign_in(
    typed: CommandRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed.well("people", "add", "ana", "--name", "Ana", "--role", "administrator")
    assert "holds" in typed.well("custody", "verify").out
    assert typed("custody", "log").code == 7
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert typed("login", "nobody").code == 2  # the input stream is empty
