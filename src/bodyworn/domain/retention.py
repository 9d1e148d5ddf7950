"""Keeping and letting go: rules of retention, legal holds, disposals, and the tombstone that stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bodyworn.domain.actor import Person
from bodyworn.domain.codec import omit_default

#: In a rule: whatever category or outcome it is, also where none is known.
ANY = "*"
#: Two different people approve a disposal.
APPROVALS = 2


class CountedFrom(StrEnum):
    """Which moment the days of a rule are counted from: that of ingesting, or that of the camera's clock."""

    INGESTED = "ingested"
    RECORDED = "recorded"


@dataclass(frozen=True)
class RetentionRule:
    """How many ``days`` recordings of a category and outcome are kept, by which law or policy (``basis``).

    ``checked_by`` checked the rule against its basis on the day ``checked_on`` (ISO 8601). ``category`` and ``outcome``
    are in the form of :func:`folded_word`, or :data:`ANY`.
    """

    category: str
    outcome: str
    days: int
    basis: str
    checked_by: str
    checked_on: str
    counted_from: CountedFrom = field(default=CountedFrom.INGESTED, metadata=omit_default())

    def __post_init__(self) -> None:
        date.fromisoformat(self.checked_on)

    @property
    def exactness(self) -> int:
        """How many of category and outcome it names."""
        return (self.category != ANY) + (self.outcome != ANY)

    def covers(self, category: str, outcome: str) -> bool:
        """Whether it is for recordings of that category and outcome."""
        return self.category in (ANY, category) and self.outcome in (ANY, outcome)

    def __str__(self) -> str:
        category = "any category" if self.category == ANY else self.category
        outcome = "any outcome" if self.outcome == ANY else self.outcome
        return f"{category}, {outcome}: {self.days} days ({self.basis})"


@dataclass(frozen=True)
class PublishedCopies:
    """What becomes of the library's copy of a published package when its recording goes; by which law or policy.

    The package is out and cannot be called back; this is about the copy in the library alone.
    """

    keep: bool
    basis: str
    checked_by: str
    checked_on: str

    def __post_init__(self) -> None:
        date.fromisoformat(self.checked_on)


@dataclass(frozen=True)
class RetentionRules:
    """A rules file: the rules in its order, what it says of published copies, and the SHA-256 of its bytes."""

    rules: tuple[RetentionRule, ...]
    published: PublishedCopies | None
    sha256: str

    def rule_for(self, category: str, outcome: str) -> RetentionRule | None:
        """The rule for recordings of that category and outcome: the most exact one, of equals the longest."""
        fitting = [rule for rule in self.rules if rule.covers(category, outcome)]
        return max(fitting, key=lambda rule: (rule.exactness, rule.days), default=None)

    @property
    def keeps_published(self) -> bool:
        """Whether the library's copies of published packages stay, as they do where the file says nothing."""
        return self.published is None or self.published.keep


def folded_word(text: str) -> str:
    """A category or outcome as it is compared: without case, words joined by ``_``."""
    return "_".join(text.casefold().replace("_", " ").replace("-", " ").split())


class RetentionState(StrEnum):
    """Whether a recording is due to go, or why it is kept."""

    DUE = "due"
    HELD = "held"
    NOT_YET = "not_yet"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True)
class RetentionEntry:
    """What the rules say of one recording: ``because`` in a sentence without its period.

    ``due_at`` is when it is due by ``rule``; both are ``None`` where no rule covers it. ``notes`` are what a person
    should know before it goes. ``goes`` is what would go with it, where it is due: rows by table, ``files`` and
    ``bytes``.
    """

    recording: str
    name: str
    sha256: str
    state: RetentionState
    because: str
    due_at: datetime | None
    rule: RetentionRule | None
    holds: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    goes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class LegalHold:
    """``subject``, a recording or an encounter, must be kept: for which reason, and for whom (``holder``).

    ``recordings`` are those of the subject when it was placed; of an encounter those that come later are held too.
    ``released`` says who ended it, when and why.
    """

    id: str
    subject: str
    recordings: tuple[str, ...]
    reason: str
    holder: str
    by: Person
    at: datetime
    released: HoldRelease | None = None


@dataclass(frozen=True)
class HoldRelease:
    """A hold was ended."""

    by: Person
    at: datetime
    why: str


class DisposalAct(StrEnum):
    """What is done to a disposal after it was proposed."""

    APPROVE = "approve"
    WITHDRAW = "withdraw"
    BEGIN = "begin"
    FINISH = "finish"


class DisposalState(StrEnum):
    """Where a disposal stands. ``BEGUN``: nobody can read the recordings any more, and files may still lie there."""

    PROPOSED = "proposed"
    HALF_APPROVED = "half_approved"
    APPROVED = "approved"
    BEGUN = "begun"
    DONE = "done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class DisposalItem:
    """A recording that is to go, under which rule, and since when it was due."""

    recording: str
    sha256: str
    rule: RetentionRule
    due_at: datetime


@dataclass(frozen=True)
class DisposalStep:
    """Who did what to a disposal, when, with a note."""

    act: DisposalAct
    by: Person
    at: datetime
    note: str = field(default="", metadata=omit_default())


@dataclass(frozen=True)
class Disposal:
    """Recordings that are to go together: ``rules_sha256`` is the stored rules file that it goes by."""

    id: str
    rules_sha256: str
    items: tuple[DisposalItem, ...]
    by: Person
    at: datetime
    steps: tuple[DisposalStep, ...] = ()

    @property
    def approvals(self) -> tuple[DisposalStep, ...]:
        """The steps that approve it."""
        return tuple(step for step in self.steps if step.act is DisposalAct.APPROVE)

    @property
    def state(self) -> DisposalState:
        """Where it stands."""
        acts = {step.act for step in self.steps}
        if DisposalAct.FINISH in acts:
            return DisposalState.DONE
        if DisposalAct.BEGIN in acts:
            return DisposalState.BEGUN
        if DisposalAct.WITHDRAW in acts:
            return DisposalState.WITHDRAWN
        if len(self.approvals) >= APPROVALS:
            return DisposalState.APPROVED
        return DisposalState.HALF_APPROVED if self.approvals else DisposalState.PROPOSED


@dataclass(frozen=True)
class Tombstone:
    """What stays of a recording that was disposed of: digests and reasons, and nothing of what it held.

    ``ids`` are those of all that went with it, ``objects`` the SHA-256 of its stored files, ``rows`` how many rows
    went. ``packages`` are releases of which the library's copy of the published package stays.
    """

    recording: str
    disposal: str
    sha256: str
    sha512: str
    size_bytes: int
    ingested_at: datetime
    disposed_at: datetime
    rule: RetentionRule
    ids: tuple[str, ...]
    objects: tuple[str, ...]
    rows: int
    packages: tuple[str, ...] = ()
