"""The kinds of events: for each tag the shape of its detail and a plain sentence for people.

To add one: a tag in :class:`~bodyworn.domain.event.Tag`, a dataclass in :mod:`~bodyworn.domain.event_details` unless
one fits, and a line in :data:`KINDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bodyworn.domain.codec import Json, from_json, plain, to_json
from bodyworn.domain.encounter_events import (
    EncounterEdited,
    EncounterJoined,
    EncounterProposalDeclined,
    EncountersImported,
    EncounterSplit,
    EncounterSynchronized,
)
from bodyworn.domain.event import Event, Outcome, Tag
from bodyworn.domain.event_details import (
    AccessDenied,
    AuditLogVerified,
    CheckpointsMoved,
    ChoiceMade,
    ClockSetBack,
    EventDetail,
    FindingsFailed,
    FindingsMade,
    Ingested,
    IngestRefused,
    KeyRotated,
    LibraryCreated,
    OtherDetail,
    RecordingsVerified,
    RedactionChanged,
    RedactionChecked,
    RedactionRendered,
    RedactionShown,
    ReleaseActed,
    ReleaseMade,
    ReleaseOpened,
    ReleasePublished,
    SidecarKept,
    Viewed,
)
from bodyworn.domain.library_events import LibraryBackedUp, LibraryDrilled, LibraryMoved, LibraryRestored
from bodyworn.domain.people_events import AccountChanged, CredentialSet, SessionChanged
from bodyworn.domain.restriction import RestrictionChanged, UnitAssigned
from bodyworn.domain.retention_events import DisposalDone, DisposalProposed, HoldEnded, HoldPlaced, RecordingDisposed

#: Key under which the audit log adds name and digest of the rows that go with an event.
EVIDENCE = "evidence"


@dataclass(frozen=True)
class EventKind:
    """A tag, the shape of its detail and its label: what happened, as a person would say it."""

    tag: Tag
    detail: type[EventDetail]
    label: str


KINDS: Mapping[str, EventKind] = {
    kind.tag.value: kind
    for kind in (
        EventKind(Tag.LIBRARY_CREATED, LibraryCreated, "Library created"),
        EventKind(Tag.LIBRARY_MOVED, LibraryMoved, "Library moved to another database"),
        EventKind(Tag.LIBRARY_BACKED_UP, LibraryBackedUp, "Library backed up"),
        EventKind(Tag.LIBRARY_RESTORED, LibraryRestored, "Library restored from a backup"),
        EventKind(Tag.LIBRARY_DRILLED, LibraryDrilled, "Restoring a backup tried out"),
        EventKind(Tag.RECORDING_INGESTED, Ingested, "Recording taken into custody"),
        EventKind(Tag.RECORDING_DUPLICATE, EventDetail, "Recording presented again; it was in custody already"),
        EventKind(Tag.RECORDING_REFUSED, IngestRefused, "File refused"),
        EventKind(Tag.RECORDING_VIEWED, Viewed, "Recording viewed"),
        EventKind(Tag.RECORDINGS_LISTED, Viewed, "List of recordings viewed"),
        EventKind(Tag.RECORDINGS_VERIFIED, RecordingsVerified, "Originals checked"),
        EventKind(Tag.SIDECAR_KEPT, SidecarKept, "Sidecar stored with the recording"),
        EventKind(Tag.ENCOUNTER_JOINED, EncounterJoined, "Encounters joined"),
        EventKind(Tag.ENCOUNTER_SPLIT, EncounterSplit, "Encounter split"),
        EventKind(Tag.ENCOUNTER_PROPOSAL_DECLINED, EncounterProposalDeclined, "Proposal to join encounters declined"),
        EventKind(Tag.ENCOUNTER_EDITED, EncounterEdited, "Facts of an encounter stated"),
        EventKind(Tag.ENCOUNTER_SYNCHRONIZED, EncounterSynchronized, "Recordings of an encounter put in step"),
        EventKind(Tag.ENCOUNTER_VIEWED, Viewed, "Encounter viewed"),
        EventKind(Tag.ENCOUNTERS_LISTED, Viewed, "List of encounters viewed"),
        EventKind(Tag.ENCOUNTERS_IMPORTED, EncountersImported, "Dispatch records imported"),
        EventKind(Tag.HOLD_PLACED, HoldPlaced, "Legal hold placed"),
        EventKind(Tag.HOLD_RELEASED, HoldEnded, "Legal hold released"),
        EventKind(Tag.HOLDS_LISTED, Viewed, "List of legal holds viewed"),
        EventKind(Tag.RETENTION_PLANNED, Viewed, "Looked up what the rules of retention say"),
        EventKind(Tag.DISPOSAL_PROPOSED, DisposalProposed, "Disposal proposed"),
        EventKind(Tag.DISPOSAL_APPROVED, EventDetail, "Disposal approved"),
        EventKind(Tag.DISPOSAL_WITHDRAWN, EventDetail, "Disposal withdrawn"),
        EventKind(Tag.DISPOSAL_BEGUN, EventDetail, "Disposal begun"),
        EventKind(Tag.DISPOSAL_FINISHED, DisposalDone, "Disposal finished; nothing of it is left in the library"),
        EventKind(Tag.DISPOSALS_VIEWED, Viewed, "Disposals viewed"),
        EventKind(Tag.RECORDING_DISPOSED, RecordingDisposed, "Recording disposed of"),
        EventKind(Tag.FINDINGS_MADE, FindingsMade, "Findings made"),
        EventKind(Tag.FINDINGS_FAILED, FindingsFailed, "Findings failed"),
        EventKind(Tag.CHOICE_MADE, ChoiceMade, "Choice made"),
        EventKind(Tag.AUDIT_LOG_VIEWED, Viewed, "Audit log viewed"),
        EventKind(Tag.AUDIT_LOG_VERIFIED, AuditLogVerified, "Audit log checked"),
        EventKind(Tag.AUDIT_LOG_KEY_ROTATED, KeyRotated, "Key of the audit log replaced"),
        EventKind(Tag.AUDIT_LOG_CHECKPOINTS_MOVED, CheckpointsMoved, "Folder of checkpoints changed"),
        EventKind(Tag.CLOCK_SET_BACK, ClockSetBack, "Clock set back"),
        EventKind(Tag.RELEASE_MADE, ReleaseMade, "Release made"),
        EventKind(Tag.RELEASE_OPENED, ReleaseOpened, "Everything that will leave was opened to be looked at"),
        EventKind(Tag.RELEASE_LEAKS_REVIEWED, ReleaseActed, "Reported leaks reviewed"),
        EventKind(Tag.RELEASE_APPROVED, ReleaseActed, "Release approved"),
        EventKind(Tag.RELEASE_PUBLISHED, ReleasePublished, "Release published"),
        EventKind(Tag.RELEASE_WITHDRAWN, ReleaseActed, "Release withdrawn"),
        EventKind(Tag.RELEASES_VIEWED, Viewed, "Releases viewed"),
        EventKind(Tag.REDACTION_PROPOSED, RedactionChanged, "Redaction proposed"),
        EventKind(Tag.REDACTION_IMPORTED, RedactionChanged, "Redaction plan imported"),
        EventKind(Tag.REDACTION_EDITED, RedactionChanged, "Redaction plan edited"),
        EventKind(Tag.REDACTION_PREVIEWED, RedactionShown, "Redaction previewed"),
        EventKind(Tag.REDACTION_RENDERED, RedactionRendered, "Redacted clip rendered"),
        EventKind(Tag.REDACTION_CHECKED, RedactionChecked, "Redacted clip checked"),
        EventKind(Tag.REDACTION_EXPORTED, RedactionShown, "Redaction plan exported"),
        EventKind(Tag.REDACTIONS_LISTED, Viewed, "List of redactions viewed"),
        EventKind(Tag.REDACTIONS_VIEWED, RedactionShown, "Redaction viewed"),
        EventKind(Tag.RECORDING_ASSIGNED, UnitAssigned, "Recording assigned to a unit"),
        EventKind(Tag.RESTRICTION_CHANGED, RestrictionChanged, "Restriction of a recording changed"),
        EventKind(Tag.RESTRICTIONS_LISTED, Viewed, "List of restricted recordings viewed"),
        EventKind(Tag.ACCOUNT_ADDED, EventDetail, "Account added"),
        EventKind(Tag.ACCOUNT_CHANGED, AccountChanged, "Account changed"),
        EventKind(Tag.ACCOUNT_CREDENTIAL_SET, CredentialSet, "What proves who somebody is was set"),
        EventKind(Tag.PEOPLE_LISTED, Viewed, "List of people viewed"),
        EventKind(Tag.SESSION_OPENED, SessionChanged, "Session opened"),
        EventKind(Tag.SESSION_PROVED, SessionChanged, "Person proved again who they are"),
        EventKind(Tag.SESSION_ENDED, SessionChanged, "Session ended"),
        EventKind(Tag.ACCESS_DENIED, AccessDenied, "Access denied"),
    )
}

#: Tags that earlier versions wrote; the rows stay as they are and are read under the tag of today.
FORMER_TAGS: Mapping[str, Tag] = {
    "recording.taken_in": Tag.RECORDING_INGESTED,
    "recording.presented_again": Tag.RECORDING_DUPLICATE,
    "record.viewed": Tag.AUDIT_LOG_VIEWED,
    "record.verified": Tag.AUDIT_LOG_VERIFIED,
}


def kind_of(tag: str) -> EventKind | None:
    """The kind of a tag of this or an earlier version."""
    return KINDS.get(FORMER_TAGS.get(tag, tag))


def stored(tag: str, detail: EventDetail | Mapping[str, object] | None) -> dict[str, Json]:
    """``detail`` as it is stored; :class:`TypeError` if it is of another kind than ``tag`` has.

    JSON values are taken too, but only if they read as that kind; the digests of rows (``evidence``) stay with them.
    """
    kind = kind_of(str(tag))
    if isinstance(detail, EventDetail):
        if kind is None or type(detail) is not kind.detail:
            raise TypeError(f"{type(detail).__name__} is not the detail of {tag}")
        return to_json(detail)
    values = {name: plain(value) for name, value in (detail or {}).items()}
    evidence = {name: values.pop(name) for name in (EVIDENCE,) if name in values}
    try:
        return {**(to_json(from_json(kind.detail, values)) if kind is not None else values), **evidence}
    except ValueError as error:
        raise TypeError(f"{sorted(values)} is not the detail of {tag}: {error}") from None


def detail_of(event: Event) -> EventDetail:
    """The detail of an event, typed; :class:`OtherDetail` where it has another shape than its tag has now."""
    values = {name: value for name, value in event.detail.items() if name != EVIDENCE}
    kind = kind_of(event.tag)
    try:
        return from_json(kind.detail, values) if kind is not None else OtherDetail(values)
    except ValueError:
        return OtherDetail(values)


def sentence(event: Event) -> str:
    """What happened, in plain words."""
    kind, detail = kind_of(event.tag), detail_of(event)
    label = kind.label if kind is not None else event.tag
    if event.outcome == Outcome.FAILED and kind is not None and "failed" not in label:
        label = f"{label} with faults"
    return f"{label}: {detail.more()}" if detail.more() else label
