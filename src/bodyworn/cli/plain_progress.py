"""Progress as plain lines, where there is no terminal for a bar."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bodyworn.domain.span import length

#: Seconds between two lines.
EVERY_S = 30.0


class PlainProgress:
    """A :data:`~bodyworn.domain.progress.Progress` that says every half minute how far the work is, and what is left.

    What is left is told from the pace of the part that is going on: work that begins again at 0 is another part.
    """

    def __init__(self, stage: str, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._stage, self._tell, self._clock = stage, tell, clock
        self._told_at = self._began_at = clock()
        self._began, self._done = 0.0, 0.0

    def __call__(self, done: float, total: float, what: str) -> None:
        """Tell it if it is time to."""
        now = self._clock()
        if done < self._done:
            self._began_at, self._began = now, done
        self._done = done
        if now - self._told_at >= EVERY_S:
            self._told_at = now
            self._tell(f"{self._stage}: {self._so_far(now, done, total, what)}")

    def _so_far(self, now: float, done: float, total: float, what: str) -> str:
        name = f"{what} " if what else ""
        if not total:
            return f"{name}at work"
        percent = f"{name}{100 * min(done, total) / total:.0f} %"
        pace = (done - self._began) / (now - self._began_at) if now > self._began_at else 0
        return f"{percent}, about {length(round(1000 * max(0, total - done) / pace))} left" if pace > 0 else percent


@contextmanager
def heard_of(
    what: Callable[[], str], tell: Callable[[str], None], every_s: float = EVERY_S
) -> Iterator[Callable[[str], None]]:
    """A ``tell`` to use within it; where nothing was told for ``every_s``, it is told that ``what`` is still going on.

    So a log shows that work which cannot say how far it is has not died.
    """
    began = last = time.monotonic()
    ended = threading.Event()

    def noted(text: str) -> None:
        nonlocal last
        last = time.monotonic()
        tell(text)

    def watch() -> None:
        while not ended.wait(max(0.0, last + every_s - time.monotonic())):
            if time.monotonic() >= last + every_s:
                noted(f"{what()}: still at work after {length(round(1000 * (time.monotonic() - began)))}")

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield noted
    finally:
        ended.set()
        watcher.join()
