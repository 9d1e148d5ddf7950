"""What can be written in the audit log: tags, outcomes and the event itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from bodyworn.domain.actor import Person
from bodyworn.domain.codec import Json, JsonObject, from_json, omit_default, to_json


class Tag(StrEnum):
    """What happened. The noun first, then the act in the past tense."""

    LIBRARY_CREATED = "library.created"
    LIBRARY_MOVED = "library.moved"
    LIBRARY_BACKED_UP = "library.backed_up"
    LIBRARY_RESTORED = "library.restored"
    LIBRARY_DRILLED = "library.drilled"
    RECORDING_INGESTED = "recording.ingested"
    RECORDING_DUPLICATE = "recording.duplicate"
    RECORDING_REFUSED = "recording.refused"
    RECORDING_VIEWED = "recording.viewed"
    RECORDINGS_LISTED = "recordings.listed"
    RECORDINGS_VERIFIED = "recordings.verified"
    SIDECAR_KEPT = "sidecar.kept"
    ENCOUNTER_JOINED = "encounter.joined"
    ENCOUNTER_SPLIT = "encounter.split"
    ENCOUNTER_PROPOSAL_DECLINED = "encounter.proposal_declined"
    ENCOUNTER_EDITED = "encounter.edited"
    ENCOUNTER_SYNCHRONIZED = "encounter.synchronized"
    ENCOUNTER_VIEWED = "encounter.viewed"
    ENCOUNTERS_LISTED = "encounters.listed"
    ENCOUNTERS_IMPORTED = "encounters.imported"
    HOLD_PLACED = "hold.placed"
    HOLD_RELEASED = "hold.released"
    HOLDS_LISTED = "holds.listed"
    RETENTION_PLANNED = "retention.planned"
    DISPOSAL_PROPOSED = "disposal.proposed"
    DISPOSAL_APPROVED = "disposal.approved"
    DISPOSAL_WITHDRAWN = "disposal.withdrawn"
    DISPOSAL_BEGUN = "disposal.begun"
    DISPOSAL_FINISHED = "disposal.finished"
    DISPOSALS_VIEWED = "disposals.viewed"
    RECORDING_DISPOSED = "recording.disposed"
    FINDINGS_MADE = "findings.made"
    FINDINGS_FAILED = "findings.failed"
    CHOICE_MADE = "choice.made"
    AUDIT_LOG_VIEWED = "audit_log.viewed"
    AUDIT_LOG_VERIFIED = "audit_log.verified"
    AUDIT_LOG_KEY_ROTATED = "audit_log.key_rotated"
    AUDIT_LOG_CHECKPOINTS_MOVED = "audit_log.checkpoints_moved"
    CLOCK_SET_BACK = "clock.set_back"
    RELEASE_MADE = "release.made"
    RELEASE_OPENED = "release.opened"
    RELEASE_LEAKS_REVIEWED = "release.leaks_reviewed"
    RELEASE_APPROVED = "release.approved"
    RELEASE_PUBLISHED = "release.published"
    RELEASE_WITHDRAWN = "release.withdrawn"
    RELEASES_VIEWED = "releases.viewed"
    REDACTION_PROPOSED = "redaction.proposed"
    REDACTION_IMPORTED = "redaction.imported"
    REDACTION_EDITED = "redaction.edited"
    REDACTION_PREVIEWED = "redaction.previewed"
    REDACTION_RENDERED = "redaction.rendered"
    REDACTION_CHECKED = "redaction.checked"
    REDACTION_EXPORTED = "redaction.exported"
    REDACTIONS_LISTED = "redactions.listed"
    REDACTIONS_VIEWED = "redactions.viewed"
    RECORDING_ASSIGNED = "recording.assigned"
    RESTRICTION_CHANGED = "restriction.changed"
    RESTRICTIONS_LISTED = "restrictions.listed"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_CREDENTIAL_SET = "account.credential_set"
    PEOPLE_LISTED = "people.listed"
    SESSION_OPENED = "session.opened"
    SESSION_PROVED = "session.proved"
    SESSION_ENDED = "session.ended"
    ACCESS_DENIED = "access.denied"


class Outcome(StrEnum):
    """How it ended."""

    OK = "ok"
    FAILED = "failed"
    REFUSED = "refused"
    DENIED = "denied"


@dataclass(frozen=True)
class Event:
    """One entry of the audit log, as CJIS AU-3 asks: what, when, where, source, outcome, subject and object.

    ``detail`` holds JSON values as they are stored: ids and digests rather than names, never words from a transcript;
    :func:`bodyworn.domain.event_kinds.detail_of` gives it typed. ``session`` and ``stated_name`` are those of the
    :class:`~bodyworn.domain.actor.Actor`, left out where empty.
    """

    seq: int
    at: datetime
    tag: str
    actor: str
    node: str
    source: str
    outcome: str
    object: str
    detail: JsonObject = field(default_factory=dict)
    session: str = field(default="", metadata=omit_default())
    stated_name: str = field(default="", metadata=omit_default())

    @property
    def person(self) -> Person:
        """What is known of who acted."""
        return Person.recorded(self.actor, self.stated_name)

    def to_json(self) -> dict[str, Json]:
        """The body of the row, before it is made canonical."""
        return to_json(self)

    @classmethod
    def from_json(cls, untrusted: Json) -> Event:
        """Inverse of :meth:`to_json`; ``ValueError`` on other shapes."""
        return from_json(cls, untrusted)


def now() -> datetime:
    """The time, in UTC, to the millisecond."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def stamp(at: datetime) -> str:
    """``at`` as ISO 8601 in UTC with milliseconds; ``ValueError`` if it does not know its zone."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
