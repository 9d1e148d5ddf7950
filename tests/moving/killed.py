"""Ends a process by SIGKILL at a step of its work: where it opens, names or removes a file, or connects to SQLite."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

STEPS = {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "sqlite3.connect", "shutil.copyfile"}


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Run ``act`` in a copy of this process that is killed before that step; whether it was, or ended before."""
    child = os.fork()
    if child == 0:
        left = step

        def hook(event: str, _: tuple[object, ...]) -> None:
            nonlocal left
            if event in STEPS:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(hook)
            act()
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "the act failed"
    return False
