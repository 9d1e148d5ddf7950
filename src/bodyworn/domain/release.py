"""Releases: from a rendered clip to what left the agency. The state follows from the acts; it is never set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bodyworn.domain.actor import Person
from bodyworn.domain.codec import JsonObject, json_name, omit_default

APPROVERS_NEEDED = 2


class ReleaseState(StrEnum):
    """Where a release stands.

    ``DRAFT``: something has to be looked at by a person. ``CHECKED``: the leak check found nothing, and nobody said
    that they looked. ``REVIEWED``: a person looked.
    """

    DRAFT = "draft"
    CHECKED = "checked"
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
    ReleaseState.CHECKED: frozenset({Act.MAKE, Act.REVIEW_LEAKS, Act.APPROVE, Act.WITHDRAW}),
    ReleaseState.REVIEWED: frozenset({Act.MAKE, Act.REVIEW_LEAKS, Act.APPROVE, Act.WITHDRAW}),
    ReleaseState.HALF_APPROVED: frozenset({Act.MAKE, Act.APPROVE, Act.WITHDRAW}),
    ReleaseState.APPROVED: frozenset({Act.MAKE, Act.PUBLISH, Act.WITHDRAW}),
    ReleaseState.PUBLISHED: frozenset({Act.WITHDRAW}),
    ReleaseState.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True)
class Deadline:
    """One deadline: what is due by when, under which rule.

    ``due`` and ``extended`` (the last day with the extension used) are ISO 8601 days. ``checked`` is whether a person
    signed the rules file as checked.
    """

    rule: str
    legal_authority: str = field(metadata=json_name("basis"))
    due: str
    extended: str | None
    jurisdiction: str
    checked: bool

    @property
    def due_on(self) -> date:
        """The day itself."""
        return date.fromisoformat(self.due)


@dataclass(frozen=True)
class ReleaseRequest:
    """What a release is for. Days are ISO 8601 text.

    ``deadlines`` and ``citations`` (exemption code to the citation of its ground in law) come from the rules file of
    :mod:`bodyworn.releases.clock`.
    """

    agency: str
    requester: str
    request_date: str
    legal_authority: str = field(metadata=json_name("authority"))
    title: str
    caption: str
    credit: str
    still_ms: int | None = None
    officer_notified: str | None = None
    family_notified: str | None = None
    deadlines: tuple[Deadline, ...] = ()
    citations: Mapping[str, str] = field(default_factory=dict, metadata=json_name("basis"))


@dataclass(frozen=True)
class LeakReport:
    """What the leak check found in the rendered clip: how many leaks, in which frames, and its report as it is."""

    count: int = 0
    frames: tuple[int, ...] = ()
    report: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StepDetail:
    """What every act carries: what it is about, and a name that was typed for who did it, apart from the account.

    ``contents_sha256`` is the digest of everything that leaves; empty in steps of versions that had none.
    """

    stated_name: str = field(default="", metadata=omit_default())
    contents_sha256: str = field(default="", metadata=omit_default())


@dataclass(frozen=True, kw_only=True)
class RenderDetail(StepDetail):
    """A render: its plan, which part of the recording it is (``start_ms`` to ``end_ms``), and what it is for.

    ``to_look_at`` are the places where the plan itself asks for a look, one sentence each.
    """

    plan_sha256: str
    start_ms: int
    end_ms: int
    leaks: int
    leak_report: LeakReport
    request: ReleaseRequest = field(metadata=json_name("terms"))
    to_look_at: tuple[str, ...] = field(default=(), metadata=omit_default())


@dataclass(frozen=True, kw_only=True)
class ReviewDetail(StepDetail):
    """Every reported leak was looked at; ``note`` says what was decided."""

    note: str


@dataclass(frozen=True, kw_only=True)
class ApprovalDetail(StepDetail):
    """The clip was approved."""

    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PublicationDetail(StepDetail):
    """The package was built: digests of its statement and of the signed clip."""

    statement: str
    published_clip: str


@dataclass(frozen=True, kw_only=True)
class WithdrawalDetail(StepDetail):
    """The release was taken back, and ``why``."""

    why: str


DETAIL_OF: Mapping[Act, type[StepDetail]] = {
    Act.MAKE: RenderDetail,
    Act.REVIEW_LEAKS: ReviewDetail,
    Act.APPROVE: ApprovalDetail,
    Act.PUBLISH: PublicationDetail,
    Act.WITHDRAW: WithdrawalDetail,
}


@dataclass(frozen=True)
class ReleaseStep:
    """One act that was done: by whom, when, and on which bytes (``clip_sha256``)."""

    act: Act
    by: Person
    at: datetime
    clip_sha256: str
    detail: StepDetail

    def __post_init__(self) -> None:
        if type(self.detail) is not DETAIL_OF[self.act]:
            raise TypeError(f"{type(self.detail).__name__} is not the detail of {self.act}")


@dataclass(frozen=True)
class Release:
    """A release with everything that was done to it, oldest first. The first step is always ``MAKE``."""

    id: str
    recording_id: str
    steps: tuple[ReleaseStep, ...]

    @property
    def made(self) -> ReleaseStep:
        """The newest render: what approvals are about."""
        return [step for step in self.steps if step.act is Act.MAKE][-1]

    @property
    def render(self) -> RenderDetail:
        """What the newest render was made by and for."""
        detail = self.made.detail
        assert isinstance(detail, RenderDetail)
        return detail

    @property
    def request(self) -> ReleaseRequest:
        """What the release is for."""
        return self.render.request

    @property
    def clip_sha256(self) -> str:
        """SHA-256 of the exact rendered file."""
        return self.made.clip_sha256

    @property
    def contents_sha256(self) -> str:
        """Digest of everything that leaves, which is what people approve; empty if an earlier version made it."""
        return self.render.contents_sha256

    @property
    def approvers(self) -> tuple[Person, ...]:
        """The different people who approved exactly what leaves, in the order they did."""
        found: list[Person] = []
        for step in self._of(Act.APPROVE):
            if not any(step.by.is_same_as(other) for other in found):
                found.append(step.by)
        return tuple(found)

    @property
    def approval_accounts(self) -> tuple[str, ...]:
        """The different accounts that approvals came from; an empty one where the account was not kept."""
        return tuple(dict.fromkeys(person.account for person in self.approvers))

    @property
    def approval_caution(self) -> str:
        """What must be told with the approvals, as one sentence without its period; empty where each has its account.

        Two approvals from one account are two typed names: that two people gave them is stated, not known.
        """
        if len(self.approvers) < APPROVERS_NEEDED:
            return ""
        if "" in self.approval_accounts:
            return "the accounts that the approvals came from were not all recorded, and the names were typed"
        if len(self.approval_accounts) < len(self.approvers):
            return "the approvals came from one account, and the names were typed there"
        if any(self.made.by.is_same_as(person) for person in self.approvers):
            return "one of the approvals came from the person who made the clip"
        return ""

    @property
    def open_leaks(self) -> int:
        """How many leaks the check reported that were not reviewed yet."""
        return 0 if self._of(Act.REVIEW_LEAKS) else self.render.leaks

    @property
    def to_look_at(self) -> tuple[str, ...]:
        """The places that the plan asks people to look at and that were not reviewed yet."""
        return () if self._of(Act.REVIEW_LEAKS) else self.render.to_look_at

    @property
    def review_note(self) -> str:
        """What the newest review decided; empty where there was none."""
        details = [step.detail for step in self._of(Act.REVIEW_LEAKS)]
        return details[-1].note if details and isinstance(details[-1], ReviewDetail) else ""

    @property
    def state(self) -> ReleaseState:
        """Where it stands."""
        if any(step.act is Act.WITHDRAW for step in self.steps):
            return ReleaseState.WITHDRAWN
        if any(step.act is Act.PUBLISH for step in self.steps):
            return ReleaseState.PUBLISHED
        if not self.contents_sha256:
            return ReleaseState.DRAFT
        if len(self.approvers) >= APPROVERS_NEEDED:
            return ReleaseState.APPROVED
        if self.approvers:
            return ReleaseState.HALF_APPROVED
        if self._of(Act.REVIEW_LEAKS):
            return ReleaseState.REVIEWED
        return ReleaseState.DRAFT if self.open_leaks or self.to_look_at else ReleaseState.CHECKED

    def allows(self, act: Act) -> bool:
        """Whether ``act`` may be done now; a clip of a version that fixed nothing but the clip has to be made again."""
        if not self.contents_sha256 and self.state is ReleaseState.DRAFT:
            return act in (Act.MAKE, Act.WITHDRAW)
        return act in ALLOWED[self.state]

    def _of(self, act: Act) -> list[ReleaseStep]:
        """The acts since the newest render that are about its clip and its contents."""
        newest = max(index for index, step in enumerate(self.steps) if step.act is Act.MAKE)
        return [
            step
            for step in self.steps[newest:]
            if step.act is act
            and step.clip_sha256 == self.clip_sha256
            and step.detail.contents_sha256 == self.contents_sha256
        ]
