"""What the pages stand on: the queries and acts of each noun, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.web.findings.queries import FindingQueries, LibraryFindings
from bodyworn.web.recordings.acts import LibraryRecordingActs, RecordingActs
from bodyworn.web.recordings.queries import LibraryRecordings, RecordingQueries
from bodyworn.web.security.acts import AccessActs, LibraryAccessActs

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library


@dataclass(frozen=True)
class Workbench:
    """Queries read, acts write; a route asks for the noun that it shows. ``name`` is the library's, for people."""

    name: str
    recordings: RecordingQueries
    recording_acts: RecordingActs
    findings: FindingQueries
    access_acts: AccessActs


def workbench_over(library: Library) -> Workbench:
    """The workbench over a real library."""

    def acting() -> Library:
        """The library for the person of the request at hand: the one person at this machine."""
        return library

    return Workbench(
        library.name,
        LibraryRecordings(library.recordings, library.audit_log),
        LibraryRecordingActs(acting),
        LibraryFindings(library.findings),
        LibraryAccessActs(acting),
    )
