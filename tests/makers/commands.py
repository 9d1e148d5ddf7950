"""Runs ``bodyworn`` as it is typed: in the process of the test, or in one of its own where that is the point."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = (sys.executable, "-m", "bodyworn")


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote to its two streams."""

    code: int
    out: str
    err: str


class CommandRunner:
    """Runs commands in this process; ``run("recordings", "list")`` gives how it ended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: object) -> Ended:
        """The whole way of a command line, from ``sys.argv`` to the exit code."""
        from bodyworn.cli import main

        self._monkeypatch.setattr(sys, "argv", ["bodyworn", *map(str, words)])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = self._capsys.readouterr()
        return Ended(int(end.value.code or 0), out, err)

    def well(self, *words: object) -> Ended:
        """The same for a command that must end with 0."""
        ended = self(*words)
        assert ended.code == 0, f"bodyworn {' '.join(map(str, words))} ended with {ended.code}:\n{ended.err}"
        return ended


def run_alone(*words: object, folder: Path | None = None, more: Mapping[str, str] | None = None) -> Ended:
    """Runs a command in a process of its own, with ``more`` in its environment."""
    environment = {**os.environ, **(more or {})}
    done = subprocess.run(
        [*PROGRAM, *map(str, words)], capture_output=True, text=True, cwd=folder, env=environment, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)
