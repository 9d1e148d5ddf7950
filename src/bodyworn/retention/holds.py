"""Legal holds of a library: place, release, list, get. A hold wins over every rule."""

from __future__ import annotations

from collections.abc import Sequence

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.encounter import PREFIX
from bodyworn.domain.errors import Code, NotFound
from bodyworn.domain.event import Tag
from bodyworn.domain.event_details import Viewed
from bodyworn.domain.recording import shown_name
from bodyworn.domain.retention import LegalHold
from bodyworn.domain.visibility import Thing
from bodyworn.domain.written import written
from bodyworn.encounters.service import Encounters
from bodyworn.recordings.service import Recordings
from bodyworn.retention.ledger import RetentionLedger


class Holds:
    """The legal holds of one library."""

    def __init__(
        self,
        ledger: RetentionLedger,
        audit_log: AuditLog,
        access: Access,
        recordings: Recordings,
        encounters: Encounters,
    ) -> None:
        self._ledger, self._audit_log, self._access = ledger, audit_log, access
        self._recordings, self._encounters = recordings, encounters

    def place(self, text: str, reason: str, holder: str) -> LegalHold:
        """Keep the recording or the encounter that ``text`` names, whatever the rules say, until the hold is released.

        ``reason`` says why, ``holder`` for whom: a case, a court, a desk.
        """
        self._access.require("holds.place")
        kept = written(reason, "the reason of the hold"), written(holder, "the holder of the hold")
        if text.lower().startswith(PREFIX):
            encounter = self._encounters.get(text)
            subject, recordings = encounter.id, [member.recording for member in encounter.members]
        else:
            subject = self._recordings.get(text).id
            recordings = [subject]
        placed = self._ledger.place(subject, recordings, *kept)
        self._audit_log.seal()
        return placed

    def release(self, hold: LegalHold, why: str) -> LegalHold:
        """End a hold, with the reason."""
        self._access.require("holds.release", thing_of(hold))
        ended = self._ledger.release(hold, written(why, "the reason to end the hold"))
        self._audit_log.seal()
        return ended

    def list(self) -> Sequence[LegalHold]:
        """All holds that the actor may see, oldest first, those that ended too."""
        self._access.require("holds.list")
        return self._access.only("holds.list", self._ledger.holds(), thing_of)

    def get(self, text: str) -> LegalHold:
        """The one hold whose id starts with ``text``; else :class:`NotFound`."""
        self._access.require("holds.get")
        start = text.lower()
        found = [one for one in self._ledger.holds() if start and one.id.startswith(start)]
        seen = self._access.named("holds.get", found, thing_of)
        if len(seen) == 1:
            return seen[0]
        how = "no hold has an ID that starts" if not seen else f"{len(seen)} holds have an ID that starts"
        what = f"{how} with {shown_name(text)!r}"
        raise NotFound(what, "Take an ID from the list of holds", Code.NOT_FOUND, noun="hold")

    def listed(self, count: int) -> None:
        """Write that the list was looked at."""
        self._audit_log.append(Tag.HOLDS_LISTED, "holds", Viewed(count=count))


def thing_of(hold: LegalHold) -> Thing:
    """The hold as the policy sees it."""
    return Thing("holds", hold.id, {"subject": hold.subject, "recording_id": hold.recordings})
