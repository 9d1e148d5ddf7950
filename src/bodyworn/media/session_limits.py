"""Limits that the session puts on its programs (``ulimit``): where they leave too little, they are told, and no file
is blamed for them.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping

from bodyworn.domain.errors import MachineLimit
from bodyworn.media.watchdog import Limits

MIB = 1 << 20
#: Files that a child may have open at once; few are needed.
OPEN_FILES = 64
_RAISE = "Start it from a session with a higher limit, or ask who runs this machine"


def wanted(limits: Limits) -> dict[str, int]:
    """What a child with these ``limits`` is given, by the system's name of each limit."""
    return {
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_AS": limits.memory_bytes,
        "RLIMIT_FSIZE": limits.file_bytes,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": OPEN_FILES,
    }


def lowered(limits: Limits) -> dict[str, int]:
    """The limits of this session that are lower than those a child is to have, by name."""
    try:
        import resource
    except ImportError:  # not on Windows
        return {}
    found = {name: resource.getrlimit(getattr(resource, name))[1] for name in wanted(limits)}
    return {
        name: hard for name, hard in found.items() if hard != resource.RLIM_INFINITY and hard < wanted(limits)[name]
    }


def put_on(limits: Limits) -> dict[str, int]:
    """Put ``limits`` on this very process, and tell which of the session are lower.

    Time on the processor ends with a signal that can be told from others, so that it is due before the hard limit.
    """
    try:
        import resource
    except ImportError:  # the wall clock remains
        return {}
    low = lowered(limits)
    for name, asked in wanted(limits).items():
        kind, value = getattr(resource, name), low.get(name, asked)
        soft = hard = value
        if name == "RLIMIT_CPU":
            soft, hard = (max(1, value - 1), value) if name in low else (value, value + 1)
            allowed = resource.getrlimit(kind)[1]
            hard = hard if allowed == resource.RLIM_INFINITY else min(hard, allowed)
        resource.setrlimit(kind, (soft, hard))
    return low


def out_of_time(low: Mapping[str, int]) -> MachineLimit | None:
    """The error where the session gives less time on the processor than a child has."""
    return _told(low, "RLIMIT_CPU", "processor time", "ulimit -t", "s")


def out_of_memory(low: Mapping[str, int]) -> MachineLimit | None:
    """The error where the session gives less memory than a child has."""
    return _told(low, "RLIMIT_AS", "memory", "ulimit -v", "MiB")


def out_of_files(low: Mapping[str, int]) -> MachineLimit | None:
    """The error where the session lets fewer files be open than a child may have."""
    return _told(low, "RLIMIT_NOFILE", "room for open files", "ulimit -n", "")


def refused_by_system(error: OSError | RuntimeError) -> MachineLimit | None:
    """The error for a process, thread or file that the system does not give; ``None`` for any other reason."""
    number = getattr(error, "errno", None)
    if number in (errno.EMFILE, errno.ENFILE):
        return MachineLimit("this session may not have more files open (ulimit -n)", _RAISE)
    if number == errno.EAGAIN or (isinstance(error, RuntimeError) and "new thread" in str(error)):
        return MachineLimit("this session may not start more processes or threads (ulimit -u, ulimit -v)", _RAISE)
    if number == errno.ENOMEM:
        return MachineLimit("this session gets no more memory (ulimit -v, or the machine has none left)", _RAISE)
    return None


def _told(low: Mapping[str, int], name: str, of: str, command: str, unit: str) -> MachineLimit | None:
    if name not in low:
        return None
    value = f"{low[name] // MIB} MiB" if unit == "MiB" else f"{low[name]} {unit}".rstrip()
    return MachineLimit(f"this session has too little {of} for the file ({command}: {value})", _RAISE)
