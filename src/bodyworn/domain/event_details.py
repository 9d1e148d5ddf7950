"""The typed details of events: ids, digests and counts; never what was said, a name or a place in a picture.

:mod:`bodyworn.domain.event_kinds` says which tag has which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bodyworn.domain.codec import JsonObject, omit_default
from bodyworn.domain.counting import counted


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
        parts = counted(self.rows, "entry", "entries"), counted(self.files, "file"), counted(self.faults, "fault")
        return f"{parts[0]} and {parts[1]} checked, {parts[2]}"


@dataclass(frozen=True)
class ReleaseMade(EventDetail):
    """A release was opened (nothing more is said) or its clip was rendered."""

    clip_sha256: str = field(default="", metadata=omit_default())
    leaks: int = field(default=0, metadata=omit_default())
    objects: tuple[str, ...] = field(default=(), metadata=omit_default())
    contents_sha256: str = field(default="", metadata=omit_default())

    def more(self) -> str:
        """What was made."""
        return f"clip rendered, {counted(self.leaks, 'leak')} reported" if self.clip_sha256 else "opened"


@dataclass(frozen=True)
class ReleaseActed(EventDetail):
    """Something was done to a release, about exactly that clip and, since versions fix them, exactly those contents."""

    clip_sha256: str
    contents_sha256: str = field(default="", metadata=omit_default())


@dataclass(frozen=True)
class ReleaseOpened(EventDetail):
    """Everything that will leave was written out for a person to look at."""

    clip_sha256: str
    contents_sha256: str


@dataclass(frozen=True)
class ReleasePublished(EventDetail):
    """``statement`` and ``published_clip`` are digests of files of the package."""

    clip_sha256: str
    statement: str
    published_clip: str
    contents_sha256: str = field(default="", metadata=omit_default())


@dataclass(frozen=True)
class RedactionChanged(EventDetail):
    """A redaction was opened for ``recording``, or a version of its plan was added; ``counts`` say what is in it."""

    recording: str = field(default="", metadata=omit_default())
    plan_sha256: str = field(default="", metadata=omit_default())
    version: int = field(default=0, metadata=omit_default())
    counts: Mapping[str, int] = field(default_factory=dict, metadata=omit_default())
    objects: tuple[str, ...] = field(default=(), metadata=omit_default())

    def more(self) -> str:
        """The version."""
        return f"version {self.version}" if self.version else "opened"


@dataclass(frozen=True)
class RedactionShown(EventDetail):
    """A version of a plan was viewed, previewed or exported."""

    plan_sha256: str
    version: int

    def more(self) -> str:
        """The version."""
        return f"version {self.version}"


@dataclass(frozen=True)
class RedactionRendered(RedactionShown):
    """A clip was rendered by a version of a plan."""

    clip_sha256: str
    frames: int
    copied_frames: int
    damaged_frames: int


@dataclass(frozen=True)
class RedactionChecked(RedactionShown):
    """A clip was checked by second detectors: ``leaks`` still show, ``kept`` are what a person left visible."""

    clip_sha256: str
    frames: int
    leaks: int
    kept: int

    def more(self) -> str:
        """Version and leaks."""
        return f"version {self.version}, {counted(self.leaks, 'leak')}"


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
