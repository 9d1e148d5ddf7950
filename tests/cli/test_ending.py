"""How commands end: exit codes, Ctrl-C, SIGTERM, and what ``--help`` loads."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bodyworn.cli.app import leaves, tree
from bodyworn.cli.exits import Exit
from bodyworn.domain import errors
from tests.conftest import ROOT
from tests.makers.commands import PROGRAM, CommandRunner, run_alone

ERRORS = [
    error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, errors.BodywornError)
]
LINE = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)


def documented() -> dict[int, str]:
    text = (ROOT / "docs" / "reference" / "exit-codes.md").read_text()
    return {int(code): means for code, means in LINE.findall(text)}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_ends_the_command_with_its_documented_code(
    run: CommandRunner, error: type[errors.BodywornError], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error("it went wrong", "do something else")

    monkeypatch.setattr("bodyworn.bootstrap.open_library", fails)
    ended = run("recordings", "list")
    assert ended.code == error.exit_code
    assert ended.err == "bodyworn: it went wrong. do something else.\n"
    assert ended.code in documented()


@pytest.mark.parametrize("code", Exit)
def test_every_other_exit_code_is_documented(code: Exit) -> None:
    assert int(code) in documented()


def test_a_mistyped_command_ends_with_2(run: CommandRunner) -> None:
    assert run("recordings", "lsit").code == Exit.USAGE
    assert run("recordings", "list", "--jsno").code == Exit.USAGE


SLOW = """
import sys, time
from bodyworn.cli import main, app, recordings
from bodyworn import bootstrap
def waits(*_, **__):
    print("ready", file=sys.stderr, flush=True)
    time.sleep(60)
bootstrap.open_library = waits
sys.argv = ["bodyworn", "recordings", "list"]
main()
"""


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)],
    ids=["SIGINT", "SIGTERM"],
)
def test_a_stopped_command_says_one_sentence(number: signal.Signals, code: Exit) -> None:
    command = subprocess.Popen([sys.executable, "-c", SLOW], stderr=subprocess.PIPE, text=True)
    assert command.stderr
    assert command.stderr.readline() == "ready\n"
    command.send_signal(number)
    assert command.stderr.read() == "bodyworn: stopped; the same command starts over\n"
    assert command.wait(30) == code


KEPT = SLOW.replace('"recordings", "list"', '"analyze", "clip.mp4"').replace(
    "bootstrap.open_library = waits", "from bodyworn.findings.service import Findings; Findings.run = waits"
)


def test_a_stopped_command_says_that_what_was_finished_is_kept_only_where_it_is(clip: Path) -> None:
    command = subprocess.Popen([sys.executable, "-c", KEPT], stderr=subprocess.PIPE, text=True, cwd=clip.parent)
    assert command.stderr
    assert "ready\n" in iter(command.stderr.readline, "")
    command.send_signal(signal.SIGINT)
    said = command.stderr.read().splitlines()[-1]
    assert said == "bodyworn: stopped; what was finished is kept, and the same command goes on from there"
    assert command.wait(30) == Exit.INTERRUPTED


@pytest.mark.parametrize("words", [["-h"], ["custody", "-h"], ["custody", "log", "-h"]], ids=" ".join)
def test_help_has_a_short_name(run: CommandRunner, words: list[str]) -> None:
    assert "Usage: bodyworn" in run.well(*words).out


@pytest.mark.parametrize("command", sorted(leaves(tree())))
def test_the_help_names_values_and_no_types_of_python(run: CommandRunner, command: str) -> None:
    options = run.well(*command.split(), "-h").out.partition("Options:")[2]
    assert options
    assert not re.search(r"<[^>]*>", options), options


#: What a command that only answers a question about itself has no use for.
HEAVY = {"numpy", "av", "cv2", "onnxruntime", "sqlalchemy", "alembic", "fastapi", "uvicorn", "rich", "cryptography"}
MODULES_MOST = 400


@pytest.mark.parametrize("words", [["--help"], ["analyze", "--help"], ["releases", "make", "--help"]], ids=" ".join)
def test_help_loads_little_and_nothing_heavy(words: list[str]) -> None:
    listing = "import atexit, sys; atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr));"
    program = f"{listing} sys.argv = ['bodyworn', *{words!r}]; from bodyworn.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stderr.split()
    assert HEAVY.isdisjoint(loaded)
    assert len(loaded) < MODULES_MOST
    ours = [name for name in loaded if name.startswith("bodyworn.")]
    services = {name for name in ours if not re.match(r"bodyworn\.(cli|domain)\b", name)}
    assert services <= {"bodyworn.engine", "bodyworn.engine.reporter"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_offers_commands_and_options(shell: str, tmp_path: Path) -> None:
    def offered(typed: str) -> str:
        asked = {
            "_BODYWORN_COMPLETE": f"complete_{shell}",
            "COMP_WORDS": f"bodyworn {typed}",
            "COMP_CWORD": str(len(typed.split(" "))),
            "_TYPER_COMPLETE_ARGS": f"bodyworn {typed}",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }
        return run_alone(folder=tmp_path, more=asked).out

    assert "custody" in offered("cust")
    assert "verify" in offered("custody ver")
    assert "--originals" in offered("custody verify --orig")


def test_completion_can_be_shown_and_installed(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "SHELL": "/bin/bash", "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    assert "_BODYWORN_COMPLETE" in run_alone("--show-completion", "bash", more=home).out
    assert run_alone("--install-completion", "bash", more=home).code == 0
    assert list(tmp_path.rglob("bodyworn.sh"))


def test_python_dash_m_is_the_same_program() -> None:
    assert (
        run_alone("--version").out
        == subprocess.run(
            [sys.executable, "-c", "from bodyworn.cli import main; main()", "--version"],
            capture_output=True,
            text=True,
            check=True,
            env=dict(os.environ),
        ).stdout
    )
    assert PROGRAM[1:] == ("-m", "bodyworn")
