"""What the pages stand on: the queries and acts of each noun, together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bodyworn.access.sessions import Caller, current_caller
from bodyworn.domain.actor import Actor
from bodyworn.web.accounts.desk import WAY, Accounts
from bodyworn.web.encounters.queries import EncounterQueries, LibraryEncounters
from bodyworn.web.findings.queries import FindingQueries, LibraryFindings
from bodyworn.web.recordings.acts import LibraryRecordingActs, RecordingActs
from bodyworn.web.recordings.queries import LibraryRecordings, RecordingQueries
from bodyworn.web.security.acts import AccessActs, LibraryAccessActs

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library


@dataclass(frozen=True)
class Workbench:
    """Queries read, acts write; a route asks for the noun that it shows. ``name`` is the library's, for people.

    ``accounts`` is where people sign in; ``None`` where there is nothing but the local link.
    """

    name: str
    recordings: RecordingQueries
    recording_acts: RecordingActs
    encounters: EncounterQueries
    findings: FindingQueries
    access_acts: AccessActs
    accounts: Accounts | None = None


def workbench_over(library: Library) -> Workbench:
    """The workbench over a real library."""

    @lru_cache(maxsize=256)
    def called_by(caller: Caller) -> Library:
        """The library for that caller; without an account, for the one person at this machine."""
        here = library.audit_log.actor
        if caller.account:
            return library.acting(Actor(caller.account, here.node, WAY, session=caller.session))
        return library.acting(replace(here, source=WAY, session=caller.session))

    def acting() -> Library:
        """The library for the person of the request at hand."""
        return called_by(current_caller.get())

    return Workbench(
        library.name,
        LibraryRecordings(acting),
        LibraryRecordingActs(acting, called_by),
        LibraryEncounters(acting),
        LibraryFindings(lambda: acting().findings),
        LibraryAccessActs(acting),
        Accounts(library.people.any, library.sign_in, library.settings.use_notice),
    )
