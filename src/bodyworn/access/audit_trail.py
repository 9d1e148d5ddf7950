"""Reading the audit log: each look at it is an entry of its own."""

from __future__ import annotations

from collections.abc import Sequence

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.event import Event, Tag
from bodyworn.domain.event_details import Viewed
from bodyworn.domain.visibility import Thing
from bodyworn.storage.rows.audit import EVERY_EVENT, EventFilter


class AuditTrail:
    """The entries of the audit log of one library, for people."""

    def __init__(self, audit_log: AuditLog, access: Access) -> None:
        self._audit_log, self._access = audit_log, access

    def newest(self, count: int, which: EventFilter = EVERY_EVENT) -> Sequence[Event]:
        """The newest ``count`` entries that fit, newest first.

        The next page is ``which.page_before(seq)`` of the last entry.
        """
        self._access.require("audit_trail.newest")
        events = self._audit_log.newest(count, which)
        self._audit_log.append(Tag.AUDIT_LOG_VIEWED, "audit_log", Viewed(count=len(events)))
        return events

    def about(self, object_id: str) -> Sequence[tuple[Event, str]]:
        """All entries about one thing with their hashes in hex, oldest first."""
        self._access.require("audit_trail.about", Thing("audit_trail", object_id))
        found = self._audit_log.about(object_id)
        self._audit_log.append(Tag.AUDIT_LOG_VIEWED, object_id, Viewed(count=len(found)))
        return found
