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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from bodyworn.domain import errors
from bodyworn.domain.codec import Json, JsonObject, from_json, to_json
from bodyworn.domain.progress import Progress
from bodyworn.media import confinement, session_limits
from bodyworn.media.confinement import Confinement
from bodyworn.media.session_limits import MIB
from bodyworn.media.watchdog import Limits, Watch, watched
from bodyworn.storage.files import is_full, no_room_for

__all__ = ["MIB", "ChildError", "Limits", "confinement_here", "local_source", "report", "run"]

#: A function of a module: called in the child with its arguments as keywords, returns plain JSON values.
SandboxJob = Callable[..., Json]
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

    :class:`~bodyworn.domain.errors.DamagedMedia` if the child crashed or went over a limit,
    :class:`~bodyworn.domain.errors.MachineLimit` where the session itself gives it too little.
    """
    module, function = _address(job)
    folders = tuple(os.fspath(folder.absolute()) for folder in writable)
    order = json.dumps(to_json(_Order(module, function, arguments, limits, folders, os.getpid())))
    with _given_by_the_system(), watched(_started(), limits) as watch:
        answer = _converse(watch, order, progress, limits.answer_chars)
    code = watch.child.wait()
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


@contextmanager
def _given_by_the_system() -> Iterator[None]:
    """A process or thread that the system does not give is told as the limit that it is."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        if (limit := session_limits.refused_by_system(error)) is None:
            raise
        raise limit from error


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


def _converse(watch: Watch, order: str, progress: Progress | None, most_chars: int) -> JsonObject | None:
    """Send the order and read lines until the answer; ``None`` if the child ends without one."""
    child = watch.child
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(order)
        child.stdin.close()
    except BrokenPipeError:
        return None
    while line := child.stdout.readline(most_chars):
        if len(line) == most_chars and not line.endswith("\n"):
            raise errors.DamagedMedia("what is in the file is more than allowed", AGAIN)
        try:
            message: JsonObject = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if "progress" in message:
            watch.moved()
            if progress is not None:
                progress(*cast(tuple[float, float, str], message["progress"]))
        else:
            return message
    return None


def _death(code: int, watch: Watch, limits: Limits) -> errors.BodywornError:
    low = session_limits.lowered(limits)
    in_time = not watch.stalled and not watch.late
    if code == -signal.SIGXCPU and (limit := session_limits.out_of_time(low)):
        return limit
    if in_time and code != -signal.SIGXCPU and (limit := _too_little_to_run(low)):
        return limit
    if watch.stalled:
        what = f"one step of reading the file took longer than allowed ({limits.stall_seconds:.0f} s)"
    elif watch.late or code == -signal.SIGXCPU:
        what = f"reading the file took longer than allowed ({limits.wall_seconds:.0f} s, {limits.cpu_seconds} s of CPU)"
    elif code < 0:
        what = f"reading the file ended the decoder ({signal.Signals(-code).name})"
    else:
        what = f"reading the file ended the decoder (exit code {code})"
    return errors.DamagedMedia(what, AGAIN)


def _too_little_to_run(low: Mapping[str, int]) -> errors.MachineLimit | None:
    """The limit of the session under which a child ends without a word, if there is one."""
    return session_limits.out_of_memory(low) or session_limits.out_of_files(low)


def report(done: float, total: float, what: str) -> None:
    """A progress line to the parent, from inside a child."""
    print(json.dumps({"progress": [done, total, what]}), flush=True)


def _end_with(parent: int) -> None:
    """Die when the parent does, however it ends; on Linux alone, elsewhere the next line of progress fails."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _answer(order: _Order, low: Mapping[str, int]) -> JsonObject:
    """The line that tells the result of a job, or its error; ``low`` are the limits that the session has lowered."""
    import importlib

    try:
        job = cast(SandboxJob, getattr(importlib.import_module(order.module), order.function))
        return {"result": job(**order.arguments)}
    except errors.BodywornError as error:
        return _failure(error)
    except (MemoryError, ImportError) as error:
        need = order.limits.memory_bytes // MIB
        more = errors.DamagedMedia(f"reading the file needs more memory than allowed ({need} MiB)", AGAIN)
        without_a_word = more if isinstance(error, MemoryError) else errors.DamagedMedia(_broken_off(error), AGAIN)
        return _failure(_too_little_to_run(low) or without_a_word)
    except OSError as error:
        return _failure(_refused(error, low))
    except Exception as error:
        limit = session_limits.refused_by_system(error) if isinstance(error, RuntimeError) else None
        return _failure(limit or errors.DamagedMedia(_broken_off(error), AGAIN))


def _refused(error: OSError, low: Mapping[str, int]) -> errors.BodywornError:
    """What the system did not give to a job."""
    if error.errno == errno.EFBIG and "RLIMIT_FSIZE" not in low:
        return errors.DamagedMedia("what is written from the file becomes larger than allowed", AGAIN)
    if is_full(error):
        return no_room_for("the decoded recording")
    if error.errno == errno.EMFILE and (limit := session_limits.out_of_files(low)):
        return limit
    if error.errno == errno.ENOMEM and (limit := session_limits.out_of_memory(low)):
        return limit
    return errors.StageError(_broken_off(error), AGAIN)


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
    low = session_limits.put_on(order.limits)
    confinement.confine([Path(folder) for folder in order.writable])
    print(json.dumps(_answer(order, low)), flush=True)


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
