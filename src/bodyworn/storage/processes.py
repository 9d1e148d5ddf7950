"""Which process is it, and does it still live? So that what a dead process held is free at once."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: Starts are written in hundredths of a second since the machine started: a change of the clock does not move them.
_TICKS = 100
#: How far two readings of the same start may lie apart, in ticks: the machine's own start is told in whole seconds.
_SAME_TICKS = 2 * _TICKS


@cache
def this_host() -> str:
    """Host name, and on Linux the boot and the process namespace: where a process number means something."""
    parts = [platform.node()]
    boot, namespace = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    if boot.exists():
        parts += [boot.read_text().strip(), str(namespace.readlink())]
    return "|".join(parts)


def _start_of(pid: int) -> int | None:
    """Start of a living process in ticks since the machine started; ``None`` where there is none."""
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        started: float = process.create_time() - psutil.boot_time()
        return round(started * _TICKS)
    except psutil.NoSuchProcess:
        return None


@cache
def _me(pid: int) -> Holder:
    return Holder(this_host(), pid, str(_start_of(pid)))


@dataclass(frozen=True)
class Holder:
    """A process, told apart from a later one with the same number."""

    host: str
    pid: int
    start: str

    @classmethod
    def me(cls) -> Holder:
        """This process."""
        return _me(os.getpid())

    @property
    def dead(self) -> bool:
        """True only when it is certain: same host, and no such process any more."""
        if self.host != this_host():
            return False
        started = _start_of(self.pid)
        if started is None:
            return True
        return self.start.isdigit() and abs(int(self.start) - started) > _SAME_TICKS

    def __str__(self) -> str:
        return f"{self.pid}-{self.start}@{self.host}"

    @classmethod
    def parse(cls, text: str) -> Holder:
        """Inverse of ``str``; ``ValueError`` on other text."""
        process, _, host = text.partition("@")
        pid, _, start = process.partition("-")
        return cls(host, int(pid), start)
