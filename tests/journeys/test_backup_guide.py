"""The administrator's guide to backups runs as it stands, and a running workbench is neither lost nor in the way."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bodyworn.cli.reference.json_shapes import SHAPES
from tests import postgres
from tests.journeys.conftest import FAST, REAL, ROOT, Command
from tests.journeys.test_guides import run, script
from tests.media_makers import with_sound

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path, bodyworn: Run) -> Path:
    """A place with the program in ``.venv/bin`` and a library in ``library``."""
    program = tmp_path / ".venv" / "bin" / "bodyworn"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {" ".join(FAST)} "$@"\n')
    program.chmod(0o755)
    bodyworn("analyze", with_sound(tmp_path / "clip.mp4"))
    return tmp_path


@pytest.fixture
def server() -> Iterator[str]:
    name = postgres.empty_database()
    yield postgres.address_of(name)
    postgres.give_back(name)


def test_the_guide_runs_as_it_stands(folder: Path) -> None:
    done = run(folder, script(ROOT / "docs" / "guide" / "backup.md"))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "A library can be restored from it." in done.stdout
    assert "The audit log holds" in done.stdout
    assert (folder / "restored" / "library.db").is_file()


def test_the_guide_to_rotating_keys_runs_as_it_stands(folder: Path) -> None:
    """And what it promises holds: the old public key still verifies, and the backup has both keys anew."""
    before = (folder / "library" / "keys" / "record.key").read_bytes()
    done = run(folder, script(ROOT / "docs" / "guide" / "rotate-keys.md"))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert done.stdout.count("The audit log holds") == 3
    assert "The audit log has a new key" in done.stdout
    after = (folder / "library" / "keys" / "record.key").read_bytes()
    assert after != before
    newest = max((folder / "backup-keys").iterdir())
    assert (newest / "record.key").read_bytes() == after
    assert "are those of the record, with those of the agency" in done.stdout
    kept = {path.relative_to(newest / "agency").parts[0].partition("-")[0] for path in newest.glob("agency/*/*")}
    assert kept == {"signing", "authorities"}
    assert len(list(newest.glob("agency/signing*/signer.key"))) == 2, "the one in use, and the one that was set aside"


def test_a_workbench_runs_while_a_backup_is_made_and_keeps_the_library_where_it_is(
    folder: Path, server: str, start: Command, bodyworn: Run
) -> None:
    serving = start(REAL, "serve", "--no-open", "--port", "18437", "--json", "-")
    assert serving.stdout is not None
    assert json.loads(serving.stdout.readline())["link"]
    made = json.loads(
        bodyworn("library", "backup", folder / "b", "--keys", folder / "k", "--drill", "--json", "-").stdout
    )
    assert set(made) == set(SHAPES["library backup"].keys)
    assert (made["damaged"], made["drill"]["faults"], made["drill"]["read"]) == ([], [], made["objects"])
    refused = bodyworn("library", "move", server, fails=3)
    assert "open in another process" in refused.stderr
    serving.terminate()
    serving.wait()
    moved = json.loads(bodyworn("library", "move", server, "--json", "-").stdout)
    assert set(moved) == set(SHAPES["library move"].keys)
    assert (moved["was"], moved["now"]) == ("sqlite", "postgresql")
    assert "The audit log holds" in bodyworn("custody", "verify").stdout


def test_restore_and_drill_say_what_they_did_as_json(folder: Path, bodyworn: Run) -> None:
    places = (folder / "b", "--keys", folder / "k")
    bodyworn("library", "backup", *places)
    restored = json.loads(bodyworn("library", "restore", *places, "--library", folder / "again", "--json", "-").stdout)
    assert set(restored) == set(SHAPES["library restore"].keys)
    drilled = bodyworn("library", "drill", *places, "--library", folder / "nowhere", "--sample", "1", "--json", "-")
    assert set(json.loads(drilled.stdout)) == set(SHAPES["library drill"].keys)
    assert "not recorded" in drilled.stderr
    (folder / "b" / "record" / restored["backup"] / "library.db").write_bytes(b"x")
    refused = bodyworn("library", "drill", *places, "--library", folder / "nowhere", fails=4)
    assert "the part record has a file that was changed or cut off: library.db" in refused.stderr
