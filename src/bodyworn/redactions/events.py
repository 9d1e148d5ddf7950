"""What the audit log says of redactions: ids, digests and counts; never a word, a name or a place in a picture."""

from __future__ import annotations

from dataclasses import dataclass

from bodyworn.redactions.history import PlanCounts


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


@dataclass(frozen=True)
class ClipRendered:
    """A clip was rendered by a version of a plan."""

    plan_sha256: str
    version: int
    clip_sha256: str
    frames: int
    copied_frames: int
    damaged_frames: int


@dataclass(frozen=True)
class ClipChecked:
    """A clip was checked with second detectors: ``leaks`` still show, ``kept`` are what a person left visible."""

    plan_sha256: str
    version: int
    clip_sha256: str
    frames: int
    leaks: int
    kept: int


@dataclass(frozen=True)
class RedactionsListed:
    """A list of ``count`` redactions was looked at."""

    count: int
