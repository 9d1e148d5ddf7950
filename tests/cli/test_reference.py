"""The generated reference pages are those in the repository, and nothing that exists is missing from them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from bodyworn.cli.app import leaves, tree
from bodyworn.cli.exits import Exit
from bodyworn.cli.reference import pages
from bodyworn.cli.reference.endings import kinds_of_error
from bodyworn.cli.reference.json_shapes import SHAPES
from bodyworn.domain.action import ACTIONS
from bodyworn.domain.codec_fields import shape_of
from bodyworn.domain.errors import Code
from bodyworn.domain.event import Outcome, Tag
from bodyworn.domain.event_kinds import FORMER_TAGS
from bodyworn.domain.finding import FAMILY_OF, UnknownState
from bodyworn.engine.stage import TypedStage
from bodyworn.models.registry import MODELS
from bodyworn.settings import ENVIRONMENT_ONLY, Settings
from tests.conftest import ROOT
from tests.contracts.run_every_stage import STAGES
from tests.makers.commands import CommandRunner

PAGES = pages()
COMMANDS = leaves(tree())


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_fresh(name: str) -> None:
    path = ROOT / "docs" / "reference" / name
    assert path.is_file(), "run make docs"
    assert path.read_text() == PAGES[name], "run make docs"


def test_no_page_is_left_over() -> None:
    assert {path.name for path in (ROOT / "docs" / "reference").glob("*.md")} == set(PAGES)


def section(command: str) -> str:
    """What ``cli.md`` says about a command."""
    found = re.search(rf"^#+ `bodyworn {command}(?=[ `]).*?(?=^#|\Z)", PAGES["cli.md"], re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_documented_with_all_its_options(command: str) -> None:
    assert section(command)
    named = {option for one in COMMANDS[command].params for option in (*one.opts, *one.secondary_opts)}
    options = {option for option in named if option.startswith("--")} - {"--help", "--quiet"}
    assert {option for option in options if option not in section(command)} == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_of_a_command_says_what_it_does(command: str) -> None:
    silent = [one.name for one in COMMANDS[command].params if one.name != "help" and not getattr(one, "help", None)]
    assert silent == []


def known() -> Iterator[tuple[str, str]]:
    """Every thing that must be on a page: the page, and its name there."""
    yield from (("settings.md", setting.name) for setting in fields(Settings))
    yield from (("settings.md", name) for name in ENVIRONMENT_ONLY)
    yield from (("errors.md", kind.__name__) for kind in kinds_of_error())
    yield from (("errors.md", code.value) for code in Code if code is not Code.OTHER)
    yield from (("events.md", tag.value) for tag in (*Tag, *Outcome))
    yield from (("events.md", tag) for tag in FORMER_TAGS)
    yield from (("permissions.md", name) for name in ACTIONS)
    yield from (("kinds.md", kind) for kind in (*FAMILY_OF, *UnknownState))
    yield from (("stages.md", stage.name) for stage in STAGES)
    yield from (("models.md", name) for name in MODELS)


@pytest.mark.parametrize(("page", "name"), list(known()))
def test_what_exists_is_on_its_page(page: str, name: str) -> None:
    assert f"`{name}`" in PAGES[page]


CONTENTS: dict[str, type] = {one.makes: one.content for one in STAGES if isinstance(one, TypedStage)}


@pytest.mark.parametrize("name", CONTENTS)
def test_every_key_of_an_artifact_is_in_its_section(name: str) -> None:
    _, _, after = PAGES["stages.md"].partition(f"## Artifact `{name}`\n")
    of_it = after.partition("\n## ")[0]
    assert {key for one in shape_of(CONTENTS[name]) for key in one.keys if f"| `{key}` |" not in of_it} == set()


def test_the_index_leads_to_every_page() -> None:
    index = (ROOT / "docs" / "index.md").read_text()
    assert [name for name in PAGES if f"(reference/{name})" not in index] == []


def test_every_exit_code_is_in_one_table() -> None:
    codes = {*map(int, Exit), *(kind.exit_code for kind in kinds_of_error())}
    assert sorted(codes) == [int(code) for code in re.findall(r"^\| (\d+) \|", PAGES["exit-codes.md"], re.MULTILINE)]


def test_every_variable_that_the_source_reads_is_documented() -> None:
    settings = {f"BODYWORN_{setting.name.upper()}" for setting in fields(Settings)}
    read = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"""["'$](BODYWORN_[A-Z_]+)\b""", path.read_text())
    }
    assert read - settings - set(ENVIRONMENT_ONLY) == set()


def test_every_command_with_json_has_a_documented_shape() -> None:
    with_json = {
        name
        for name, command in COMMANDS.items()
        if any("--json" in one.opts and not getattr(one, "is_flag", False) for one in command.params)
    }
    assert with_json == set(SHAPES)


TRANSCRIPT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Officer>Show me your hands!\n"
ASKED = {
    "recordings add": ("recordings", "add", "{clip}"),
    "recordings show": ("recordings", "show", "clip.mp4"),
    "encounters show": ("encounters", "show", "clip.mp4"),
    "encounters edit": ("encounters", "edit", "clip.mp4", "--unit", "12", "--why", "as written"),
    "encounters sync": ("encounters", "sync", "clip.mp4", "--set", "clip.mp4=0"),
    "findings cues": ("findings", "cues", "{transcript}", "--explain"),
    "findings run": ("findings", "run", "clip.mp4"),
    "findings list": ("findings", "list", "clip.mp4"),
    "findings plan": ("findings", "plan", "clip.mp4"),
    "findings role": ("findings", "role", "clip.mp4", "S1", "officer"),
    "findings merge": ("findings", "merge", "clip.mp4", "S2", "S1"),
    "analyze": ("analyze", "{clip}"),
    "verify": ("verify", "{clip}"),
}
#: Their JSON is tested with the redactions, the releases, backups, people, demo, workbench and joined encounters.
ELSEWHERE = (
    "redact",
    "releases",
    "demo",
    "serve",
    "library move",
    "library backup",
    "library restore",
    "library drill",
    "encounters join",
    "encounters decline",
    "encounters split",
    "encounters import",
    "retention",
    "holds",
    "disposals",
    "people",
    "login",
    "restrictions",
)


@pytest.mark.parametrize("command", [one for one in sorted(SHAPES) if not one.startswith(ELSEWHERE)])
def test_the_json_of_a_command_has_the_documented_keys(
    run: CommandRunner, clip: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "t.vtt").write_text(TRANSCRIPT)
    run.well("analyze", clip)
    words = ASKED.get(command, tuple(command.split()))
    ended = run(*(word.format(clip=clip, transcript=tmp_path / "t.vtt") for word in words), "--json", "-")
    text = ended.out.splitlines()[0] if SHAPES[command].lines else ended.out
    assert set(json.loads(text)) == set(SHAPES[command].keys), ended.err
