"""Access of one actor to one library: every service asks it before it does or shows anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bodyworn.access.policy import Decision, Policy
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.action import ACTIONS
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import Code, Denied
from bodyworn.domain.event import Outcome, Tag
from bodyworn.domain.event_details import AccessDenied
from bodyworn.domain.visibility import Thing, Visibility

T = TypeVar("T")
_ADVICE = {
    Code.SIGN_IN_NEEDED: "Sign in with your account",
    Code.CUSTODY_FAULT: "Keep the library as it is, and restore it from its backup",
    Code.PROOF_NEEDED: "Prove again who you are, and do it then",
}


@dataclass(frozen=True)
class Access:
    """What the actor of ``audit_log`` may do under ``policy``. Actions are named (:mod:`bodyworn.domain.action`)."""

    policy: Policy
    audit_log: AuditLog

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.audit_log.actor

    @property
    def unit(self) -> str:
        """The unit whose recordings the actor brings in; empty for none."""
        return self.policy.unit_of(self.actor)

    def may(self, action: str, thing: Thing | None = None) -> Decision:
        """Whether the actor may do it, and why; without a thing, to the noun as a whole."""
        named = ACTIONS[action]
        return self.policy.may(self.actor, named, thing or Thing(named.noun))

    def visible(self, action: str) -> Visibility:
        """The rows of the action's noun that the actor may do it to."""
        return self.policy.visible(self.actor, ACTIONS[action])

    def require(self, action: str, thing: Thing | None = None) -> None:
        """Let an allowed action pass; a denied one is an event of its own and raises :class:`Denied`."""
        decision = self.may(action, thing)
        if not decision.allowed:
            self.denied(action, thing or Thing(ACTIONS[action].noun), decision.because)
            raise Denied(
                decision.because, _ADVICE.get(decision.code, "Ask the administrator of the library"), decision.code
            )

    def denied(self, act: str, thing: Thing, why: str) -> None:
        """Write that an attempt was turned away."""
        detail = AccessDenied(act=act, why=why)
        self.audit_log.append(Tag.ACCESS_DENIED, str(thing), detail, outcome=Outcome.DENIED)

    def only(self, action: str, items: Iterable[T], thing_of: Callable[[T], Thing]) -> list[T]:
        """Those of ``items`` that the actor may do it to."""
        every = list(items)
        seen = self.policy.matching(self.visible(action), [thing_of(item) for item in every])
        return [item for item, is_seen in zip(every, seen, strict=True) if is_seen]

    def named(self, action: str, found: Sequence[T], thing_of: Callable[[T], Thing]) -> list[T]:
        """Those that the actor may see, of the things that a text names.

        Where that is not just one, each hidden thing that was named is an attempt, and written down; the answer stays
        that of a thing that does not exist.
        """
        seen = self.only(action, found, thing_of)
        if len(seen) != 1:
            for hidden in found:
                if hidden not in seen:
                    self.denied(action, thing_of(hidden), "not visible")
        return seen
