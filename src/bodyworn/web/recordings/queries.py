"""What the pages read of recordings: the list, one by its id, its file, its entries in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bodyworn.domain.errors import Code, NotFound
from bodyworn.domain.event import Event
from bodyworn.domain.recording import Recording

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library


@dataclass(frozen=True)
class EventRow:
    """One entry of the audit log, as shown; ``hash`` is the chain's hex digest."""

    event: Event
    hash: str


class RecordingQueries(Protocol):
    """What the pages read of recordings."""

    def newest_first(self) -> Sequence[Recording]:
        """All recordings, newest first."""

    def by_id(self, recording_id: str) -> Recording:
        """The recording of that full id; ``NotFound`` otherwise."""

    def file_of(self, recording: Recording) -> Path:
        """The read-only original."""

    def events(self, recording: Recording) -> Sequence[EventRow]:
        """The entries of the audit log that name this recording, oldest first."""


class LibraryRecordings:
    """:class:`RecordingQueries` over a real library; ``acting`` gives it for the person of the request at hand."""

    def __init__(self, acting: Callable[[], Library]) -> None:
        self._acting = acting

    def newest_first(self) -> Sequence[Recording]:
        """All recordings, newest first."""
        return list(reversed(self._acting().recordings.list()))

    def by_id(self, recording_id: str) -> Recording:
        """The recording of that full id; names and beginnings of ids do not count in an address."""
        recording = self._acting().recordings.get(recording_id)
        if recording.id != recording_id:
            raise NotFound("No recording has this ID", "Look for it in the list", Code.NOT_FOUND, noun="recording")
        return recording

    def file_of(self, recording: Recording) -> Path:
        """The read-only original."""
        return self._acting().recordings.file_of(recording)

    def events(self, recording: Recording) -> Sequence[EventRow]:
        """The entries of the audit log about this recording, oldest first."""
        return [EventRow(event, digest) for event, digest in self._acting().audit_trail.about(recording.id)]
