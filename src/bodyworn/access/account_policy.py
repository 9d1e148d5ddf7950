"""The policy of a library whose people have accounts: roles say what, units and lists of people say to which things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bodyworn.access.policy import Grant, Policy
from bodyworn.domain.account import EVERY_UNIT, Account, Duty
from bodyworn.domain.action import Action
from bodyworn.domain.actor import Actor
from bodyworn.domain.agency_role import PERMISSIONS, AgencyRole
from bodyworn.domain.errors import Code
from bodyworn.domain.visibility import AllOf, Everything, NoneOf, Nothing, OneOf, Visibility

#: Nouns of the library as a whole: their rows belong to no unit and to no recording.
_OF_NO_UNIT = frozenset({"library", "audit_trail", "people", "restrictions"})
#: Roles that count for nothing while the person has a duty: whoever judges officers sees nothing of their wellness.
BEHIND_WALLS: Mapping[Duty, frozenset[AgencyRole]] = {Duty.DISCIPLINE: frozenset({AgencyRole.WELLNESS})}


@dataclass(frozen=True)
class AccountPolicy(Policy):
    """Whoever has no account may do nothing; who has one, what the roles allow, in the units of the account.

    ``restricted`` maps the ID of a recording to the accounts that may see it and what was made of it. No role stands
    above that list. A name that was stated beside an account is refused: nobody acts as somebody else.
    """

    accounts: Mapping[str, Account]
    restricted: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def grant(self, actor: Actor, action: Action) -> Grant:
        """What the roles of the actor's account allow, less what is restricted to other people."""
        account = self.accounts.get(actor.id)
        if account is None:
            return none(f"{actor.id} has no account here")
        if account.disabled:
            return none(f"the account {account.id} is disabled")
        if actor.stated_name:
            return none(f"{account.id} cannot act under the name of somebody else")
        behind = {role for duty in account.duties for role in BEHIND_WALLS[duty]}
        roles = sorted(role for role in account.roles - behind if action.name in PERMISSIONS[role])
        if not roles:
            return none(f"no role of {account.id} allows {action.name}")
        because = f"{account.id} has the role {roles[0]}, which allows {action.name}"
        otherwise = f"{account.id} may do {action.name}, but not to this: it is of another unit or restricted"
        return Grant(self._things(account, action), because, otherwise)

    def _things(self, account: Account, action: Action) -> Visibility:
        if action.noun in _OF_NO_UNIT:
            return Everything()
        parts: list[Visibility] = []
        if EVERY_UNIT not in account.units:
            if not account.units:
                return Nothing()
            parts.append(OneOf("unit", account.units))
        closed = frozenset(one for one, people in self.restricted.items() if account.id not in people)
        if closed:
            parts.append(NoneOf("recording_id", closed))
        return AllOf(tuple(parts)) if parts else Everything()


def none(why: str, code: Code = Code.OTHER, unless: Grant | None = None) -> Grant:
    """Nothing is allowed, and why; a grant that allows nothing either (``unless``) says it better."""
    if unless is not None and isinstance(unless.things, Nothing):
        return unless
    return Grant(Nothing(), "", why, code)
