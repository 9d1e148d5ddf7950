"""What the README and the guides say to type runs as it stands on the sample encounter, block by block."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bodyworn.demo.sample import Sample
from tests.demo.once import laid_into
from tests.journeys.conftest import NO_NETWORK, ROOT

pytestmark = pytest.mark.timeout(1500)

#: What only a person does: fetch the program, have it installed, put it on the path, open the workbench.
BY_HAND = re.compile(r"git clone|make |export PATH=|exit$")
#: A block of code that is typed, and not what a command prints.
TYPED = re.compile(r"(\.venv/bin/)?bodyworn |export |cp |printf |cd |git |make ")
#: Commands that rightly end with another code than 0: a clip that was never released is not genuine.
ENDS = {"verify clip.mp4": 1}


def lines(page: Path) -> Iterator[str]:
    """The lines of a page that are typed, put together where one goes on in the next."""
    for block in re.findall(r"^ *```\n(.*?)^ *```", page.read_text(), re.DOTALL | re.MULTILINE):
        if TYPED.match(block.lstrip()):
            yield from (line.strip() for line in block.replace("\\\n", " ").splitlines() if line.strip())


def script(page: Path) -> str:
    """All of them as one script for bash, which ends where one does not end as it should."""
    parts = ["set -eo pipefail"]
    for line in lines(page):
        typed = line.split("  #")[0].rstrip()
        if BY_HAND.match(typed):
            continue
        if "bodyworn serve" in typed:  # stopped as by Ctrl-C
            parts.append(f"timeout -s INT 20 {typed} --no-open | grep -m1 'token=' || true")
            continue
        code = next((code for end, code in ENDS.items() if typed.endswith(end)), 0)
        parts.append(f'echo "+ {typed.split()[0]} $(date +%T)" >&2')
        parts.append(f"{typed} || [ $? = {code} ]" if code else typed)
    return "\n".join(parts) + "\n"


@pytest.fixture
def folder(sample_encounter: Sample, tmp_path: Path) -> Path:
    """A folder as ``make demo`` leaves it: the program in ``.venv/bin``, and the library of the sample."""
    program = tmp_path / ".venv" / "bin" / "bodyworn"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m bodyworn "$@"\n')
    program.chmod(0o755)
    laid_into(tmp_path / "demo-library" / "samples", sample_encounter)
    run(tmp_path, ".venv/bin/bodyworn demo --no-serve")
    return tmp_path


def run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Runs a script there, without a network, with keys and settings of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BODYWORN_")}
    environment |= {
        "PATH": f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(NO_NETWORK), str(ROOT / "src"), str(ROOT)]),
        "BODYWORN_NO_NETWORK": "1",
        "BODYWORN_CONFIG": str(folder / "config"),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    return subprocess.run(
        ["bash", "-c", text], cwd=folder, env=environment, capture_output=True, text=True, timeout=1400, check=False
    )


def test_the_readme_runs_as_it_stands(folder: Path) -> None:
    done = run(folder, script(ROOT / "README.md"))
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert "The audit log holds" in done.stdout
    assert "NOT SHOWN TO BE GENUINE" in done.stdout
    assert (folder / "clip.mp4").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("page", ["getting-started.md", "guide/records-clerk.md", "guide/reviewer.md"])
def test_a_guide_runs_as_it_stands(folder: Path, page: str) -> None:
    run(folder, "cp demo-library/samples/*.mp4 stop.mp4; bodyworn analyze stop.mp4 --library library")
    done = run(folder, script(ROOT / "docs" / page))
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


@pytest.mark.slow
def test_the_classes_of_the_clerks_guide_give_a_plan_that_a_person_can_look_through(folder: Path) -> None:
    part = "--start 1:10 --end 1:45 --library demo-library"
    name = "$(basename demo-library/samples/*.mp4)"
    made = run(folder, f"bodyworn redactions plan {name} {part} --classes faces,vehicles,screens,speech --json -")
    plan = json.loads(made.stdout)["plan"]
    assert 1 <= len(plan["tracks"]) <= 20
    assert {"face", "vehicle"} <= {track["class"] for track in plan["tracks"]}


def test_what_is_printed_is_not_typed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```\nbodyworn redact a b \\\n  --force   # why\n```\n\n```\na: 3 frames\n```\n\n```\nmake demo\n```\n"
    )
    assert list(lines(page)) == ["bodyworn redact a b    --force   # why", "make demo"]
    assert script(page).splitlines()[-1] == "bodyworn redact a b    --force"
