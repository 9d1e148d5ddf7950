"""The policy: what may be done, and which rows are seen. One rule answers both, so lists and checks cannot drift."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bodyworn.domain.action import ACTIONS, Action
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import Code
from bodyworn.domain.visibility import Everything, Nothing, Thing, Visibility


@dataclass(frozen=True)
class Decision:
    """Whether something may be done, and the reason in one sentence without its period."""

    allowed: bool
    because: str
    code: Code = Code.OTHER


@dataclass(frozen=True)
class Grant:
    """Which things an actor may do an action to; the reason for these, and the reason against all others.

    ``code`` is what a face may know a better next step for where it is not allowed.
    """

    things: Visibility
    because: str
    otherwise: str
    code: Code = Code.OTHER


class Policy(ABC):
    """Who may do what. A kind of policy writes :meth:`grant` only; both questions are answered from it."""

    @abstractmethod
    def grant(self, actor: Actor, action: Action) -> Grant:
        """The things that ``actor`` may do ``action`` to."""

    def unit_of(self, _actor: Actor) -> str:
        """The unit whose recordings the actor brings in; empty for none."""
        return ""

    def completed(self, things: Sequence[Thing]) -> Sequence[Thing]:
        """The same things with the attributes that this policy asks for and services do not know."""
        return things

    def matching(self, visibility: Visibility, things: Sequence[Thing]) -> list[bool]:
        """Of each thing whether the visibility lets it through; they are completed only where that can matter."""
        asks = not isinstance(visibility, Everything | Nothing)
        return [visibility.matches(thing) for thing in (self.completed(things) if asks else things)]

    def may(self, actor: Actor, action: Action, thing: Thing) -> Decision:
        """Whether ``actor`` may do ``action`` to ``thing``.

        An action on a noun as a whole (list, ingest) is allowed where at least some rows may be seen: what it shows is
        filtered by :meth:`visible`. A thing that is not made yet has no ID,
        but its attributes count. Raises :class:`ValueError` for a thing of another noun.
        """
        if thing.noun != action.noun:
            raise ValueError(f"{action.name} is not done to {thing.noun}")
        grant = self.grant(actor, action)
        is_row = bool(thing.id or thing.attributes)
        allowed = self.matching(grant.things, [thing])[0] if is_row else not isinstance(grant.things, Nothing)
        if allowed:
            return Decision(True, grant.because)
        return Decision(False, grant.otherwise, grant.code)

    def visible(self, actor: Actor, action: Action) -> Visibility:
        """The rows of the action's noun that ``actor`` may do it to."""
        return self.grant(actor, action).things


@dataclass(frozen=True)
class LocalPolicy(Policy):
    """The policy while a library has no accounts: who can open the folder is the one person at this machine."""

    def grant(self, actor: Actor, action: Action) -> Grant:  # noqa: ARG002 - the same for all of them
        """Everything."""
        return Grant(Everything(), "the one person at this machine may do everything in it", "")


@dataclass(frozen=True)
class TablePolicy(Policy):
    """A policy written as a table: which things an account may do each named action to; all else is denied.

    ``table`` maps an account (``*`` stands for all others) to action names to a visibility.
    """

    table: Mapping[str, Mapping[str, Visibility]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if unknown := {name for row in self.table.values() for name in row} - ACTIONS.keys():
            raise ValueError(f"there is no action {min(unknown)}")

    def grant(self, actor: Actor, action: Action) -> Grant:
        """What the account's row says, else the row of all others."""
        row = self.table.get(actor.id, self.table.get("*", {}))
        can = f"{actor.id} may do {action.name}"
        return Grant(row.get(action.name, Nothing()), f"{can} here", f"{actor.id} may not do {action.name} here")
