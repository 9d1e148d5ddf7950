"""Reads of redactions: what a page or a command shows. Reading writes no event; the service does when it is shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.codec import from_json
from bodyworn.domain.errors import Code, CustodyError, NotFound
from bodyworn.domain.event import Event
from bodyworn.domain.recording import Recording, shown_name
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.visibility import EVERYTHING, Visibility
from bodyworn.recordings.service import Recordings
from bodyworn.redactions.history import PlanChange, PlanCounts, PlanVersion, Redaction, latest
from bodyworn.redactions.plan_files import parse_plan
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.objects.local import LocalObjects
from bodyworn.storage.rows import redactions as rows


@dataclass(frozen=True)
class RedactionView:
    """One redaction as it is shown: the recording it belongs to, its versions, and the plan of the newest one."""

    recording: Recording
    redaction: Redaction
    plan: Plan


class RedactionQueries:
    """Looks redactions up in one library."""

    def __init__(self, database: Database, objects: LocalObjects, audit_log: AuditLog, recordings: Recordings) -> None:
        self._database, self._objects, self._audit_log, self._recordings = database, objects, audit_log, recordings

    def list(self, recording: Recording | None = None, visible: Visibility = EVERYTHING) -> Sequence[Redaction]:
        """All redactions that are visible, or those of one recording, oldest first."""
        with self._database.read() as transaction:
            return _with_plans(transaction, rows.every(transaction, recording.id if recording else None, visible))

    def get(self, text: str) -> Redaction:
        """The one redaction whose id starts with ``text``, or the last changed one of the recording it names.

        :class:`NotFound` if there is none, or if several could be meant.
        """
        with self._database.read() as transaction:
            found = _with_plans(transaction, rows.matching(transaction, text)) if text else ()
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFound(f"{len(found)} redactions have an ID that starts with {text!r}", "Give more of the ID")
        return self.newest_of(self._recording(text))

    def newest_of(self, recording: Recording) -> Redaction:
        """The redaction of ``recording`` that was changed last; :class:`NotFound` if it has none."""
        found = self.list(recording)
        if not found:
            raise NotFound(
                f"{recording.name} has no redaction yet",
                "Plan one first",
                Code.REDACTION_MISSING,
                recording=recording.id,
            )
        return latest(found)

    def _recording(self, text: str) -> Recording:
        try:
            return self._recordings.get(text)
        except NotFound as error:
            if error.code is Code.DISPOSED:
                raise
            raise NotFound(
                f"no redaction and no recording matches {shown_name(text)!r}",
                "Give the ID of a redaction, or a recording",
                Code.NOT_FOUND,
                noun="redaction",
            ) from None

    def recording_of(self, redaction: Redaction) -> Recording:
        """The recording a redaction belongs to."""
        return self._recordings.get(redaction.recording_id)

    def plan(self, redaction: Redaction, version: int | None = None) -> Plan:
        """The plan of a redaction, of its newest version if none is named.

        :class:`NotFound` if there is no such version; :class:`CustodyError` if the stored plan is gone or changed.
        """
        one = next((one for one in redaction.versions if version in (None, one.version)), None)
        if version is None:
            one = redaction.newest
        if one is None:
            raise NotFound(f"{redaction.id} has no version {version}", f"It has 1 to {redaction.newest.version}")
        if (fault := self._objects.faults(one.plan_sha256, lambda _done, _total: None)) is not None:
            raise CustodyError(f"the stored plan of {redaction.id} {fault}", "Restore it from the backup")
        return parse_plan(self._objects.path(one.plan_sha256).read_bytes())

    def view(self, redaction: Redaction) -> RedactionView:
        """Everything about one redaction that a page shows."""
        return RedactionView(self.recording_of(redaction), redaction, self.plan(redaction))

    def events(self, redaction: Redaction) -> Sequence[Event]:
        """What was done with a redaction, from the audit log, oldest first."""
        return [event for event, _ in self._audit_log.about(redaction.id)]


def _with_plans(transaction: Transaction, found: Sequence[rows.RedactionRow]) -> tuple[Redaction, ...]:
    plans: dict[str, list[PlanVersion]] = defaultdict(list)
    for row in rows.plans_of(transaction, [one.id for one in found]):
        plans[row.redaction_id].append(_version(row))
    return tuple(
        Redaction(row.id, row.recording_id, row.made_by, datetime.fromisoformat(row.made_at), tuple(plans[row.id]))
        for row in found
    )


def _version(row: rows.PlanRow) -> PlanVersion:
    return PlanVersion(
        version=row.version,
        plan_sha256=row.plan_sha256,
        made_by=row.made_by,
        made_at=datetime.fromisoformat(row.made_at),
        change=from_json(PlanChange, json.loads(row.change)),
        counts=from_json(PlanCounts, json.loads(row.counts)),
    )
