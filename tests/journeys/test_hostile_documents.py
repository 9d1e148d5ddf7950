"""Documents from outside that were made to break who reads them: one sentence, in a child, and in a known time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.domain.codec import Json
from bodyworn.domain.errors import InputError, UnreadableInput
from bodyworn.findings.transcripts import reading
from bodyworn.media import documents, sandbox
from bodyworn.recordings import sidecars
from bodyworn.redactions import plan_files
from tests.makers.hostile_documents import LAUGHS, PLANS, SIDECARS, TRANSCRIPTS

Reader = Callable[[Path], object]
MAPPING = 'format = "json"\n[fields]\na = "b"\n'


def read_sidecar(path: Path) -> object:
    mapping = path.with_name("map.toml")
    mapping.write_text(MAPPING)
    return sidecars.read(path, mapping)


READERS = [reading.read_transcript, read_sidecar, plan_files.read_plan]


def outcome(path: Path) -> str:
    """What was read of a transcript, or the sentence that refuses it."""
    try:
        return " ".join(turn.text for one in reading.read_transcript(path) for turn in one.turns)
    except InputError as error:
        return str(error)


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_hostile_transcript_is_read_or_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "said.txt"
    path.write_text(TRANSCRIPTS[name]())
    before = time.monotonic()
    said = outcome(path)
    assert "read to its end" not in said, "nobody foresaw it"
    assert ("\n" in said, len(said) < 200_000) == (False, True)
    assert time.monotonic() - before < documents.LIMITS.wall_seconds + 5


@pytest.mark.parametrize("name", SIDECARS)
def test_a_hostile_sidecar_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    sidecar, mapping, words = SIDECARS[name]
    (tmp_path / "side").write_text(sidecar)
    (tmp_path / "map.toml").write_text(mapping)
    with pytest.raises(InputError, match=words):
        sidecars.read(tmp_path / "side", tmp_path / "map.toml")


@pytest.mark.parametrize("name", PLANS)
def test_a_hostile_plan_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    text, words = PLANS[name]
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(InputError, match=words):
        plan_files.read_plan(tmp_path / "plan.json")


@pytest.mark.parametrize("read", READERS)
def test_a_file_of_a_gigabyte_a_pipe_and_a_folder_are_not_read(tmp_path: Path, read: Reader) -> None:
    large, pipe, folder = tmp_path / "large", tmp_path / "pipe", tmp_path / "folder"
    large.touch()
    os.truncate(large, 1 << 30)
    os.mkfifo(pipe)
    folder.mkdir()
    for path, words in ((large, "is larger than"), (pipe, "plain file"), (folder, "folder")):
        before = time.monotonic()
        with pytest.raises(InputError, match=words):
            read(path)
        assert time.monotonic() - before < 20


def test_a_device_is_not_read() -> None:
    with pytest.raises(UnreadableInput, match="plain file"):
        documents.bytes_of(Path("/dev/zero"), 1 << 20, "a document")


def read_again_and_again(path: Path) -> None:
    for _ in range(500):
        documents.bytes_of(path, 64 << 20, "a transcript")


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "said.srt"
    path.write_text(LAUGHS)
    stop = threading.Event()

    def grow() -> None:
        with path.open("a") as file:
            while not stop.is_set():
                file.write("x" * 4096)
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        with pytest.raises(UnreadableInput, match=r"changed while it was read|larger than"):
            read_again_and_again(path)
    finally:
        stop.set()
        writer.join()


def endless() -> str:
    """A job that never ends."""
    while True:
        pass


def endless_words() -> list[Json]:
    """A job that tells more than it may."""
    return ["x" * 1000] * 100


def swelling() -> int:
    """A job that takes all memory."""
    return len(bytearray(1 << 40))


@pytest.mark.parametrize(
    ("job", "words"),
    [(endless, "longer than allowed"), (endless_words, "more than allowed"), (swelling, "more memory than allowed")],
)
def test_a_document_that_costs_more_than_it_may_is_named_with_the_reason(job: sandbox.SandboxJob, words: str) -> None:
    small = replace(documents.LIMITS, cpu_seconds=1, wall_seconds=20, answer_chars=10_000)
    with pytest.raises(InputError, match=f"said.srt: .*{words}"):
        documents.parsed(job, {}, "said.srt", small)


def test_no_document_is_parsed_in_the_program_itself(tmp_path: Path) -> None:
    (tmp_path / "said.json").write_text('{"segments":[' + ",".join(['{"text":"Stop right there."}'] * 5_000) + "]}")
    (tmp_path / "side").write_text('{"b":1,"c":[' + "[1,2,3]," * 300_000 + "1]}")
    (tmp_path / "map.toml").write_text(MAPPING)
    code = (
        "import sys; from pathlib import Path; from bodyworn.recordings import sidecars; "
        "from bodyworn.findings.transcripts import reading; here = Path(sys.argv[1]); "
        "print(sidecars.read(here / 'side', here / 'map.toml').fields); "
        "print(len(reading.read_transcript(here / 'said.json')[0].turns)); "
        "status = dict(line.split(':', 1) for line in Path('/proc/self/status').read_text().splitlines()); "
        "print([m for m in sys.modules if m in ('av', 'numpy')], status['VmHWM'].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    fields, turns, rest = done.stdout.splitlines()
    loaded, memory = rest.rsplit(" ", 1)
    assert (fields, int(turns) > 0, loaded) == ("{'a': 1}", True, "[]")
    assert int(memory) < 150 << 10, "KiB"
