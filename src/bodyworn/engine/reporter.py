"""How a run shows people what it does. Subclass and override what you show."""

from __future__ import annotations


class Reporter:
    """Shows nothing. Calls come from one thread."""

    def started(self, stage: str) -> None:
        """A stage began."""

    def progressed(self, stage: str, done: float, total: float, what: str) -> None:
        """A stage is ``done`` of ``total``, in its own unit."""

    def finished(self, stage: str, how: str) -> None:
        """A stage ended: ``made``, ``reused``, ``failed``, or why it was left out."""

    def waiting(self, pid: int, stage: str) -> None:
        """Another process is at this recording; we wait for it."""

    def lost(self, stage: str, how: str) -> None:
        """The process at a stage died; the stage is run again."""
