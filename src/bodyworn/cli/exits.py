"""How a command ends: the exit codes that are not those of an error, and the end on a signal or a closed pipe."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from bodyworn.domain.errors import BodywornError


class Exit(IntEnum):
    """Exit codes beside those of the errors in ``domain/errors.py``, with what each means."""

    means: str

    def __new__(cls, value: int, means: str) -> Self:
        """A member that is ``value``."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.means = means
        return member

    DONE = 0, "Done; for a check: all is well."
    NO = 1, "The answer is no: not shown to be genuine, or something still shows. Also an error without its own code."
    USAGE = 2, "The command was typed wrongly."
    INTERRUPTED = 130, "Stopped by Ctrl-C."
    CLOSED_PIPE = 141, "The program that read the output closed it, such as `head`."
    TERMINATED = 143, "Stopped by the system (SIGTERM)."


#: What is said when a command is stopped: where what was finished is kept, where nothing is, and where it is no matter.
GOES_ON = "bodyworn: stopped; what was finished is kept, and the same command goes on from there"
STARTS_OVER = "bodyworn: stopped; the same command starts over"
STOPPED = "bodyworn: stopped"
_stopped = STARTS_OVER


#: What is wrong though the command did its work: told last, and its exit code counts where there is no other.
_at_the_end: list[BodywornError] = []


def tell_at_the_end(error: BodywornError) -> None:
    """Have an error told when the command has shown what it did."""
    _at_the_end.append(error)


def left_to_tell() -> BodywornError | None:
    """The error that is to be told at the end, once."""
    found = _at_the_end[0] if _at_the_end else None
    _at_the_end.clear()
    return found


def when_stopped(text: str) -> None:
    """What is true of the running command when it is stopped."""
    global _stopped
    _stopped = text


@contextmanager
def ended_well() -> Iterator[None]:
    """Within it, SIGTERM ends the command as Ctrl-C does, a closed pipe ends it without a word, and what the system
    refuses ends it with one sentence."""
    with _terminable(), _on_time(), _streams():
        try:
            yield
            sys.stdout.flush()
        except BrokenPipeError:
            _leave_pipe()
            raise SystemExit(Exit.CLOSED_PIPE) from None
        except (OSError, MemoryError) as error:
            _leave_pipe()
            raise SystemExit(_refused(error)) from None
        except RuntimeError as error:
            if (code := _limited(error)) is None:
                raise
            raise SystemExit(code) from None
        except KeyboardInterrupt:
            print(_stopped, file=sys.stderr)
            raise SystemExit(Exit.INTERRUPTED) from None
        except SystemExit as end:
            _tell_end(end)
            raise


def _tell_end(end: SystemExit) -> None:
    """What typer made of a stop is told; the rest of the output goes out, or nowhere if no one reads it."""
    if end.code in (Exit.INTERRUPTED, Exit.TERMINATED):
        print(_stopped, file=sys.stderr)
    try:
        closed = isinstance(end.__context__, BrokenPipeError)
        sys.stdout.flush()
    except BrokenPipeError:
        closed = True
    except OSError as error:  # what was buffered does not go out
        _leave_pipe()
        raise SystemExit(_refused(error)) from None
    if closed:
        _leave_pipe()
        raise SystemExit(Exit.CLOSED_PIPE) from None


@contextmanager
def _streams() -> Iterator[None]:
    """Streams that were closed by who started the command (``>&-``) lead nowhere instead."""
    closed = [name for name in ("stdout", "stderr") if getattr(sys, name) is None]
    with ExitStack() as stack:
        for name in closed:
            setattr(sys, name, stack.enter_context(Path(os.devnull).open("w", encoding="utf-8")))
        yield


def _refused(error: OSError | MemoryError) -> int:
    """Say in one sentence what the system refused; the exit code."""
    from bodyworn.domain.errors import DiskFull
    from bodyworn.storage.files import is_full

    code: int = Exit.NO
    if isinstance(error, OSError) and (limited := _limited(error)) is not None:
        return limited
    if isinstance(error, MemoryError):
        told = "the memory does not suffice. Close other programs, or raise the limit"
    else:
        where = error.filename if isinstance(error.filename, str) else "the output"
        if is_full(error):
            code, told = DiskFull.exit_code, f"no room is left for {where}. Free some space and give the command again"
        else:
            told = f"{where}: {(error.strerror or 'refused').lower()}. Check it, and give the same command again"
    print(f"bodyworn: {told}.", file=sys.stderr)
    return code


def _limited(error: OSError | RuntimeError) -> int | None:
    """Say which limit of the session ended the command; ``None`` if it is none of them."""
    from bodyworn.media.session_limits import refused_by_system

    limit = refused_by_system(error)
    if limit is None:
        return None
    print(f"bodyworn: {limit.what}. {limit.advice}.", file=sys.stderr)
    return limit.exit_code


def _leave_pipe() -> None:
    """Point the output stream to nowhere, so that Python does not complain when it flushes it at its own end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)


@contextmanager
def _terminable() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(Exit.TERMINATED)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _on_time() -> Iterator[None]:
    """Where the session limits processor time, say so a second before the system would end the command.

    It ends at once, as it would then: what is unfinished is left for the next command to sweep.
    """
    from bodyworn.domain.errors import MachineLimit

    try:
        import resource
    except ImportError:  # not on Windows
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_CPU)
    if before[1] == resource.RLIM_INFINITY or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told = f"this session allows no more than {before[1]} s of processor time (ulimit -t)"
        print(f"bodyworn: {told}. Start it from a session with a higher limit.", file=sys.stderr, flush=True)
        os._exit(MachineLimit.exit_code)

    former = signal.signal(signal.SIGXCPU, stop)
    resource.setrlimit(resource.RLIMIT_CPU, (max(1, before[1] - 1), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)  # first, or what ends in time is killed as it ends
        signal.signal(signal.SIGXCPU, former)
