"""What a person does with recordings on the pages. Each act has a method of its own and writes its own event.

A page names the act it is: there is no default, so that a new page cannot write an event that is not true.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bodyworn.domain.event import now
from bodyworn.domain.progress import no_progress
from bodyworn.domain.recording import Recording

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library


class RecordingView(StrEnum):
    """How a recording is viewed, as the event ``recording.viewed`` has it under ``how``."""

    OPENED = "opened"
    STREAMED = "streamed"
    DOWNLOADED = "downloaded"
    CUSTODY = "custody"
    CUSTODY_EXPORTED = "custody_exported"
    FACTS = "facts"


@dataclass(frozen=True)
class IntegrityCheck:
    """Outcome of checking a recording: the stored file against its digests, and the audit log against its chain.

    ``problems`` are sentences; empty means that both are verified.
    """

    at: datetime
    problems: tuple[str, ...]
    events_checked: int


class RecordingActs(Protocol):
    """What a person does with recordings."""

    def view(self, recording: Recording, how: RecordingView) -> None:
        """Write that a recording is viewed; before anything of it is shown."""

    def view_list(self, count: int) -> None:
        """Write that the list of ``count`` recordings is viewed."""

    def check(self, recording: Recording) -> IntegrityCheck:
        """Check the stored file and the audit log now; written to the audit log."""


class LibraryRecordingActs:
    """:class:`RecordingActs` over a real library; ``acting`` gives it for the person of the request at hand."""

    def __init__(self, acting: Callable[[], Library]) -> None:
        self._acting = acting

    def view(self, recording: Recording, how: RecordingView) -> None:
        """Write that a recording is viewed."""
        library = self._acting()
        library.recordings.viewed(recording, how.value)
        library.audit_log.seal(always=False)

    def view_list(self, count: int) -> None:
        """Write that the list is viewed."""
        library = self._acting()
        library.recordings.listed(count)
        library.audit_log.seal(always=False)

    def check(self, recording: Recording) -> IntegrityCheck:
        """Read the stored original again, then follow the whole audit log; two events."""
        library = self._acting()
        problem = library.recordings.check(recording)
        report = library.verify(no_progress, files=False)
        problems = (f"{recording.name}: {problem.what}",) if problem else ()
        return IntegrityCheck(now(), (*problems, *(str(fault) for fault in report.faults)), report.rows)
