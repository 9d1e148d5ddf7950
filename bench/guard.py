"""No measure writes under ``src``: such a write is refused while it happens."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_EVENTS = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate"}


class WriteUnderSources(RuntimeError):
    """A measure tried to change the product's sources."""


def refuse_writes(folder: Path) -> None:
    """From now on, for as long as the process lives, nothing under ``folder`` is opened for writing, moved or removed.

    Compiled modules are left out: Python itself writes these.
    """
    guarded = os.path.realpath(folder) + os.sep

    def inside(path: object) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        real = os.path.realpath(os.fsdecode(path))
        return real.startswith(guarded) and "__pycache__" not in real

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            written = isinstance(flags, int) and bool(flags & _WRITES) and inside(path)
        else:
            written = event in _EVENTS and any(inside(path) for path in arguments[:2])
        if written:
            raise WriteUnderSources(f"a measure may not write here: {arguments[0]!r}")

    sys.addaudithook(hook)
