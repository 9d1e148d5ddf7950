"""Untrusted files are opened in a child process with limits and without rights.

The limits are on time, time without progress, memory, open files and written bytes; what the child may still do is in
:mod:`bodyworn.media.confinement`: it writes only in the folders that its caller names.

A job is a function of a module, handed in by its caller. The child is a fresh interpreter that imports that module,
runs the function and prints JSON lines: ``{"progress": [done, total, what]}`` any number of times, then one
``{"result": …}`` or ``{"error": …}`` (:class:`ChildError`). It inherits no environment but the search path. A crash
inside a decoder therefore ends the child, never the worker.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from bodyworn.domain import errors
from bodyworn.domain.codec import Json, JsonObject, from_json, to_json
from bodyworn.domain.progress import Progress
from bodyworn.media import confinement
from bodyworn.media.confinement import Confinement
from bodyworn.media.watchdog import Limits, Watch, watched
from bodyworn.storage.files import is_full, no_room_for

__all__ = ["MIB", "ChildError", "Limits", "confinement_here", "local_source", "report", "run"]

#: A function of a module: called in the child with its arguments as keywords, returns plain JSON values.
SandboxJob = Callable[..., Json]
MIB = 1 << 20
#: Characters of one line of a child, at most: a plan of a long day has a tenth of that.
_LONGEST_LINE = 512 * MIB
_PR_SET_PDEATHSIG = 1
AGAIN = "Copy the file again from the camera; if that does not help, it cannot be used"


@dataclass(frozen=True)
class ChildError:
    """An error of the child, to be raised in the parent: ``kind`` is the name of its class."""

    kind: str
    what: str
    advice: str
    code: errors.Code
    data: Mapping[str, str]

    def error(self) -> errors.BodywornError:
        """The error itself; :class:`~bodyworn.domain.errors.StageError` if no class of errors has that name."""
        cls = getattr(errors, self.kind, None)
        if not (isinstance(cls, type) and issubclass(cls, errors.BodywornError)):
            cls = errors.StageError
        return cls(self.what, self.advice, self.code, **self.data)


@dataclass(frozen=True)
class _Order:
    """What a child is to do: a function of a module, its arguments, its limits, the folders it may write in."""

    module: str
    function: str
    arguments: Mapping[str, Json]
    limits: Limits
    writable: tuple[str, ...]
    parent: int


def run(
    job: SandboxJob,
    arguments: JsonObject,
    limits: Limits,
    progress: Progress | None = None,
    *,
    writable: Sequence[Path] = (),
) -> Json:
    """The result of ``job`` called with ``arguments``; errors of the child are raised here as what they were.

    ``writable`` are the folders and files in which it may write; where the system can confine it, nothing else.

    :class:`~bodyworn.domain.errors.DamagedMedia` if the child crashed or went over a limit.
    """
    module, function = _address(job)
    folders = tuple(os.fspath(folder.absolute()) for folder in writable)
    order = json.dumps(to_json(_Order(module, function, arguments, limits, folders, os.getpid())))
    child = _started()
    with watched(child, limits) as watch:
        answer = _converse(child, order, progress, watch)
    code = child.wait()
    if answer is None:
        raise _death(code, watch, limits)
    if "error" in answer:
        raise from_json(ChildError, answer["error"]).error()
    return answer["result"]


def confinement_here() -> Confinement:
    """How children are confined on this machine, found by a child that tries what is not allowed."""
    limits = Limits(cpu_seconds=10, wall_seconds=30, memory_bytes=1024 * MIB, file_bytes=MIB)
    return from_json(Confinement, run(confinement.tell, {}, limits))


def _started() -> subprocess.Popen[str]:
    """A fresh interpreter that waits for its order."""
    return subprocess.Popen(
        [sys.executable, "-m", "bodyworn.media.sandbox"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        text=True,
        encoding="utf-8",
    )


def _address(job: SandboxJob) -> tuple[str, str]:
    """Module and name of ``job``; ``ValueError`` for what another interpreter could not find."""
    module, name = job.__module__, job.__qualname__
    if module == "__main__" or not name.isidentifier():
        raise ValueError(f"not a function of a module: {module}.{name}")
    return module, name


def _environment() -> dict[str, str]:
    """Search paths only, one thread for numeric libraries, and nothing of the person's environment.

    No bytecode is written: under a limit on written bytes a compiled module would break off and stay broken.
    """
    kept = {
        name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT", "VIRTUAL_ENV") if name in os.environ
    }
    return {
        **kept,
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _converse(child: subprocess.Popen[str], order: str, progress: Progress | None, watch: Watch) -> JsonObject | None:
    """Send the order and read lines until the answer; ``None`` if the child ends without one."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(order)
        child.stdin.close()
    except BrokenPipeError:
        return None
    while line := child.stdout.readline(_LONGEST_LINE):
        try:
            message: JsonObject = json.loads(line)
        except ValueError:
            continue
        if "progress" in message:
            watch.moved()
            if progress is not None:
                progress(*cast(tuple[float, float, str], message["progress"]))
        else:
            return message
    return None


