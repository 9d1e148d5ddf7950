"""What a child process may use, and the watch that ends it when its time is up."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a child may use: processor seconds, wall seconds, bytes of address space, bytes in one written file.

    ``stall_seconds`` is how long it may work without a line of progress; 0 leaves that out. ``answer_chars`` are the
    characters of one line that it says, at most: a plan of a long day has a tenth of that.
    """

    cpu_seconds: int
    wall_seconds: float
    memory_bytes: int
    file_bytes: int = 0
    stall_seconds: float = 0
    answer_chars: int = 512 << 20


class Watch:
    """Ends a child whose time is up: all of it, or that without progress."""

    def __init__(self, child: subprocess.Popen[str], limits: Limits) -> None:
        self.child, self._limits = child, limits
        self._end = time.monotonic() + limits.wall_seconds
        self._over = threading.Event()
        self.late = self.stalled = False
        self.moved()

    def moved(self) -> None:
        """There was progress."""
        stall = self._limits.stall_seconds
        self._due = time.monotonic() + stall if stall else self._end

    def run(self) -> None:
        """Wait until the child is over, and end it when it is due."""
        while not self._over.wait(max(0.0, min(self._end, self._due) - time.monotonic())):
            now = time.monotonic()
            if now >= min(self._end, self._due):
                self.late, self.stalled = now >= self._end, now < self._end
                self.child.kill()
                return

    def over(self) -> None:
        """The child has ended."""
        self._over.set()


@contextmanager
def watched(child: subprocess.Popen[str], limits: Limits) -> Iterator[Watch]:
    """The child ends with the block, or when its time is up."""
    watch = Watch(child, limits)
    thread = threading.Thread(target=watch.run, daemon=True)
    try:
        thread.start()
        yield watch
    finally:
        watch.over()
        child.kill()
        child.wait()
        if thread.ident is not None:
            thread.join()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
