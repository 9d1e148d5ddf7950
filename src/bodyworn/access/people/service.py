"""People of a library: add, list, change, disable, invite, recover, explain. The first one is the administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bodyworn.access.access import Access
from bodyworn.access.account_policy import BEHIND_WALLS
from bodyworn.access.people import invitations
from bodyworn.access.people.explaining import Explanation, explained
from bodyworn.access.people.invitations import Invitation
from bodyworn.access.people.ledger import account_in, accounts_in, add_account, add_step, missing, newest
from bodyworn.access.signing_in import links, proofs
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.account import Account, AccountAct, Duty, account_id, unit_name
from bodyworn.domain.action import ACTIONS
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.domain.errors import Conflict, Denied, InputError
from bodyworn.domain.event import Outcome, Tag, now, stamp
from bodyworn.domain.event_details import AccessDenied, Viewed
from bodyworn.domain.recording import shown_name
from bodyworn.domain.visibility import Thing
from bodyworn.domain.written import written
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import people as rows

#: Characters of a person's name or of a reason.
LONGEST = 200


class People:
    """The accounts of one library, for the actor of ``audit_log``; ``issuer`` is their provider, if any."""

    def __init__(self, database: Database, audit_log: AuditLog, access: Access, issuer: str = "") -> None:
        self._database, self._audit_log, self._access = database, audit_log, access
        self._issuer = issuer

    def any(self) -> bool:
        """Whether the library has accounts; without any it is the one person's at this machine."""
        with self._database.read() as transaction:
            return rows.has_accounts(transaction)

    def list(self) -> Sequence[Account]:
        """All accounts, by id."""
        self._access.require("people.list")
        with self._database.read() as transaction:
            return self._access.only("people.list", accounts_in(transaction), thing_of)

    def listed(self, count: int) -> None:
        """Write that the list was looked at."""
        self._audit_log.append(Tag.PEOPLE_LISTED, "people", Viewed(count=count))

    def get(self, login: str) -> Account:
        """The account with that login; else :class:`NotFound`."""
        named = account_id(login)
        self._access.require("people.get", Thing("people", named))
        with self._database.read() as transaction:
            return _there(transaction, named)

    def add(
        self,
        login: str,
        name: str,
        roles: frozenset[AgencyRole],
        units: Sequence[str],
        duties: frozenset[Duty] = frozenset(),
    ) -> Invitation:
        """Make an account; the invitation lets the person set it up. The first one has to be an administrator."""
        self._access.require("people.add")
        named, shown = account_id(login), written(name, "the person's name", LONGEST)
        placed = sorted({unit_name(unit) for unit in units})
        _refuse_wall(roles, duties)
        with self._database.write() as transaction:
            if not rows.has_accounts(transaction) and AgencyRole.ADMINISTRATOR not in roles:
                raise InputError(
                    "the first account has to be an administrator's, or nobody could add the others",
                    "Add a person with the role administrator first",
                )
            add_account(transaction, self._audit_log, named, shown)
            for act, values in ((AccountAct.ROLES, roles), (AccountAct.UNITS, placed), (AccountAct.DUTIES, duties)):
                if values:
                    add_step(transaction, self._audit_log, named, act, values=sorted(values))
            invitation = invitations.give(transaction, self._audit_log, named, AccountAct.INVITE, "")
        self._audit_log.seal()
        return invitation

    def change(
        self,
        account: Account,
        why: str,
        *,
        roles: frozenset[AgencyRole] | None = None,
        units: Sequence[str] | None = None,
        duties: frozenset[Duty] | None = None,
    ) -> Account:
        """Give other roles, units or duties in place of those that the account has; it counts at once."""
        self._access.require("people.change", thing_of(account))
        reason = written(why, "the reason of the change", LONGEST)
        wanted = replace(
            account,
            roles=account.roles if roles is None else roles,
            units=account.units if units is None else frozenset(unit_name(unit) for unit in units),
            duties=account.duties if duties is None else duties,
        )
        _refuse_wall(wanted.roles, wanted.duties)
        with self._database.write() as transaction:
            stands = _there(transaction, account.id)
            if (stands.roles, stands.units, stands.duties) != (account.roles, account.units, account.duties):
                raise Conflict(f"{account.id} was changed by somebody else", "Look at the account again")
            if AgencyRole.ADMINISTRATOR not in wanted.roles:
                _refuse_last_administrator(transaction, account.id)
            for act, old, new in (
                (AccountAct.ROLES, stands.roles, wanted.roles),
                (AccountAct.UNITS, stands.units, wanted.units),
                (AccountAct.DUTIES, stands.duties, wanted.duties),
            ):
                if old != new:
                    add_step(transaction, self._audit_log, account.id, act, values=sorted(new), why=reason)
        self._audit_log.seal()
        return self._stands(account)

    def disable(self, account: Account, why: str) -> Account:
        """Let nobody in with the account any more; its sessions end."""
        self._access.require("people.disable", thing_of(account))
        return self._switch(account, AccountAct.DISABLE, why)

    def enable(self, account: Account, why: str) -> Account:
        """Let the person in again, with what proved who they are before."""
        self._access.require("people.enable", thing_of(account))
        return self._switch(account, AccountAct.ENABLE, why)

    def _switch(self, account: Account, act: AccountAct, why: str) -> Account:
        reason = written(why, "the reason", LONGEST)
        with self._database.write() as transaction:
            stands = _there(transaction, account.id)
            if act is AccountAct.DISABLE:
                _refuse_last_administrator(transaction, account.id)
            elif not stands.disabled and not stands.unused(now()):
                raise Conflict(f"{account.id} is not disabled", "Look at the account again")
            add_step(transaction, self._audit_log, account.id, act, why=reason)
            if act is AccountAct.DISABLE:
                rows.end_sessions(transaction, account.id, stamp(now()))
        self._audit_log.seal()
        return self._stands(account)

    def invite(self, account: Account) -> Invitation:
        """A new code for a person who has not set up the account yet; whoever has set it up needs a recovery."""
        self._access.require("people.invite", thing_of(account))
        with self._database.write() as transaction:
            if any(row["kind"] in proofs.SET_UP for row in rows.credentials_of(transaction, account.id)):
                raise Conflict(
                    f"{account.id} was set up already",
                    "Two administrators can let the person set it up anew (recovery)",
                )
            return invitations.give(transaction, self._audit_log, account.id, AccountAct.INVITE, "")

    def propose_recovery(self, account: Account, why: str) -> None:
        """Say that a person lost what proves who they are; another administrator has to approve."""
        self._access.require("people.propose_recovery", thing_of(account))
        reason = written(why, "the reason of the recovery", LONGEST)
        self._refuse_own(account, "people.propose_recovery")
        with self._database.write() as transaction:
            add_step(transaction, self._audit_log, account.id, AccountAct.PROPOSE_RECOVERY, why=reason)
        self._audit_log.seal()

    def approve_recovery(self, account: Account) -> Invitation:
        """Let the person set up the account anew: what proved it before is gone, and its sessions end."""
        self._access.require("people.approve_recovery", thing_of(account))
        self._refuse_own(account, "people.approve_recovery")
        with self._database.write() as transaction:
            steps = rows.steps(transaction, account.id)
            last = newest(steps, AccountAct.PROPOSE_RECOVERY, AccountAct.APPROVE_RECOVERY, AccountAct.CREDENTIAL)
            if last is None or last["act"] != AccountAct.PROPOSE_RECOVERY:
                raise Conflict(
                    f"no recovery of {account.id} is proposed", "Have another administrator propose it first"
                )
            proposed_by = last["by"]
            if proposed_by != self._access.actor.id:
                rows.remove_credentials(transaction, account.id)
                rows.end_sessions(transaction, account.id, stamp(now()))
                invitation = invitations.give(
                    transaction, self._audit_log, account.id, AccountAct.APPROVE_RECOVERY, last["why"]
                )
        if proposed_by == self._access.actor.id:
            self._refuse("people.approve_recovery", account, "it takes a second administrator to approve a recovery")
        self._audit_log.seal()
        return invitation

    def link(self, account: Account, subject: str, why: str) -> Account:
        """Let who the provider calls ``subject`` sign in as the person of the account."""
        self._access.require("people.link", thing_of(account))
        reason = written(why, "the reason", LONGEST)
        with self._database.write() as transaction:
            stands = _there(transaction, account.id)
            links.link(transaction, self._audit_log, stands.id, self._issuer, subject, reason)
        self._audit_log.seal()
        return self._stands(account)

    def unlink(self, account: Account, why: str) -> Account:
        """Let nobody sign in to the account by a provider any more; its sessions end."""
        self._access.require("people.unlink", thing_of(account))
        reason = written(why, "the reason", LONGEST)
        with self._database.write() as transaction:
            stands = _there(transaction, account.id)
            links.unlink(transaction, self._audit_log, stands.id, reason)
            rows.end_sessions(transaction, stands.id, stamp(now()))
        self._audit_log.seal()
        return self._stands(account)

    def explain(self, login: str, action: str, thing: str = "") -> Explanation:
        """Whether the person may do ``action`` (such as ``releases.approve``) to a thing named by its id, and why."""
        self._access.require("people.explain")
        named = account_id(login)
        if action not in ACTIONS:
            noun = action.partition(".")[0]
            near = sorted(name for name in ACTIONS if name.startswith(f"{noun}.")) or sorted(
                {one.noun for one in ACTIONS.values()}
            )
            raise InputError(f"there is no action {shown_name(action)!r}", f"Choose from {', '.join(near)}")
        with self._database.read() as transaction:
            account = _there(transaction, named)
        return explained(self._access.policy, self._database, account, ACTIONS[action], thing)

    def _stands(self, account: Account) -> Account:
        with self._database.read() as transaction:
            return _there(transaction, account.id)

    def _refuse_own(self, account: Account, action: str) -> None:
        if self._access.actor.id == account.id:
            self._refuse(action, account, "nobody recovers their own account")

    def _refuse(self, action: str, account: Account, why: str) -> None:
        detail = AccessDenied(act=action, why=why)
        self._audit_log.append(Tag.ACCESS_DENIED, account.id, detail, outcome=Outcome.DENIED)
        raise Denied(why, "Ask another administrator")


def thing_of(account: Account) -> Thing:
    """The account as the policy sees it."""
    return Thing("people", account.id)


def _there(transaction: Transaction, named: str) -> Account:
    account = account_in(transaction, named)
    if account is None:
        raise missing(named)
    return account


def _refuse_wall(roles: frozenset[AgencyRole], duties: frozenset[Duty]) -> None:
    for duty in sorted(duties):
        if behind := sorted(BEHIND_WALLS[duty] & roles):
            raise InputError(
                f"nobody has the duty {duty} and the role {behind[0]}", "Give them to two different people"
            )


def _refuse_last_administrator(transaction: Transaction, account: str) -> None:
    """Refuse to take away the last administrator who can sign in: nobody could add another."""
    left = [
        one
        for one in accounts_in(transaction)
        if one.id != account and AgencyRole.ADMINISTRATOR in one.roles and not one.disabled and not one.unused(now())
    ]
    before = account_in(transaction, account)
    if not left and before is not None and AgencyRole.ADMINISTRATOR in before.roles:
        raise InputError(f"{account} is the last administrator", "Make another person administrator first")
