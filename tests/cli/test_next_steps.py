"""No layer below the faces names a command, an option or a page; the faces do, by code."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from bodyworn.cli import next_steps as cli
from bodyworn.domain.errors import BodywornError, Code, Denied, NotFound
from bodyworn.domain.release import ReleaseState
from bodyworn.domain.retention import DisposalState
from bodyworn.web import next_steps as web
from tests.conftest import ROOT

SOURCE = ROOT / "src" / "bodyworn"
FACES = {"cli", "web", "demo"}

#: ``verify.py`` of a release package and the set-up of the models run alone and have command lines of their own; the
#: package's README tells how.
ALONE = {SOURCE / name for name in ("releases/standalone/verify.py", "releases/readme.py", "models/install.py")}

COMMAND = re.compile(r"\bbodyworn [a-z]+\b")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
PAGE = re.compile(r"\b(?:web page|this page|workbench)\b", re.IGNORECASE)


def below_the_faces() -> list[Path]:
    files = [path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).parts[0] not in FACES]
    return sorted(set(files) - ALONE)


def sentences(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Every string literal of a file that is more than one word: its line, the text, whether it is a docstring."""
    tree = ast.parse(path.read_text())
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            yield node.lineno, node.value, id(node) in docstrings


@pytest.mark.parametrize("path", below_the_faces(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_layer_below_the_faces_names_a_command_an_option_or_a_page(path: Path) -> None:
    named = [
        f"line {line}: {found.group()!r}"
        for line, text, docstring in sentences(path)
        for pattern in (COMMAND, OPTION, *(() if docstring else (PAGE,)))
        if (found := pattern.search(text))
    ]
    assert named == []


def raised() -> Iterator[tuple[str, Code, set[str]]]:
    """Every call in the source that is given a code: where, which, and the data that goes with it."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            for given in [*node.args, *(word.value for word in node.keywords)]:
                if isinstance(given, ast.Attribute) and isinstance(given.value, ast.Name) and given.value.id == "Code":
                    names = {word.arg for word in node.keywords if word.arg and word.arg != "code"}
                    yield f"{path.relative_to(SOURCE)}:{node.lineno}", Code[given.attr], names


RAISED = list(raised())


@pytest.mark.parametrize(("where", "code", "names"), RAISED, ids=[where for where, _, _ in RAISED])
def test_an_error_carries_the_data_of_its_code(where: str, code: Code, names: set[str]) -> None:
    assert names == set(code.data), f"{where} gives {code} other data"


@pytest.mark.parametrize("code", [code for code in Code if code is not Code.OTHER])
def test_a_code_is_used_and_says_what_it_means(code: Code) -> None:
    assert code in {used for _, used, _ in RAISED}, "nothing raises it"
    assert code.means.endswith(".")


@pytest.mark.parametrize("steps", [cli.NEXT_STEPS, web.NEXT_STEPS], ids=["cli", "web"])
def test_a_next_step_uses_only_the_data_of_its_code(steps: dict[Code, str]) -> None:
    for code, template in steps.items():
        placeholders = {name for _, name, _, _ in string.Formatter().parse(template) if name}
        assert placeholders <= set(code.data)
        assert not template.endswith(".")


def test_every_command_and_option_that_is_advised_exists() -> None:
    """Each advised command is one of the tree, and each advised option is one of some command."""
    import typer

    from bodyworn.cli.app import app

    commands, options = set[str](), set[str]()

    def walk(command: object, name: str) -> None:
        commands.add(name)
        options.update(opt for item in getattr(command, "params", ()) for opt in item.opts)
        for inner, child in getattr(command, "commands", {}).items():
            walk(child, f"{name} {inner}")

    walk(typer.main.get_command(app), "bodyworn")
    for template in [*cli.NEXT_STEPS.values(), *cli.RELEASE_STEPS.values()]:
        for said in re.findall(r"bodyworn [a-z]+(?: [a-z]+)?", template.replace("{noun}", "recording")):
            assert said in commands, said
        assert set(OPTION.findall(template)) <= options, template


def test_every_code_has_a_command_or_needs_none() -> None:
    by_state = {Code.NOT_ALLOWED_NOW, Code.DISPOSAL_NOT_NOW}  # their step follows from the state of the thing
    without = {Code.OTHER, *by_state}
    assert set(cli.NEXT_STEPS) == set(Code) - without


@pytest.mark.parametrize("state", ReleaseState)
def test_an_act_that_a_state_refuses_tells_the_next_command(state: ReleaseState) -> None:
    error = Denied("not now", "neutral", Code.NOT_ALLOWED_NOW, release="rel_1", state=state.value)
    assert cli.told(error) == cli.release_step("rel_1", state.value)
    assert web.told(error) == web.NEXT_STEPS[Code.NOT_ALLOWED_NOW]


@pytest.mark.parametrize("state", DisposalState)
def test_a_disposal_that_cannot_go_on_tells_the_next_command(state: DisposalState) -> None:
    error = Denied("not now", "neutral", Code.DISPOSAL_NOT_NOW, disposal="dsp_1", state=state.value)
    assert cli.told(error) == cli.disposal_step("dsp_1", state.value)


def test_faces_tell_different_steps_for_one_error() -> None:
    error = NotFound("no recording matches 'x'", "neutral", Code.NOT_FOUND, noun="recording")
    assert cli.told(error) == "See: bodyworn recordings list"
    assert web.told(error) == "Go back to the list of recordings"
    assert cli.told(BodywornError("a", "neutral")) == web.told(BodywornError("a", "neutral")) == "neutral"


def test_an_error_keeps_its_code_on_the_way_between_processes() -> None:
    import pickle

    error = NotFound("a", "b", Code.NOT_FOUND, noun="release")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.what, again.code, again.data) == (NotFound, "a", Code.NOT_FOUND, {"noun": "release"})
    assert again.saying("c").data == {"noun": "release"}
