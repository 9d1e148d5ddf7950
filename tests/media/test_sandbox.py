"""The child that opens untrusted files stays inside its limits, and its end never ends the parent."""

from __future__ import annotations

import importlib.util
import marshal
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bodyworn.domain import errors
from bodyworn.domain.codec import Json
from bodyworn.findings.observers.watching import look
from bodyworn.media import sandbox
from bodyworn.media.audio import decode_channels
from bodyworn.media.confinement import possible
from bodyworn.media.probe import read_facts
from tests import media_makers as make


def limits(**changes: float) -> sandbox.Limits:
    base = {"cpu_seconds": 20, "wall_seconds": 30.0, "memory_bytes": 2048 * sandbox.MIB}
    return sandbox.Limits(**{**base, **changes})  # type: ignore[arg-type]


def test_too_little_memory_is_refused_not_fatal(tmp_path: Path) -> None:
    path = make.with_sound(tmp_path / "a.mp4")
    with pytest.raises(errors.DamagedMedia):
        sandbox.run(read_facts, {"path": str(path)}, limits(memory_bytes=40 * sandbox.MIB))


def test_wall_clock(tmp_path: Path) -> None:
    pipe = tmp_path / "a.mp4"
    os.mkfifo(pipe)
    began = time.monotonic()
    with pytest.raises(errors.DamagedMedia, match="longer than allowed"):
        sandbox.run(read_facts, {"path": str(pipe)}, limits(wall_seconds=1.0))
    assert time.monotonic() - began < 10


def test_written_bytes_are_limited(tmp_path: Path) -> None:
    path = make.wav_pcm(tmp_path / "a.wav", [make.hiss(4.0)])
    arguments: dict[str, Json] = {"path": str(path), "folder": str(tmp_path), "origin_ms": 0, "duration_ms": 4000}
    with pytest.raises(errors.BodywornError):
        sandbox.run(decode_channels, arguments, limits(file_bytes=1000), writable=[tmp_path])


def test_a_limit_on_written_bytes_breaks_no_compiled_module(tmp_path: Path) -> None:
    compiled = Path(importlib.util.cache_from_source(str(Path(sandbox.__file__).with_name("audio.py"))))
    compiled.unlink(missing_ok=True)
    path = make.wav_pcm(tmp_path / "a.wav", [make.hiss(1.0)])
    arguments: dict[str, Json] = {"path": str(path), "folder": str(tmp_path), "origin_ms": 0, "duration_ms": 1000}
    with suppress(errors.BodywornError):
        sandbox.run(decode_channels, arguments, limits(file_bytes=1000), writable=[tmp_path])
    if compiled.exists():  # another process may have compiled it; whole, then
        marshal.loads(compiled.read_bytes()[16:])


def test_child_inherits_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BODYWORN_SECRET", "x")
    assert "BODYWORN_SECRET" not in sandbox._environment()


def intrude(written: str) -> str:
    """A job that tries what a decoder has no need for; what stopped it."""
    import socket

    stopped = []
    try:
        Path(written).write_bytes(b"x")
    except OSError:
        stopped.append("file")
    try:
        socket.socket(socket.AF_INET).close()
    except OSError:
        stopped.append("network")
    try:
        subprocess.run(["/bin/true"], check=False)
    except OSError:
        stopped.append("program")
    return " ".join(stopped)


def test_a_child_writes_only_in_the_folders_of_its_caller_and_reaches_no_network(tmp_path: Path) -> None:
    able, scratch = possible(), tmp_path / "scratch"
    scratch.mkdir()
    outside, inside = str(tmp_path / "new"), str(scratch / "new")
    always = "network program" if able.calls else ""
    enough = limits(file_bytes=sandbox.MIB)
    assert sandbox.run(intrude, {"written": outside}, enough) == (f"file {always}".strip() if able.files else always)
    assert sandbox.run(intrude, {"written": inside}, enough, writable=[scratch]) == always
    assert Path(inside).exists()
    assert Path(outside).exists() != able.files


def test_what_doctor_tells_of_children_is_what_a_child_found() -> None:
    assert sandbox.confinement_here() == possible()


def test_the_sound_and_the_picture_of_a_recording_are_decoded_without_rights(tmp_path: Path) -> None:
    path = make.with_sound(tmp_path / "a.mp4")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    room = limits(file_bytes=50 * sandbox.MIB, memory_bytes=4096 * sandbox.MIB)
    folder: dict[str, Json] = {"path": str(path), "folder": str(scratch), "duration_ms": 2000}
    sandbox.run(decode_channels, {**folder, "origin_ms": 0}, room, writable=[scratch])
    sandbox.run(look, {**folder, "proxy": True}, room, writable=[scratch])
    made = {file.name for file in scratch.iterdir()}
    assert made == {"channel-1-0.wav", "thumbnails.jpg", "poster.jpg", "proxy.mp4"}
    if possible().files:
        with pytest.raises(errors.BodywornError):
            sandbox.run(look, {**folder, "proxy": True}, room)


def test_errors_come_through_as_themselves(tmp_path: Path) -> None:
    with pytest.raises(errors.NotMedia):
        sandbox.run(read_facts, {"path": str(make.text_named_mp4(tmp_path / "a.mp4"))}, limits())


def test_child_imports_only_what_it_needs() -> None:
    code = (
        "import sys, bodyworn.media.probe, av; print([m for m in sys.modules if m in ('numpy', 'cv2', 'ctranslate2')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_job_that_another_interpreter_cannot_find_is_refused() -> None:
    def inner() -> dict[str, str]:
        return {}

    for job in (inner, lambda: {}):
        with pytest.raises(ValueError, match="not a function of a module"):
            sandbox.run(job, {}, limits())


def dawdle(reports: int) -> str:
    """A job that reports a few times, and then works on without a word."""
    for number in range(reports):
        sandbox.report(number, 0, "steps")
        time.sleep(0.5)
    time.sleep(60)
    return "never"


def test_work_without_progress_is_ended_and_work_with_progress_is_not() -> None:
    heard: list[float] = []
    began = time.monotonic()
    with pytest.raises(errors.DamagedMedia, match="one step"):
        sandbox.run(
            dawdle, {"reports": 12}, limits(stall_seconds=4, wall_seconds=60), lambda done, *_: heard.append(done)
        )
    assert heard == list(range(12))
    assert time.monotonic() - began < 30


def stumble() -> str:
    """A job with a fault of its own."""
    raise KeyError("x")


def test_a_fault_that_nobody_foresaw_is_one_sentence_with_its_place() -> None:
    with pytest.raises(errors.DamagedMedia, match=r"read to its end \(KeyError in test_sandbox.py, line \d+\)"):
        sandbox.run(stumble, {}, limits())


def test_a_child_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bodyworn.media import sandbox; "
        "from tests.media.test_sandbox import announce, limits; "
        "sandbox.run(announce, {'path': sys.argv[1]}, limits(wall_seconds=60.0, file_bytes=99), "
        "writable=[Path(sys.argv[1]).parent])"
    )
    told = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", code, str(told)])
    assert eventually(told.exists)
    assert eventually(lambda: bool(told.read_text()))
    child = int(told.read_text())
    parent.kill()
    parent.wait()
    assert eventually(lambda: not is_running(child))


def announce(path: str) -> str:
    """A job that says which process it is, and stays."""
    Path(path).write_text(str(os.getpid()))
    time.sleep(60)
    return ""


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it holds within twenty seconds."""
    end = time.monotonic() + 20
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


def is_running(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
