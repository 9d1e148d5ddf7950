"""What a person does with recordings on the pages. Each act has a method of its own and writes its own event.

A page names the act it is: there is no default, so that a new page cannot write an event that is not true.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bodyworn.access.sessions import Caller
from bodyworn.domain.event import now
from bodyworn.domain.progress import no_progress
from bodyworn.domain.recording import Recording
from bodyworn.recordings.service import view_event

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
class SessionView:
    """How somebody in a session views a recording."""

    caller: Caller
    recording: Recording
    how: RecordingView


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

    def view_each(self, views: Sequence[SessionView]) -> None:
        """The same for views of several sessions at once: all of them are written, or none."""

    def view_list(self, count: int) -> None:
        """Write that the list of ``count`` recordings is viewed."""

    def check(self, recording: Recording) -> IntegrityCheck:
        """Check the stored file and the audit log now; written to the audit log."""


class LibraryRecordingActs:
    """:class:`RecordingActs` over a real library.

    ``acting`` gives it for the person of the request at hand, ``called_by`` for another caller.
    """

    def __init__(self, acting: Callable[[], Library], called_by: Callable[[Caller], Library]) -> None:
        self._acting, self._called_by = acting, called_by

    def view(self, recording: Recording, how: RecordingView) -> None:
        """Write that a recording is viewed."""
        self._acting().recordings.viewed(recording, how.value)

    def view_each(self, views: Sequence[SessionView]) -> None:
        """Write all views in one transaction, each by the actor of its session."""
        actors = [self._called_by(view.caller).audit_log.actor for view in views]
        news = [view_event(actor, view.recording, view.how.value) for actor, view in zip(actors, views, strict=True)]
        self._acting().audit_log.append_each(news)

    def view_list(self, count: int) -> None:
        """Write that the list is viewed."""
        self._acting().recordings.listed(count)

    def check(self, recording: Recording) -> IntegrityCheck:
        """Read the stored original again, then follow the whole audit log; two events."""
        library = self._acting()
        problem = library.recordings.check(recording)
        report = library.verify(no_progress, files=False)
        problems = (f"{recording.name}: {problem.what}",) if problem else ()
        return IntegrityCheck(now(), (*problems, *(str(fault) for fault in report.faults)), report.rows)
