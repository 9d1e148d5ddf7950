"""The kinds of events: for each tag a typed detail and a plain sentence for people.

To add one: a tag in :class:`~bodyworn.domain.event.Tag`, a dataclass here unless one fits, a line in :data:`KINDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bodyworn.domain.codec import Json, JsonObject, from_json, omit_default, plain, to_json
from bodyworn.domain.event import Event, Outcome, Tag

#: Key under which the audit log adds name and digest of the rows that go with an event.
EVIDENCE = "evidence"


@dataclass(frozen=True)
class EventDetail:
    """What an event says besides who, when and about what; this one says nothing more.

    ``objects`` in a detail are SHA-256 of stored files: the audit log vouches for them from then on.
    """

    def more(self) -> str:
        """What to add to the label of the kind, for people."""
        return ""


@dataclass(frozen=True)
class OtherDetail(EventDetail):
    """A detail of another shape than its tag has now, such as one that a newer version wrote."""

    values: JsonObject

    def more(self) -> str:
        """The values as they are."""
        return ", ".join(f"{name} {value}" for name, value in sorted(self.values.items()))


@dataclass(frozen=True)
class LibraryCreated(EventDetail):
    """``key`` is the public key of the audit log."""

    key: str


@dataclass(frozen=True)
class Ingested(EventDetail):
    """A file was taken into custody."""

    sha512: str
    size_bytes: int
    objects: tuple[str, ...]


@dataclass(frozen=True)
class IngestRefused(EventDetail):
    """``error`` is the class of the error."""

    error: str

    def more(self) -> str:
        """The error."""
        return self.error


@dataclass(frozen=True)
class Viewed(EventDetail):
    """``how`` something was looked at, or how many entries of a list were shown."""

    how: str = field(default="", metadata=omit_default())
    count: int | None = field(default=None, metadata=omit_default())

    def more(self) -> str:
        """How, or how many."""
        return self.how if self.count is None else f"{self.count} shown"


@dataclass(frozen=True)
class RecordingsVerified(EventDetail):
    """``count`` originals were read again; ``broken`` are the ids of those that are not as they were."""

    count: int
    broken: tuple[str, ...]

    def more(self) -> str:
        """The outcome."""
        return f"{self.count} checked, {len(self.broken)} damaged or missing"


@dataclass(frozen=True)
class SidecarKept(EventDetail):
    """The sidecar and its mapping are stored."""

    objects: tuple[str, ...]


@dataclass(frozen=True)
class FindingsMade(EventDetail):
    """A stage ended; ``key`` names its result."""

    stage: str
    made_by: str
    key: str
    objects: tuple[str, ...]

    def more(self) -> str:
        """The stage."""
        return self.stage


@dataclass(frozen=True)
class FindingsFailed(EventDetail):
    """A stage failed; ``error`` is the class of the error."""

    stage: str
    made_by: str
    key: str
    error: str

    def more(self) -> str:
        """Stage and error."""
        return f"{self.stage}, {self.error}"


@dataclass(frozen=True)
class ChoiceMade(EventDetail):
    """A person chose a value that findings depend on."""

    name: str
    value: str

    def more(self) -> str:
        """The choice."""
        return f"{self.name} is {self.value}"


@dataclass(frozen=True)
class AuditLogVerified(EventDetail):
    """How much was checked and how many faults were found."""

    rows: int
    files: int
    faults: int

    def more(self) -> str:
        """The outcome."""
        return f"{self.rows} entries and {self.files} files checked, {self.faults} faults"


@dataclass(frozen=True)
class ReleaseMade(EventDetail):
    """A release was opened (nothing more is said) or its clip was rendered."""

    clip_sha256: str = field(default="", metadata=omit_default())
    leaks: int = field(default=0, metadata=omit_default())
    objects: tuple[str, ...] = field(default=(), metadata=omit_default())

    def more(self) -> str:
        """What was made."""
        return f"clip rendered, {self.leaks} leaks reported" if self.clip_sha256 else "opened"


@dataclass(frozen=True)
class ReleaseActed(EventDetail):
    """Something was done to a release, about exactly that clip."""

    clip_sha256: str


@dataclass(frozen=True)
class ReleasePublished(EventDetail):
    """``statement`` and ``published_clip`` are digests of files of the package."""

    clip_sha256: str
    statement: str
    published_clip: str


@dataclass(frozen=True)
class AccessDenied(EventDetail):
    """An attempt was turned away: the action and the reason, or what a web page was asked for and how often."""

    act: str = field(default="", metadata=omit_default())
    why: str = field(default="", metadata=omit_default())
    path: str = field(default="", metadata=omit_default())
    method: str = field(default="", metadata=omit_default())
    attempts: int = field(default=1, metadata=omit_default())

    def more(self) -> str:
        """What was tried, and why not."""
        return ", ".join(part for part in (self.act or self.path, self.why) if part)


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
        EventKind(Tag.RECORDING_INGESTED, Ingested, "Recording taken into custody"),
        EventKind(Tag.RECORDING_DUPLICATE, EventDetail, "Recording presented again; it was in custody already"),
        EventKind(Tag.RECORDING_REFUSED, IngestRefused, "File refused"),
        EventKind(Tag.RECORDING_VIEWED, Viewed, "Recording viewed"),
        EventKind(Tag.RECORDINGS_LISTED, Viewed, "List of recordings viewed"),
        EventKind(Tag.RECORDINGS_VERIFIED, RecordingsVerified, "Originals checked"),
        EventKind(Tag.SIDECAR_KEPT, SidecarKept, "Sidecar stored with the recording"),
        EventKind(Tag.FINDINGS_MADE, FindingsMade, "Findings made"),
        EventKind(Tag.FINDINGS_FAILED, FindingsFailed, "Findings failed"),
        EventKind(Tag.CHOICE_MADE, ChoiceMade, "Choice made"),
        EventKind(Tag.AUDIT_LOG_VIEWED, Viewed, "Audit log viewed"),
        EventKind(Tag.AUDIT_LOG_VERIFIED, AuditLogVerified, "Audit log checked"),
        EventKind(Tag.RELEASE_MADE, ReleaseMade, "Release made"),
        EventKind(Tag.RELEASE_LEAKS_REVIEWED, ReleaseActed, "Reported leaks reviewed"),
        EventKind(Tag.RELEASE_APPROVED, ReleaseActed, "Release approved"),
        EventKind(Tag.RELEASE_PUBLISHED, ReleasePublished, "Release published"),
        EventKind(Tag.RELEASE_WITHDRAWN, ReleaseActed, "Release withdrawn"),
        EventKind(Tag.RELEASES_VIEWED, Viewed, "Releases viewed"),
        EventKind(Tag.SESSION_OPENED, EventDetail, "Session opened in the browser"),
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
