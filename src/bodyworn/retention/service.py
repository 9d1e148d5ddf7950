"""What the rules of retention say of the recordings of a library: a dry run that changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.event import Tag, now
from bodyworn.domain.event_details import Viewed
from bodyworn.domain.release import ReleaseState
from bodyworn.domain.retention import RetentionEntry, RetentionRules, RetentionState
from bodyworn.encounters.service import Encounters
from bodyworn.recordings.service import Recordings
from bodyworn.releases.service import Releases
from bodyworn.retention.erasing import Belongings, belongings
from bodyworn.retention.ledger import RetentionLedger
from bodyworn.retention.schedule import schedule
from bodyworn.storage.databases.base import Database
from bodyworn.storage.objects.local import LocalObjects

_FINISHED = (ReleaseState.PUBLISHED, ReleaseState.WITHDRAWN)


class Retention:
    """The rules of retention over one library."""

    def __init__(
        self,
        database: Database,
        objects: LocalObjects,
        audit_log: AuditLog,
        access: Access,
        recordings: Recordings,
        encounters: Encounters,
        releases: Releases,
    ) -> None:
        self._database, self._objects, self._audit_log, self._access = database, objects, audit_log, access
        self._recordings, self._encounters, self._releases = recordings, encounters, releases
        self._ledger = RetentionLedger(database, audit_log)

    def plan(self, rules: RetentionRules) -> Sequence[RetentionEntry]:
        """What would go by the rules today, and why, with what is kept, and why; those due come first.

        Nothing changes, but that it was asked is an event.
        """
        self._access.require("retention.plan")
        sheets = {
            member.recording: sheet
            for encounter, sheet in self._encounters.every_sheet()
            for member in encounter.members
        }
        entries = schedule(self._recordings.list(), sheets, rules, self._ledger.held(), now())
        due = [one.recording for one in entries if one.state is RetentionState.DUE]
        with self._database.read() as transaction:
            found = belongings(transaction, due)
        unfinished = self._unfinished()
        told = [
            self._with_what_goes(one, found[one.recording], unfinished[one.recording], rules)
            if one.recording in found
            else one
            for one in entries
        ]
        self._audit_log.append(Tag.RETENTION_PLANNED, "retention", Viewed(count=len(told)))
        order = list(RetentionState)
        return sorted(told, key=lambda one: order.index(one.state))

    def _with_what_goes(
        self, entry: RetentionEntry, found: Belongings, unfinished: Sequence[str], rules: RetentionRules
    ) -> RetentionEntry:
        notes = [*entry.notes, *(f"the release {one} of it is not finished, and goes too" for one in unfinished)]
        fate = "stays" if rules.keeps_published else "goes"
        notes += [f"{one} was published; the library's copy of its package {fate}" for one in found.published]
        return replace(entry, notes=tuple(notes), goes=found.counts(self._objects))

    def _unfinished(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for release in self._releases.list():
            if release.state not in _FINISHED:
                found[release.recording_id].append(release.id)
        return found
