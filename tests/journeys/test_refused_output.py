"""Limits on files, full devices and closed streams: one sentence, nothing half-written, and the same command again."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.conftest import FAST, Command
from tests.media_makers import with_sound

Run = Callable[..., subprocess.CompletedProcess[str]]


def small_files() -> None:
    """For a child: no file may grow beyond two kilobytes, as with ``ulimit -f``.

    It must not write bytecode: Python before 3.13 keeps a compiled module that broke off there.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture(autouse=True)
def no_bytecode(environment: dict[str, str]) -> None:
    environment["PYTHONDONTWRITEBYTECODE"] = "1"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return with_sound(tmp_path / "clip.mp4", 1.0)


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (("redact", "{clip}", "{out}/clip.mp4"), "clip.mp4"),
        (("findings", "cues", "{talk}", "--json", "{out}/cues.json"), "cues.json"),
    ],
)
def test_a_limit_on_the_size_of_files_leaves_nothing_and_the_command_completes_without_it(
    start: Command, bodyworn: Run, clip: Path, tmp_path: Path, words: tuple[str, ...], file: str
) -> None:
    (tmp_path / "talk.vtt").write_text("WEBVTT\n\n" + "00:01.000 --> 00:02.000\n<v Officer>Get down!\n\n" * 99)
    (tmp_path / "out").mkdir()
    filled = [word.format(clip=clip, out=tmp_path / "out", talk=tmp_path / "talk.vtt") for word in words]
    process = start(FAST, *filled, "--quiet", preexec_fn=small_files)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err.count("\n"), "no room is left" in err) == (3, 1, True), err
    assert names(tmp_path / "out") == set()
    bodyworn(*filled)
    assert names(tmp_path / "out") == {file}


@pytest.mark.parametrize("words", [("analyze", "{clip}"), ("recordings", "add", "{clip}")])
def test_a_library_that_may_not_grow_is_told_and_the_command_completes_without_the_limit(
    start: Command, bodyworn: Run, clip: Path, words: tuple[str, ...]
) -> None:
    filled = [word.format(clip=clip) for word in words]
    process = start(FAST, *filled, "--quiet", preexec_fn=small_files)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, "no room is left" in err, "Traceback" in err) == (3, True, False), err
    bodyworn(*filled)
    assert "holds" in bodyworn("custody", "verify").stdout


def test_a_table_that_cannot_be_written_is_refused_before_the_clip_is_made(
    bodyworn: Run, clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    refused = bodyworn("redact", clip, out / "clip.mp4", "--boxes", out / "none" / "boxes.csv", fails=2)
    assert "there is no folder" in refused.stderr
    assert names(out) == set()


@pytest.mark.parametrize("words", [("recordings", "list"), ("recordings", "list", "--json", "-"), ("--help",)])
def test_an_output_that_takes_no_more_is_one_sentence(
    start: Command, bodyworn: Run, clip: Path, words: tuple[str, ...], environment: dict[str, str]
) -> None:
    environment.pop("PYTHONUNBUFFERED", None)  # what is buffered is refused at the end
    bodyworn("recordings", "add", clip)
    with Path("/dev/full").open("w") as full:
        process = start(FAST, *words, stdout=full)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (
        3, "bodyworn: no room is left for the output. Free some space and give the command again.\n",
    )  # fmt: skip


def test_json_to_a_full_device_is_one_sentence(bodyworn: Run, clip: Path) -> None:
    bodyworn("recordings", "add", clip)
    told = bodyworn("recordings", "list", "--json", "/dev/full", fails=3).stderr
    assert told == "bodyworn: no room is left for /dev/full. Free some space and give the same command again.\n"


@pytest.mark.parametrize("closed", [1, 2])
def test_streams_that_are_closed_from_the_start_end_no_command(
    bodyworn: Run, clip: Path, environment: dict[str, str], closed: int
) -> None:
    bodyworn("recordings", "add", clip)
    command = ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *FAST, "recordings", "list"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert ("clip.mp4" in done.stdout) is (closed == 2)


def test_json_goes_through_a_pipe_with_a_name(start: Command, bodyworn: Run, clip: Path, tmp_path: Path) -> None:
    bodyworn("recordings", "add", clip)
    os.mkfifo(tmp_path / "pipe")
    process = start(FAST, "recordings", "list", "--json", tmp_path / "pipe")
    assert json.loads((tmp_path / "pipe").read_text())["name"] == "clip.mp4"
    assert process.wait(60) == 0
