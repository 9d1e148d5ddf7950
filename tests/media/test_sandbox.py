"""The child that opens untrusted files stays inside its limits, and its end never ends the parent."""

from __future__ import annotations

import importlib.util
import marshal
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bodyworn.domain import errors
from bodyworn.domain.codec import Json
from bodyworn.media import sandbox
from bodyworn.media.audio import decode_channels
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
        sandbox.run(decode_channels, arguments, limits(file_bytes=1000))


def test_a_limit_on_written_bytes_breaks_no_compiled_module(tmp_path: Path) -> None:
    compiled = Path(importlib.util.cache_from_source(str(Path(sandbox.__file__).with_name("audio.py"))))
    compiled.unlink(missing_ok=True)
    path = make.wav_pcm(tmp_path / "a.wav", [make.hiss(1.0)])
    arguments: dict[str, Json] = {"path": str(path), "folder": str(tmp_path), "origin_ms": 0, "duration_ms": 1000}
    with suppress(errors.BodywornError):
        sandbox.run(decode_channels, arguments, limits(file_bytes=1000))
    if compiled.exists():  # another process may have compiled it; whole, then
        marshal.loads(compiled.read_bytes()[16:])


def test_child_inherits_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BODYWORN_SECRET", "x")
    assert "BODYWORN_SECRET" not in sandbox._environment()


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
