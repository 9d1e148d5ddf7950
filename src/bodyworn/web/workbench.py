"""What the pages stand on: the queries and acts of each noun, together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bodyworn.access.sessions import current_session
from bodyworn.web.encounters.queries import EncounterQueries, LibraryEncounters
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
    encounters: EncounterQueries
    findings: FindingQueries
    access_acts: AccessActs


def workbench_over(library: Library) -> Workbench:
    """The workbench over a real library."""

    @lru_cache(maxsize=64)
    def in_session(session: str) -> Library:
        """The library for the one person at this machine, in that session."""
        return library.acting(replace(library.audit_log.actor, source="web", session=session))

    def acting() -> Library:
        """The library for the person of the request at hand."""
        return in_session(current_session.get())

    return Workbench(
        library.name,
        LibraryRecordings(acting),
        LibraryRecordingActs(acting, in_session),
        LibraryEncounters(acting),
        LibraryFindings(lambda: acting().findings),
        LibraryAccessActs(acting),
    )
