"""Which process is it, and does it still live? So that what a dead process held is free at once."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@cache
def this_host() -> str:
    """Host name, and on Linux the boot and the process namespace: where a process number means something."""
    parts = [platform.node()]
    boot, namespace = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    if boot.exists():
        parts += [boot.read_text().strip(), str(namespace.readlink())]
    return "|".join(parts)


def _start_of(pid: int) -> str:
    """Start of a process in clock ticks since boot; empty where the system does not tell or there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


@dataclass(frozen=True)
class Holder:
    """A process, told apart from a later one with the same number."""

    host: str
    pid: int
    start: str

    @classmethod
    def me(cls) -> Holder:
        """This process."""
        return cls(this_host(), os.getpid(), _start_of(os.getpid()))

    @property
    def dead(self) -> bool:
        """True only when it is certain: same host, and no such process any more."""
        if self.host != this_host():
            return False
        if self.start:
            return _start_of(self.pid) != self.start
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False

    def __str__(self) -> str:
        return f"{self.pid}-{self.start}@{self.host}"

    @classmethod
    def parse(cls, text: str) -> Holder:
        """Inverse of ``str``; ``ValueError`` on other text."""
        process, _, host = text.partition("@")
        pid, _, start = process.partition("-")
        return cls(host, int(pid), start)
