"""Releases: from a rendered clip to what left the house. The state follows from the acts; it is never set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

APPROVERS_NEEDED = 2


class ReleaseState(StrEnum):
    """Where a release stands."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    HALF_APPROVED = "half_approved"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What people do with a release."""

    MAKE = "make"
    REVIEW_LEAKS = "review_leaks"
    APPROVE = "approve"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


#: Which acts are allowed in which state. A new render (``MAKE``) starts over: approvals are for bytes, not for names.
ALLOWED: Mapping[ReleaseState, frozenset[Act]] = {
    ReleaseState.DRAFT: frozenset({Act.MAKE, Act.REVIEW_LEAKS, Act.WITHDRAW}),
    ReleaseState.REVIEWED: frozenset({Act.MAKE, Act.APPROVE, Act.WITHDRAW}),
    ReleaseState.HALF_APPROVED: frozenset({Act.MAKE, Act.APPROVE, Act.WITHDRAW}),
    ReleaseState.APPROVED: frozenset({Act.MAKE, Act.PUBLISH, Act.WITHDRAW}),
    ReleaseState.PUBLISHED: frozenset({Act.WITHDRAW}),
    ReleaseState.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True)
class ReleaseStep:
    """One act that was done: by whom, when, and on which bytes (``clip_sha256``)."""

    act: Act
    by: str
    at: datetime
    clip_sha256: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """A release with everything that was done to it, oldest first. The first step is always ``MAKE``."""

    id: str
    recording_id: str
    steps: tuple[ReleaseStep, ...]

    @property
    def render(self) -> ReleaseStep:
        """The newest render: what approvals are about."""
        return [step for step in self.steps if step.act is Act.MAKE][-1]

    @property
    def clip_sha256(self) -> str:
        """SHA-256 of the exact rendered file."""
        return self.render.clip_sha256

    @property
    def approvers(self) -> tuple[str, ...]:
        """The different people who approved exactly these bytes, in the order they did."""
        return tuple(dict.fromkeys(step.by for step in self._of(Act.APPROVE)))

    @property
    def open_leaks(self) -> int:
        """How many leaks the check reported that nobody has looked at yet."""
        return 0 if any(self._of(Act.REVIEW_LEAKS)) else int(self.render.detail.get("leaks", 0))

    @property
    def state(self) -> ReleaseState:
        """Where it stands."""
        if any(step.act is Act.WITHDRAW for step in self.steps):
            return ReleaseState.WITHDRAWN
        if any(self._of(Act.PUBLISH)):
            return ReleaseState.PUBLISHED
        if len(self.approvers) >= APPROVERS_NEEDED:
            return ReleaseState.APPROVED
        if self.approvers:
            return ReleaseState.HALF_APPROVED
        return ReleaseState.DRAFT if self.open_leaks else ReleaseState.REVIEWED

    def allows(self, act: Act) -> bool:
        """Whether ``act`` may be done now."""
        return act in ALLOWED[self.state]

    def _of(self, act: Act) -> Iterable[ReleaseStep]:
        return [step for step in self.steps if step.act is act and step.clip_sha256 == self.clip_sha256]
