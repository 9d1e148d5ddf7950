"""The guide to setting up people runs as it stands, with a person's answers at each sign-in."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pyotp
import pytest

from bodyworn.domain.event import now
from tests.access.accounts import PASSWORD
from tests.journeys.conftest import FAST, NO_NETWORK, ROOT
from tests.journeys.test_guides import lines

pytestmark = pytest.mark.timeout(600)


def environment(folder: Path) -> dict[str, str]:
    """That of the guide's reader: own settings, own library, no network."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BODYWORN_")}
    return kept | {
        "BODYWORN_CONFIG": str(folder / "config"),
        "BODYWORN_LIBRARY": str(folder / "library"),
        "PYTHONPATH": os.pathsep.join(map(str, (NO_NETWORK, ROOT / "src", ROOT))),
    }


def typed(folder: Path, words: list[str], answers: str = "") -> subprocess.CompletedProcess[str]:
    """One command of the guide."""
    return subprocess.run(
        [*FAST, *words], cwd=folder, env=environment(folder), input=answers, capture_output=True, text=True, check=False
    )


def set_up(folder: Path, login: str, code: str) -> list[str]:
    """Set up an account as a person does, reading the secret from the screen; the printed codes."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*FAST, "login", login, "--set-up"],
        cwd=folder,
        env=environment(folder),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
    ) as going:
        assert going.stdin is not None
        assert going.stderr is not None
        going.stdin.write(f"{code}\n{PASSWORD}\n")
        going.stdin.flush()
        secret = next(line.split()[-1] for line in going.stderr if line.startswith("secret"))
        going.stdin.write(pyotp.TOTP(secret).at(now()) + "\n")
        going.stdin.close()
        shown = going.stderr.read()
        assert going.wait() == 0, shown
    return re.findall(r"^  ([0-9a-f-]{23})$", shown, re.MULTILINE)


def test_the_guide_runs_as_it_stands(tmp_path: Path, clip: Path) -> None:
    assert typed(tmp_path, ["recordings", "add", str(clip)]).returncode == 0
    invitations: dict[str, str] = {}
    done: list[str] = []
    for line in lines(ROOT / "docs" / "guide" / "people.md"):
        if line.startswith("export"):
            continue
        program, *words = shlex.split(line)
        assert program == "bodyworn"
        if "--set-up" in words:
            assert len(set_up(tmp_path, words[1], invitations[words[1]])) == 8
        else:
            ended = typed(tmp_path, words)
            assert ended.returncode == 0, f"{line}\n{ended.stdout}{ended.stderr}"
            if found := re.search(r"account:(\S+)\s+invitation: (\S+)", ended.stdout):
                invitations[found[1]] = found[2]
        done.append(" ".join(words[:2]))
    assert {"people add", "login ana", "people role", "people recover", "logout"} <= set(done)
    assert typed(tmp_path, ["people", "list"]).returncode == 7
