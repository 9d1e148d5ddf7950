"""The typed details of events about holds and disposals: ids, digests and counts. Reasons stand in their rows."""

from __future__ import annotations

from dataclasses import dataclass

from bodyworn.domain.counting import counted
from bodyworn.domain.event_details import EventDetail


@dataclass(frozen=True)
class HoldPlaced(EventDetail):
    """``subject`` has to be kept, and with it ``recordings``."""

    subject: str
    recordings: tuple[str, ...]

    def more(self) -> str:
        """On what."""
        return self.subject


@dataclass(frozen=True)
class HoldEnded(EventDetail):
    """The hold on ``subject`` was released."""

    subject: str

    def more(self) -> str:
        """On what."""
        return self.subject


@dataclass(frozen=True)
class DisposalProposed(EventDetail):
    """``recordings`` should go by the stored rules file."""

    recordings: tuple[str, ...]
    objects: tuple[str, ...]

    def more(self) -> str:
        """How many."""
        return counted(len(self.recordings), "recording")


@dataclass(frozen=True)
class RecordingDisposed(EventDetail):
    """A recording went: ``gone_rows`` and ``gone_objects`` are no longer vouched for, and must not be there."""

    disposal: str
    gone_rows: tuple[str, ...]
    gone_objects: tuple[str, ...]

    def more(self) -> str:
        """By which disposal, and how much."""
        rows, files = counted(len(self.gone_rows), "row"), counted(len(self.gone_objects), "file")
        return f"{self.disposal}, {rows} and {files}"


@dataclass(frozen=True)
class DisposalDone(EventDetail):
    """All is gone; ``statement`` is the SHA-256 of what the certificate says, which is stored."""

    statement: str
    objects: tuple[str, ...]
