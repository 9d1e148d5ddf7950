"""The account comes from the system, not from what is easy to set."""

from __future__ import annotations

import os
import platform
import pwd
from pathlib import Path

import pytest

from bodyworn.access.identity import local_actor, system_account
from bodyworn.bootstrap import open_library
from bodyworn.domain.errors import InputError


@pytest.mark.parametrize("variable", ["USER", "LOGNAME", "USERNAME", "LNAME"])
def test_a_variable_does_not_change_who_acts(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "somebody-else")
    assert system_account() == pwd.getpwuid(os.geteuid()).pw_name


def test_a_stated_name_stands_apart_from_the_account() -> None:
    actor = local_actor("cli", "Ben")
    assert (actor.id, actor.stated_name) == (f"os:{system_account()}", "Ben")
    assert (actor.node, actor.source, actor.session) == (platform.node(), "cli", "")
    assert local_actor("cli").stated_name == ""


def test_an_empty_stated_name_is_refused_and_not_taken_for_none() -> None:
    with pytest.raises(InputError):
        local_actor("cli", "")


def test_every_entry_names_the_account(tmp_path: Path) -> None:
    with open_library(tmp_path / "library", create=True) as library:
        library.recordings.listed(0)
        event = library.audit_log.newest(1)[0]
    assert (event.actor, event.source) == (f"os:{system_account()}", "local")
