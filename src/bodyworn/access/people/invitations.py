"""Invitations: a code, used once and in time, by which a person sets up an account that has nothing else yet."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bodyworn.access.people.ledger import add_step, detail, newest
from bodyworn.access.typed_codes import code_digest
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.account import AccountAct
from bodyworn.domain.event import now, stamp
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows.people import AccountStepRow

HOURS = 72
#: Letters and digits that nobody mistakes for one another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5


@dataclass(frozen=True)
class Invitation:
    """Shown once to who gives it to the person, and kept as a digest only."""

    account: str
    code: str
    until: datetime


def give(transaction: Transaction, audit_log: AuditLog, account: str, act: AccountAct, why: str) -> Invitation:
    """Write a new invitation; the one before stops working."""
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    until = now() + timedelta(hours=HOURS)
    texts = {"code_sha256": code_digest(code), "until": stamp(until)}
    add_step(transaction, audit_log, account, act, texts=texts, why=why)
    return Invitation(account, code, until)


def works(steps: Sequence[AccountStepRow], untrusted_code: str, at: datetime) -> bool:
    """Whether the code is that of the newest invitation, in time, and the account was not set up since."""
    last = newest(steps, AccountAct.INVITE, AccountAct.APPROVE_RECOVERY, AccountAct.CREDENTIAL)
    if last is None or last["act"] == AccountAct.CREDENTIAL:
        return False
    told = detail(last)
    in_time = at < datetime.fromisoformat(told["until"])
    return hmac.compare_digest(told["code_sha256"], code_digest(untrusted_code)) and in_time
