"""Why a person may do something, or not, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from bodyworn.access.people.stored_policy import NEED_PROOF, StoredPolicy
from bodyworn.access.policy import Policy
from bodyworn.domain.account import Account
from bodyworn.domain.action import Action
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import NotFound
from bodyworn.domain.visibility import Thing
from bodyworn.storage.databases.base import Database
from bodyworn.storage.rows.things import attributes_of


@dataclass(frozen=True)
class Explanation:
    """Whether ``account`` may do ``action`` to ``thing``, and why; ``needs_proof`` if it takes a fresh sign-in."""

    account: str
    action: str
    description: str
    thing: str
    allowed: bool
    because: str
    needs_proof: bool


def explained(policy: Policy, database: Database, account: Account, action: Action, thing_id: str) -> Explanation:
    """The policy's answer for that person; :class:`NotFound` for a thing that is not there."""
    thing = Thing(action.noun)
    if thing_id:
        with database.read() as transaction:
            found = attributes_of(transaction, action.noun, thing_id)
        if found is None:
            what = f"there is nothing of {action.noun} with the ID {thing_id!r}"
            raise NotFound(what, f"Take an ID from the list of {action.noun}")
        thing = Thing(action.noun, *found)
    needs_proof = action.name in NEED_PROOF
    asked = policy.without_proof() if isinstance(policy, StoredPolicy) else policy
    decision = asked.may(Actor(account.id, "", ""), action, thing)
    return Explanation(
        account.id, action.name, action.description, str(thing), decision.allowed, decision.because, needs_proof
    )
