"""A decoder child drops rights before it opens anything: no network, no new programs, no writing outside its scratch.

On Linux only. Landlock (kernel 5.13, by landlockpy) limits files and signals; a small seccomp filter refuses sockets
of the network, new programs and calls that reach into other processes. Elsewhere, and on older kernels, the limits on
time, memory and written bytes remain; ``doctor`` tells which of the two are in force.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bodyworn.domain.codec import Json, to_json

if TYPE_CHECKING:
    from socket import socket

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
#: Places of fields in ``struct seccomp_data``: system call, architecture, first argument.
_CALL, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
#: Operations of classic BPF: load a word, jump if equal, jump if at least, return.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_AF_UNIX = 1
_X32_CALLS = 0x40000000


@dataclass(frozen=True)
class _Machine:
    """Numbers of an architecture: its audit name, ``socket``, and the calls that are refused.

    Refused: execve, execveat, ptrace, process_vm_readv, process_vm_writev, mount, umount2, unshare, setns, bpf,
    perf_event_open, keyctl, io_uring_setup (it would open sockets past the filter).
    """

    audit: int
    socket: int
    refused: tuple[int, ...]


_MACHINES = {
    "x86_64": _Machine(0xC000003E, 41, (59, 322, 101, 310, 311, 165, 166, 272, 308, 321, 298, 250, 425)),
    "aarch64": _Machine(0xC00000B7, 198, (221, 281, 117, 270, 271, 40, 39, 97, 268, 280, 241, 219, 425)),
}


@dataclass(frozen=True)
class Confinement:
    """Which of the two kinds of confinement are in force."""

    files: bool
    calls: bool


def possible() -> Confinement:
    """What this machine can do; nothing is changed."""
    return Confinement(_landlock_abi() >= 1, sys.platform == "linux" and platform.machine() in _MACHINES)


def confine(writable: Sequence[Path] = ()) -> Confinement:
    """Give up rights of this process for good: files can be read, and written only below ``writable``.

    It holds for the calling thread and those that it starts. What of it is in force now.
    """
    able = possible()
    files = able.files and _done(partial(_confine_files, writable))
    calls = able.calls and _done(lambda: _confine_calls(_MACHINES[platform.machine()]))
    return Confinement(files, calls)


def _done(step: Callable[[], None]) -> bool:
    """Whether the system let it happen: a container may refuse what its kernel can do."""
    try:
        step()
    except OSError:
        return False
    return True


def tell() -> dict[str, Json]:
    """A job of the sandbox: JSON of the :class:`Confinement` it finds itself in, by trying what is not allowed."""
    import tempfile
    from socket import AF_INET, socket

    return to_json(Confinement(_refused(tempfile.TemporaryFile), _refused(partial(socket, AF_INET))))


def _refused(act: Callable[[], IO[bytes] | socket]) -> bool:
    try:
        act().close()
    except OSError:
        return True
    return False


def _landlock_abi() -> int:
    if sys.platform != "linux":
        return 0
    try:
        import landlockpy
    except ImportError:
        return 0
    return int(landlockpy.abi_version())


def _confine_files(writable: Sequence[Path]) -> None:
    from landlockpy import AccessFS, Ruleset, Scope

    reading = AccessFS.READ_FILE | AccessFS.READ_DIR
    writing = reading | AccessFS.WRITE_FILE | AccessFS.TRUNCATE | AccessFS.MAKE_REG | AccessFS.REMOVE_FILE
    with Ruleset(scoped=Scope.SIGNAL | Scope.ABSTRACT_UNIX_SOCKET) as rules:
        rules.allow_path("/", reading)
        for path in (*writable, Path("/dev/null")):
            if path.is_dir():
                rules.allow_path(str(path), writing | AccessFS.MAKE_DIR | AccessFS.REMOVE_DIR | AccessFS.REFER)
            elif path.exists():
                rules.allow_path(str(path), AccessFS.READ_FILE | AccessFS.WRITE_FILE | AccessFS.TRUNCATE)
        rules.restrict()


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _confine_calls(machine: _Machine) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    code = _filter(machine)
    program = _Program(len(code) // 8, code)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the filter of system calls was refused")


def _filter(machine: _Machine) -> bytes:
    """The program: a foreign architecture ends the process; refused calls fail with ``EPERM``."""
    refused = len(machine.refused)
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _CALL),
        (_AT_LEAST, refused + 3, 0, _X32_CALLS),
        *((_EQUAL, refused - number + 2, 0, call) for number, call in enumerate(machine.refused)),
        (_EQUAL, 0, 3, machine.socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, _AF_UNIX),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
