"""Who has a library open: each process shares a lock on its folder, and who must be alone asks for it whole.

The system lets go of the lock when a process ends, however it ends. Where the system or the disk has no such locks
(Windows, some network disks) nothing is held, and only the database's own lock is left.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderUse:
    """A share in the use of a folder, until it is closed. ``BlockingIOError`` where somebody else has it alone."""

    def __init__(self, folder: Path) -> None:
        self._handle = os.open(folder, os.O_RDONLY) if os.name != "nt" else None
        try:
            self._lock(alone=False)
        except BlockingIOError:
            self.close()
            raise

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Within it nobody else begins to use the folder; ``BlockingIOError`` where somebody uses it."""
        try:
            self._lock(alone=True)
            yield
        finally:
            self._lock(alone=False)

    def _lock(self, *, alone: bool) -> None:
        if self._handle is None:
            return
        import fcntl

        try:
            fcntl.flock(self._handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:  # a disk without such locks
            return

    def close(self) -> None:
        """Let go."""
        if self._handle is not None:
            os.close(self._handle)
        self._handle = None

    def __del__(self) -> None:
        self.close()
