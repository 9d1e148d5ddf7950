"""How long work reports how far it is."""

from __future__ import annotations

from collections.abc import Callable

#: ``progress(done, total, what)``: done and total in the work's own unit, total 0 where it is not known yet.
Progress = Callable[[float, float, str], None]


def no_progress(done: float, total: float, what: str) -> None:
    """A :data:`Progress` that shows nothing."""


def part_of(progress: Progress, what: str) -> Progress:
    """``progress`` for one part of longer work, which is called ``what``: parts go at a pace of their own."""
    return lambda done, total, _what: progress(done, total, what)
