"""The typed details of events about a library as a whole: moved, backed up, restored, drilled."""

from __future__ import annotations

from dataclasses import dataclass, field

from bodyworn.domain.codec import omit_default
from bodyworn.domain.counting import counted
from bodyworn.domain.event_details import EventDetail


@dataclass(frozen=True)
class LibraryMoved(EventDetail):
    """All rows were copied to a database of another kind; the record had ``rows`` rows, the newest with hash ``head``.

    ``sha256`` is over the digests of all tables.
    """

    was: str
    now: str
    rows: int
    head: str
    sha256: str

    def more(self) -> str:
        """From where to where."""
        return f"from {self.was} to {self.now}, {counted(self.rows, 'row')}"


@dataclass(frozen=True)
class LibraryBackedUp(EventDetail):
    """A backup was made of the first ``rows`` rows; ``new`` of its stored ``files`` were not there before.

    ``damaged`` files were not as they were, and are not in it.
    """

    backup: str
    rows: int
    head: str
    files: int
    new: int
    damaged: int
    keys: bool = field(default=False, metadata=omit_default())

    def more(self) -> str:
        """Which, and how much."""
        return f"{self.backup}, {counted(self.files, 'stored file')}"


@dataclass(frozen=True)
class LibraryRestored(EventDetail):
    """The library was made from a backup, whose record had ``rows`` rows and the newest the hash ``head``."""

    backup: str
    rows: int
    head: str

    def more(self) -> str:
        """From which."""
        return self.backup


@dataclass(frozen=True)
class LibraryDrilled(EventDetail):
    """It was tried whether a library can be restored from a backup; ``faults`` stood against it."""

    backup: str
    files: int
    faults: int

    def more(self) -> str:
        """Which, and what was found."""
        return f"{self.backup}, {counted(self.files, 'stored file')} read, {counted(self.faults, 'fault')}"
