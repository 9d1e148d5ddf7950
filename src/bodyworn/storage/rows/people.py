"""Rows of people: accounts and their steps, credentials, sessions, failed attempts to sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict, cast

from sqlalchemy import delete, func, insert, select, update

from bodyworn.storage.access_tables import account_steps, accounts, credentials, sessions, sign_in_failures
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows.retention import DoneBy


class AccountRow(DoneBy):
    """An account as it was made."""

    id: str
    name: str


class AccountStepRow(DoneBy):
    """Something that was done to an account; ``detail`` is JSON, ``number`` counts from 1."""

    id: str
    account_id: str
    number: int
    act: str
    detail: str
    why: str


class CredentialRow(TypedDict):
    """What proves who somebody is; ``counter`` is the last one-time code or signature that was used."""

    id: str
    account_id: str
    kind: str
    secret: str
    counter: int
    made_at: str


class SessionRow(TypedDict):
    """A session; ``ended_at`` is empty while it runs."""

    id: str
    account_id: str
    way: str
    made_at: str
    seen_at: str
    proved_at: str
    ended_at: str


def has_accounts(transaction: Transaction) -> bool:
    """Whether the library has people with accounts."""
    return transaction.execute(select(accounts.c.id).limit(1)).first() is not None


def every_account(transaction: Transaction) -> list[AccountRow]:
    """All accounts by id."""
    rows = transaction.execute(select(accounts).order_by(accounts.c.id)).mappings()
    return [cast(AccountRow, dict(row)) for row in rows]


def account(transaction: Transaction, account_id: str) -> AccountRow | None:
    """The account of that id."""
    row = transaction.execute(select(accounts).where(accounts.c.id == account_id)).mappings().first()
    return cast(AccountRow, dict(row)) if row is not None else None


def steps(transaction: Transaction, account_id: str | None = None) -> list[AccountStepRow]:
    """The steps of one account, or of all, in order."""
    query = select(account_steps).order_by(account_steps.c.account_id, account_steps.c.number)
    if account_id is not None:
        query = query.where(account_steps.c.account_id == account_id)
    return [cast(AccountStepRow, dict(row)) for row in transaction.execute(query).mappings()]


def last_used(transaction: Transaction, account_id: str | None = None) -> dict[str, str]:
    """When a session was opened last with one account, or with each."""
    query = select(sessions.c.account_id, func.max(sessions.c.made_at)).group_by(sessions.c.account_id)
    if account_id is not None:
        query = query.where(sessions.c.account_id == account_id)
    return {row[0]: row[1] for row in transaction.execute(query)}


def credentials_of(transaction: Transaction, account_id: str) -> list[CredentialRow]:
    """What proves who the person is, oldest first."""
    query = select(credentials).where(credentials.c.account_id == account_id).order_by(credentials.c.made_at)
    return [cast(CredentialRow, dict(row)) for row in transaction.execute(query).mappings()]


def credentials_of_kind(transaction: Transaction, kind: str) -> list[CredentialRow]:
    """All credentials of that kind."""
    rows = transaction.execute(select(credentials).where(credentials.c.kind == kind)).mappings()
    return [cast(CredentialRow, dict(row)) for row in rows]


def add_credential(transaction: Transaction, row: CredentialRow) -> None:
    """Add one."""
    transaction.execute(insert(credentials).values(dict(row)))


def replace_secret(transaction: Transaction, credential_id: str, secret: str) -> None:
    """Put another secret in the place of the one before."""
    transaction.execute(update(credentials).where(credentials.c.id == credential_id).values(secret=secret))


def advance(transaction: Transaction, credential_id: str, counter: int) -> bool:
    """Take ``counter`` as used; ``False`` where it was used before, or a later one was."""
    newer = (credentials.c.id == credential_id) & (credentials.c.counter < counter)
    return transaction.execute(update(credentials).where(newer).values(counter=counter)).rowcount == 1


def remove_credential(transaction: Transaction, credential_id: str) -> None:
    """Remove one."""
    transaction.execute(delete(credentials).where(credentials.c.id == credential_id))


def remove_credentials(transaction: Transaction, account_id: str, kinds: tuple[str, ...] = ()) -> None:
    """Remove all credentials of an account, or those of some kinds."""
    query = delete(credentials).where(credentials.c.account_id == account_id)
    transaction.execute(query.where(credentials.c.kind.in_(kinds)) if kinds else query)


def add_session(transaction: Transaction, row: SessionRow) -> None:
    """Add one."""
    transaction.execute(insert(sessions).values(dict(row)))


def session(transaction: Transaction, start: str) -> SessionRow | None:
    """The session whose id starts with ``start``."""
    query = select(sessions).where(sessions.c.id.startswith(start, autoescape=True)).limit(1)
    row = transaction.execute(query).mappings().first()
    return cast(SessionRow, dict(row)) if row is not None else None


def sessions_of(transaction: Transaction, account_id: str, since: str) -> list[SessionRow]:
    """The sessions of an account that were used since then and not ended, newest first."""
    found = (sessions.c.account_id == account_id) & (sessions.c.ended_at == "") & (sessions.c.seen_at >= since)
    query = select(sessions).where(found).order_by(sessions.c.made_at.desc())
    return [cast(SessionRow, dict(row)) for row in transaction.execute(query).mappings()]


def change_session(transaction: Transaction, session_id: str, values: Mapping[str, str]) -> None:
    """Write when it was seen, proved or ended."""
    transaction.execute(update(sessions).where(sessions.c.id == session_id).values(dict(values)))


def end_sessions(transaction: Transaction, account_id: str, at: str) -> int:
    """End all sessions of an account; how many ran."""
    running = (sessions.c.account_id == account_id) & (sessions.c.ended_at == "")
    return int(transaction.execute(update(sessions).where(running).values(ended_at=at)).rowcount)


def failures(transaction: Transaction, login: str, since: str) -> int:
    """How often somebody failed to sign in by that name since then."""
    query = select(func.count()).where(sign_in_failures.c.login == login, sign_in_failures.c.at >= since)
    return int(transaction.scalar(query) or 0)


def add_failure(transaction: Transaction, login: str, at: str, oldest: str) -> None:
    """Add one, and forget all that were before ``oldest``."""
    transaction.execute(delete(sign_in_failures).where(sign_in_failures.c.at < oldest))
    transaction.execute(insert(sign_in_failures).values(login=login, at=at))


def forget_failures(transaction: Transaction, login: str) -> None:
    """Forget those of one name: the person signed in."""
    transaction.execute(delete(sign_in_failures).where(sign_in_failures.c.login == login))
