"""A redaction of the library and the versions of its plan: who changed what, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bodyworn.domain.codec import omit_default
from bodyworn.domain.errors import Code, Conflict
from bodyworn.domain.redaction_plan import Plan


class ChangeKind(StrEnum):
    """How a version of a plan came about: the detectors proposed it, a file brought it, a person edited it."""

    PROPOSED = "proposed"
    IMPORTED = "imported"
    EDITED = "edited"


@dataclass(frozen=True)
class PlanChange:
    """What a version changed: ids of tracks and spans that were left open, of regions and spans that were added, and of
    what was taken back: regions that are gone, and tracks and spans that are hidden again.
    """

    kind: ChangeKind
    kept: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = field(default=(), metadata=omit_default())

    @classmethod
    def between(cls, before: Plan, after: Plan) -> PlanChange:
        """What an edit made of ``before``."""
        was_kept, was_drawn = set(_kept(before)), set(_drawn(before))
        kept = [entry for entry in _kept(after) if entry not in was_kept]
        added = [entry for entry in _drawn(after) if entry not in was_drawn]
        is_kept, is_drawn = set(_kept(after)), set(_drawn(after))
        back = [entry for entry in _drawn(before) if entry not in is_drawn]
        back += [entry for entry in _kept(before) if entry not in is_kept]
        return cls(ChangeKind.EDITED, tuple(kept), tuple(added), tuple(back))


def _kept(plan: Plan) -> list[str]:
    tracks = [track.id for track in plan.tracks if track.kept_by is not None]
    return tracks + [span.id for span in plan.sound if span.kept_by is not None]


def _drawn(plan: Plan) -> list[str]:
    return [region.id for region in plan.regions] + [span.id for span in plan.sound]


@dataclass(frozen=True)
class PlanCounts:
    """How much is in a plan. ``kept`` counts tracks and spans of sound that a person left open."""

    tracks: int
    regions: int
    sound_spans: int
    kept: int
    needs_review: int

    @classmethod
    def of(cls, plan: Plan) -> PlanCounts:
        """Count ``plan``."""
        return cls(len(plan.tracks), len(plan.regions), len(plan.sound), len(_kept(plan)), len(plan.needs_review))


@dataclass(frozen=True)
class PlanVersion:
    """One version of a plan: its number from 1, the SHA-256 of its canonical JSON, who made it when, and what it is."""

    version: int
    plan_sha256: str
    made_by: str
    made_at: datetime
    change: PlanChange
    counts: PlanCounts


@dataclass(frozen=True)
class Redaction:
    """What is to be hidden in one recording, with every version of the plan, oldest first; there is at least one."""

    id: str
    recording_id: str
    made_by: str
    made_at: datetime
    versions: tuple[PlanVersion, ...]

    @property
    def newest(self) -> PlanVersion:
        """The version that counts."""
        return self.versions[-1]


def latest(found: Sequence[Redaction]) -> Redaction:
    """The redaction that was changed last; ``ValueError`` if there is none."""
    return max(found, key=lambda one: (one.newest.made_at, one.made_at, one.id))


def must_be_newest(redaction: Redaction, version: int, newest: int) -> None:
    """:class:`Conflict` if ``version``, which edits are made for, is not the newest."""
    if version != newest:
        raise Conflict(
            f"{redaction.id} was changed in the meantime: the edits are for version {version}, the newest is {newest}",
            "Look at the newest version, then make the edits again",
            Code.PLAN_CHANGED,
            redaction=redaction.id,
        )
