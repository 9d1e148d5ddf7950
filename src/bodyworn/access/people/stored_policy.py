"""The policy of a library as it is stored: its accounts if it has any, else the one person at this machine.

It is read anew for every question, so that a role that was taken away counts at once, in every process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bodyworn.access.account_policy import AccountPolicy, none
from bodyworn.access.people.ledger import account_in, nobody_set_up
from bodyworn.access.policy import Grant, LocalPolicy, Policy
from bodyworn.domain.account import EVERY_UNIT
from bodyworn.domain.action import Action
from bodyworn.domain.actor import SYSTEM_ACCOUNT, Actor
from bodyworn.domain.errors import Code
from bodyworn.domain.event import Tag, now
from bodyworn.domain.visibility import Everything, Thing
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import audit, walls
from bodyworn.storage.rows import people as rows

#: How long a proof of who the person is counts for acts that need a fresh one.
PROOF_MINUTES = 10
#: Acts that need a fresh proof: approvals, disposals, whatever changes people, and the key of the audit log.
NEED_PROOF = frozenset(
    {
        "releases.approve",
        "disposals.approve",
        "disposals.carry_out",
        "people.add",
        "people.change",
        "people.disable",
        "people.enable",
        "people.invite",
        "people.propose_recovery",
        "people.approve_recovery",
        "people.link",
        "people.unlink",
        "restrictions.lift",
        "restrictions.admit",
        "restrictions.dismiss",
        "library.rotate_key",
    }
)


def is_fresh(proved_at: datetime, at: datetime) -> bool:
    """Whether a proof of who the person is still counts; a clock may have been set back a little since."""
    return timedelta(minutes=-2) <= at - proved_at <= timedelta(minutes=PROOF_MINUTES)


#: What the one person at the machine may still do until the first account is set up: give another invitation.
_BEFORE_THE_FIRST = frozenset({"people.invite", "people.get"})


@dataclass(frozen=True)
class StoredPolicy(Policy):
    """See the module; ``clock`` gives the time. Without ``asks_proof`` no fresh proof is asked for."""

    database: Database
    clock: Callable[[], datetime] = now
    asks_proof: bool = True

    def without_proof(self) -> StoredPolicy:
        """The same policy for questions about other people, whose sessions do not count."""
        return replace(self, asks_proof=False)

    def grant(self, actor: Actor, action: Action) -> Grant:
        """What the account allows now; everything, in a library without accounts."""
        with self.database.read() as transaction:
            if not rows.has_accounts(transaction):
                return self._of_one_person(transaction, actor, action)
            account = account_in(transaction, actor.id)
            session = rows.session(transaction, actor.session) if actor.session else None
            restricted = walls.restricted(transaction)
            first = actor.id.startswith(SYSTEM_ACCOUNT) and nobody_set_up(transaction)
        if first and action.name in _BEFORE_THE_FIRST:
            return Grant(Everything(), "nobody has set up an account of this library yet", "")
        if account is None:
            return none(f"{actor.id} has no account here", Code.SIGN_IN_NEEDED)
        if account.unused(self.clock()):
            return none(f"nobody signed in as {account.login} for a long time, so the account is disabled")
        grant = AccountPolicy({account.id: account}, restricted).grant(actor, action)
        if self.asks_proof and action.name in NEED_PROOF and not self._proved(account.id, session):
            return none(f"{action.name} needs a fresh proof of who you are", Code.PROOF_NEEDED, grant)
        return grant

    def completed(self, things: Sequence[Thing]) -> Sequence[Thing]:
        """With the recordings and units of each: a recording's own ID stands for its recording."""
        known = [_of_itself(thing) for thing in things]
        about = {one for thing in known for one in thing.values("recording_id")}
        if not about:
            return known
        with self.database.read() as transaction:
            units = walls.units(transaction, about)
        return [_with_units(thing, units) for thing in known]

    def unit_of(self, actor: Actor) -> str:
        """The unit that the actor works for, if it is one."""
        with self.database.read() as transaction:
            account = account_in(transaction, actor.id)
        units = account.units - {EVERY_UNIT} if account is not None else frozenset()
        return min(units) if len(units) == 1 else ""

    def _of_one_person(self, transaction: Transaction, actor: Actor, action: Action) -> Grant:
        """Everything, unless the log says that there were accounts: who removes the rows must not open the door."""
        if audit.newest(transaction, 1, audit.EventFilter(tag=Tag.ACCOUNT_ADDED)):
            return none("the accounts of this library are gone, although its audit log names some", Code.CUSTODY_FAULT)
        return LocalPolicy().grant(actor, action)

    def _proved(self, account_id: str, session: rows.SessionRow | None) -> bool:
        if session is None or session["account_id"] != account_id or session["ended_at"]:
            return False
        return is_fresh(datetime.fromisoformat(session["proved_at"]), self.clock())


#: Nouns whose rows have the ID of the recording as their own.
_ROW_IS_RECORDING = frozenset({"recordings", "findings"})


def _of_itself(thing: Thing) -> Thing:
    if thing.noun not in _ROW_IS_RECORDING or not thing.id:
        return thing
    return replace(thing, attributes={"recording_id": thing.id, **thing.attributes})


def _with_units(thing: Thing, units: Mapping[str, str]) -> Thing:
    found = sorted({units[one] for one in thing.values("recording_id") if one in units})
    return replace(thing, attributes={"unit": tuple(found), **thing.attributes})