def _death(code: int, watch: Watch, limits: Limits) -> errors.DamagedMedia:
    if watch.stalled:
        what = f"one step of reading the file took longer than allowed ({limits.stall_seconds:.0f} s)"
    elif watch.late or code == -signal.SIGXCPU:
        what = f"reading the file took longer than allowed ({limits.wall_seconds:.0f} s, {limits.cpu_seconds} s of CPU)"
    elif code < 0:
        what = f"reading the file ended the decoder ({signal.Signals(-code).name})"
    else:
        what = f"reading the file ended the decoder (exit code {code})"
    return errors.DamagedMedia(what, AGAIN)


def report(done: float, total: float, what: str) -> None:
    """A progress line to the parent, from inside a child."""
    print(json.dumps({"progress": [done, total, what]}), flush=True)


def _limit(limits: Limits) -> None:
    """Put the limits on this very process; where the system has none of these, the wall clock remains."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for name, value in (
        ("RLIMIT_CPU", limits.cpu_seconds),
        ("RLIMIT_AS", limits.memory_bytes),
        ("RLIMIT_FSIZE", limits.file_bytes),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", 64),
    ):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def _end_with(parent: int) -> None:
    """Die when the parent does, however it ends; on Linux alone, elsewhere the next line of progress fails."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _answer(order: _Order) -> JsonObject:
    import importlib

    try:
        job = cast(SandboxJob, getattr(importlib.import_module(order.module), order.function))
        return {"result": job(**order.arguments)}
    except errors.BodywornError as error:
        return _failure(error)
    except MemoryError:
        need = order.limits.memory_bytes // MIB
        return _failure(errors.DamagedMedia(f"reading the file needs more memory than allowed ({need} MiB)", AGAIN))
    except OSError as error:
        if is_full(error):
            return _failure(no_room_for("the decoded recording"))
        if error.errno == errno.EFBIG:
            return _failure(errors.DamagedMedia("what is written from the file becomes larger than allowed", AGAIN))
        return _failure(errors.StageError(_broken_off(error), AGAIN))
    except Exception as error:
        return _failure(errors.DamagedMedia(_broken_off(error), AGAIN))


def _broken_off(error: Exception) -> str:
    """What a job did not foresee, with its place in the program for whoever mends it."""
    steps = traceback.extract_tb(error.__traceback__)
    own = [step for step in steps[1:] if "bodyworn" in Path(step.filename).parts]
    last = own[-1] if own else steps[-1]
    place = f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}"
    return f"the file could not be read to its end ({place})"


def _failure(error: errors.BodywornError) -> JsonObject:
    return {"error": to_json(ChildError(type(error).__name__, error.what, error.advice, error.code, error.data))}


def _child() -> None:
    """Rights are given up before the module of the job is imported, so that no thread of a library keeps them."""
    order = from_json(_Order, json.load(sys.stdin))
    _end_with(order.parent)
    _limit(order.limits)
    confinement.confine([Path(folder) for folder in order.writable])
    print(json.dumps(_answer(order)), flush=True)


def local_source(path: Path) -> str | BinaryIO:
    """``path`` as what PyAV opens as a local file, whatever characters (or bytes) its name has."""
    name = os.fspath(path.absolute())
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return path.open("rb")
    return "file:" + name


if __name__ == "__main__":
    _child()
