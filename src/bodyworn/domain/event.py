"""What can be written in the audit log: tags, outcomes and the event itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Tag(StrEnum):
    """What happened. The noun first, then the act in the past tense."""

    LIBRARY_CREATED = "library.created"
    RECORDING_INGESTED = "recording.ingested"
    RECORDING_DUPLICATE = "recording.duplicate"
    RECORDING_REFUSED = "recording.refused"
    RECORDING_VIEWED = "recording.viewed"
    RECORDINGS_LISTED = "recordings.listed"
    RECORDINGS_VERIFIED = "recordings.verified"
    SIDECAR_KEPT = "sidecar.kept"
    FINDINGS_MADE = "findings.made"
    FINDINGS_FAILED = "findings.failed"
    CHOICE_MADE = "choice.made"
    AUDIT_LOG_VIEWED = "audit_log.viewed"
    AUDIT_LOG_VERIFIED = "audit_log.verified"
    RELEASE_MADE = "release.made"
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
    SESSION_OPENED = "session.opened"
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

    ``detail`` holds JSON values only, ids and digests rather than names, never words from a transcript.
    """

    seq: int
    at: datetime
    tag: str
    actor: str
    node: str
    source: str
    outcome: str
    object: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The body of the row, before it is made canonical."""
        return {
            "seq": self.seq,
            "at": stamp(self.at),
            "tag": self.tag,
            "actor": self.actor,
            "node": self.node,
            "source": self.source,
            "outcome": self.outcome,
            "object": self.object,
            "detail": dict(self.detail),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Event:
        """Inverse of :meth:`to_json`; ``KeyError`` or ``ValueError`` on other shapes."""
        return cls(
            seq=data["seq"],
            at=datetime.fromisoformat(data["at"]),
            tag=data["tag"],
            actor=data["actor"],
            node=data["node"],
            source=data["source"],
            outcome=data["outcome"],
            object=data["object"],
            detail=data["detail"],
        )


def now() -> datetime:
    """The time, in UTC, to the millisecond."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def stamp(at: datetime) -> str:
    """``at`` as ISO 8601 in UTC with milliseconds; ``ValueError`` if it does not know its zone."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
