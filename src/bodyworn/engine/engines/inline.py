"""The engine that works in this very process, one task after the other: for tests and for small machines."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from bodyworn.engine.task import Progressed, Task, TaskEvent, carry_out


class InlineEngine:
    """Runs a task when it is asked what happened. Progress comes after the fact."""

    workers = 1

    def __init__(self) -> None:
        self._tasks: deque[Task] = deque()

    def start(self, task: Task) -> None:
        """Take the task."""
        self._tasks.append(task)

    def events(self, seconds: float) -> Iterator[TaskEvent]:  # noqa: ARG002 - it never waits
        """Do the next task, then report it."""
        while self._tasks:
            yield from _done(self._tasks.popleft())

    def close(self) -> None:
        """Forget tasks that were not begun."""
        self._tasks.clear()


def _done(task: Task) -> list[TaskEvent]:
    reported: list[TaskEvent] = []

    def progress(done: float, total: float, what: str) -> None:
        reported[:] = [Progressed(task.key, done, total, what)]

    end = carry_out(task, progress)
    return [*reported, end]
