"""Journeys run the real commands in processes of their own, and without any network but loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.no_network import sitecustomize as outside

ROOT = Path(__file__).resolve().parents[2]
NO_NETWORK = Path(outside.__file__).parent

#: ``bodyworn`` itself, and the same with small stages that take a moment each.
REAL = (sys.executable, "-m", "bodyworn")
FAST = (sys.executable, "-m", "tests.journeys.fast_cli")

Command = Callable[..., subprocess.Popen[str]]


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Nothing in a journey, nor its children, reaches beyond loopback."""
    outside.refusing = True
    yield
    outside.refusing = False


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """For a command of a journey: a library of its own, no network."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(NO_NETWORK), str(ROOT / "src"), str(ROOT)]),
        "BODYWORN_NO_NETWORK": "1",
        "BODYWORN_LIBRARY": str(tmp_path / "library"),
        "BODYWORN_CONFIG": str(tmp_path / "config"),
        "COLUMNS": "200",
    }


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Command]:
    """Starts a command; whatever still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def started(program: tuple[str, ...], *arguments: object, **more: Any) -> subprocess.Popen[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        command = [*program, *map(str, arguments)]
        running.append(subprocess.Popen(command, env=environment, cwd=ROOT, **{**pipes, **more}))
        return running[-1]

    yield started
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def bodyworn(start: Command) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command to its end; ``fast`` for the small stages, ``fails`` where an exit code other than 0 is wanted."""

    def run(*arguments: object, fast: bool = True, fails: int = 0) -> subprocess.CompletedProcess[str]:
        process = start(FAST if fast else REAL, *arguments)
        out, err = process.communicate(timeout=240)
        assert process.returncode == fails, f"{arguments} ended with {process.returncode}:\n{out}\n{err}"
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return run
