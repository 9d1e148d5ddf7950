"""What the audit log says of redactions: ids, digests and counts; never a word, a name or a place in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.redactions.history import PlanCounts, Redaction

if TYPE_CHECKING:
    from bodyworn.redactions.checking import LeakCheck
    from bodyworn.redactions.rendering import RenderResult


@dataclass(frozen=True)
class RedactionOpened:
    """A redaction was opened for ``recording``, an id."""

    recording: str


@dataclass(frozen=True)
class PlanVersionAdded:
    """A version of a plan was kept; ``objects`` are the digests of the stored files that the event speaks of."""

    objects: tuple[str, ...]
    plan_sha256: str
    version: int
    counts: PlanCounts


@dataclass(frozen=True)
class PlanShown:
    """A version of a plan was viewed, previewed or exported."""

    plan_sha256: str
    version: int

    @classmethod
    def of(cls, redaction: Redaction) -> PlanShown:
        """That the newest version was."""
        return cls(redaction.newest.plan_sha256, redaction.newest.version)


@dataclass(frozen=True)
class ClipRendered:
    """A clip was rendered by a version of a plan."""

    plan_sha256: str
    version: int
    clip_sha256: str
    frames: int
    copied_frames: int
    damaged_frames: int

    @classmethod
    def of(cls, redaction: Redaction, done: RenderResult) -> ClipRendered:
        """That ``done`` was, by the newest version."""
        newest, clip, written = redaction.newest, done.target.sha256, done.rendered
        return cls(newest.plan_sha256, newest.version, clip, written.frames, written.copied, written.damaged)


@dataclass(frozen=True)
class ClipChecked:
    """A clip was checked with second detectors: ``leaks`` still show, ``kept`` are what a person left visible."""

    plan_sha256: str
    version: int
    clip_sha256: str
    frames: int
    leaks: int
    kept: int

    @classmethod
    def of(cls, redaction: Redaction, found: LeakCheck) -> ClipChecked:
        """That ``found`` was found in a clip of the newest version."""
        newest, leaks = redaction.newest, len(found.open_leaks)
        kept = len(found.leaks) - leaks
        return cls(newest.plan_sha256, newest.version, found.clip.sha256, found.frames, leaks, kept)


@dataclass(frozen=True)
class RedactionsListed:
    """A list of ``count`` redactions was looked at."""

    count: int
