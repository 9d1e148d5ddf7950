"""Accounts as rows: read as they stand, and changed by steps, each with the event that vouches for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.account import Account, AccountAct, Duty
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.domain.codec import JsonObject
from bodyworn.domain.errors import Conflict, NotFound
from bodyworn.domain.event import Tag
from bodyworn.domain.event_details import EventDetail
from bodyworn.domain.people_events import AccountChanged
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import audit
from bodyworn.storage.rows import people as rows


def account_in(transaction: Transaction, account_id: str) -> Account | None:
    """The account of that id as it stands."""
    row = rows.account(transaction, account_id)
    if row is None:
        return None
    used = rows.last_used(transaction, account_id).get(account_id)
    return _account(row, rows.steps(transaction, account_id), used)


def accounts_in(transaction: Transaction) -> list[Account]:
    """All accounts as they stand, by id."""
    by_account: dict[str, list[rows.AccountStepRow]] = {}
    for step in rows.steps(transaction):
        by_account.setdefault(step["account_id"], []).append(step)
    used = rows.last_used(transaction)
    return [
        _account(row, by_account.get(row["id"], []), used.get(row["id"])) for row in rows.every_account(transaction)
    ]


def nobody_set_up(transaction: Transaction) -> bool:
    """Whether no account was ever set up: the first invitation may be lost, and then nobody could make another.

    The audit log tells it; rows of credentials can be removed by hand.
    """
    return not audit.newest(transaction, 1, audit.EventFilter(tag=Tag.ACCOUNT_CREDENTIAL_SET))


def detail(step: rows.AccountStepRow) -> Mapping[str, str]:
    """What a step says beside lists: texts by name."""
    return {key: value for key, value in json.loads(step["detail"]).items() if isinstance(value, str)}


def newest(steps: Iterable[rows.AccountStepRow], *acts: AccountAct) -> rows.AccountStepRow | None:
    """The last of those steps that is one of these acts."""
    return next((step for step in reversed(list(steps)) if step["act"] in acts), None)


def add_account(transaction: Transaction, audit_log: AuditLog, account_id: str, name: str) -> None:
    """Write a new account; :class:`Conflict` where there is one of that id, for ids are never used again."""
    if rows.account(transaction, account_id) is not None:
        raise Conflict(f"there is an account {account_id} already", "Choose another name to sign in with")
    values: JsonObject = {"id": account_id, "name": name, **audit_log.done_by()}
    audit_log.add_row(transaction, Tag.ACCOUNT_ADDED, account_id, "accounts", values)


def add_step(
    transaction: Transaction,
    audit_log: AuditLog,
    account_id: str,
    act: AccountAct,
    *,
    values: Sequence[str] = (),
    texts: Mapping[str, str] | None = None,
    why: str = "",
    event: tuple[Tag, EventDetail] | None = None,
) -> None:
    """Write a step: ``values`` are what counts from then on, ``texts`` what else belongs to it and is in no event."""
    number = len(rows.steps(transaction, account_id)) + 1
    row: JsonObject = {
        "id": f"{account_id}.{number}",
        "account_id": account_id,
        "number": number,
        "act": act.value,
        "detail": json.dumps({**(texts or {}), "values": sorted(values)}, sort_keys=True, ensure_ascii=False),
        "why": why,
        **audit_log.done_by(),
    }
    tag, told = event or (Tag.ACCOUNT_CHANGED, AccountChanged(act.value, tuple(sorted(values))))
    audit_log.add_row(transaction, tag, account_id, "account_steps", row, told)


def missing(account_id: str) -> NotFound:
    """There is no such account."""
    return NotFound(f"there is no account {account_id}", "Look at the list of people")


def _account(row: rows.AccountRow, steps: Sequence[rows.AccountStepRow], used: str | None) -> Account:
    values: dict[str, list[str]] = {step["act"]: json.loads(step["detail"])["values"] for step in steps}
    switched = newest(steps, AccountAct.DISABLE, AccountAct.ENABLE)
    disabled = switched is not None and switched["act"] == AccountAct.DISABLE
    since = switched["at"] if switched is not None else row["at"]
    return Account(
        id=row["id"],
        roles=frozenset(AgencyRole(one) for one in values.get(AccountAct.ROLES, [])),
        units=frozenset(values.get(AccountAct.UNITS, [])),
        disabled=disabled,
        name=row["name"],
        duties=frozenset(Duty(one) for one in values.get(AccountAct.DUTIES, [])),
        since=datetime.fromisoformat(since),
        used_at=datetime.fromisoformat(used) if used else None,
    )
