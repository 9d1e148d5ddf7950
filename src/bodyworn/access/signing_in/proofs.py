"""What proves who a person is, kept in the library: added, vouched for by the audit log, and checked.

A row that was put there or changed by hand proves nothing: the step of the account has its digest.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bodyworn.access.people.ledger import add_step, detail
from bodyworn.access.signing_in import one_time_codes, passwords
from bodyworn.access.signing_in.secret_box import SecretBox
from bodyworn.access.typed_codes import code_digest
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.account import AccountAct
from bodyworn.domain.event import Tag, now, stamp
from bodyworn.domain.people_events import CredentialSet
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import people as rows


class Proof(StrEnum):
    """Kinds of what proves who a person is."""

    WORDS = "password"
    ONE_TIME_CODE = "totp"
    RECOVERY_CODE = "recovery"
    PASSKEY = "passkey"
    OIDC = "oidc"


#: What the person set up; a provider's word for the person is linked by an administrator.
SET_UP = tuple(kind.value for kind in Proof if kind is not Proof.OIDC)


@dataclass(frozen=True)
class NewProof:
    """A proof to keep: its kind and its secret as it is stored."""

    kind: Proof
    secret: str
    counter: int = 0


def keep(transaction: Transaction, audit_log: AuditLog, account: str, new: Sequence[NewProof], why: str = "") -> None:
    """Add proofs to an account, each vouched for by a step."""
    for one in new:
        made = f"crd_{secrets.token_hex(8)}"
        rows.add_credential(
            transaction,
            {
                "id": made,
                "account_id": account,
                "kind": one.kind.value,
                "secret": one.secret,
                "counter": one.counter,
                "made_at": stamp(now()),
            },
        )
        texts = {"credential": made, "sha256": _digest(one.secret)}
        event = (Tag.ACCOUNT_CREDENTIAL_SET, CredentialSet(one.kind.value))
        add_step(transaction, audit_log, account, AccountAct.CREDENTIAL, texts=texts, why=why, event=event)


def remove(transaction: Transaction, audit_log: AuditLog, account: str, credential: str, why: str = "") -> None:
    """Take one proof from an account; it proves nothing from then on, not even if its row is put back."""
    rows.remove_credential(transaction, credential)
    texts = {"credential": credential}
    add_step(transaction, audit_log, account, AccountAct.REMOVE_CREDENTIAL, values=[credential], texts=texts, why=why)


def vouched(transaction: Transaction, account: str, kind: Proof) -> list[rows.CredentialRow]:
    """The account's proofs of that kind that are as they were added, and were not removed since."""
    added: dict[str, str] = {}
    for step in rows.steps(transaction, account):
        told = detail(step)
        if step["act"] == AccountAct.CREDENTIAL:
            added[told["credential"]] = told["sha256"]
        elif step["act"] == AccountAct.REMOVE_CREDENTIAL:
            added.pop(told["credential"], None)
        elif step["act"] == AccountAct.APPROVE_RECOVERY:
            added.clear()
    kept = [row for row in rows.credentials_of(transaction, account) if row["kind"] == kind]
    return [row for row in kept if added.get(row["id"]) == _digest(row["secret"])]


def holder(
    transaction: Transaction, kind: Proof, fits: Callable[[rows.CredentialRow], bool]
) -> rows.CredentialRow | None:
    """The proof of that kind that fits, of whichever account, if it is as it was added."""
    for row in rows.credentials_of_kind(transaction, kind):
        if fits(row) and row["id"] in {one["id"] for one in vouched(transaction, row["account_id"], kind)}:
            return row
    return None


def password_fits(transaction: Transaction, account: str | None, untrusted_password: str) -> bool:
    """Whether it is the account's password; it takes as long where there is no account or no password."""
    kept = vouched(transaction, account, Proof.WORDS) if account is not None else []
    known = kept[-1]["secret"] if kept else passwords.of_nobody()
    return passwords.verified(known, untrusted_password) and bool(kept)


def second_fits(
    transaction: Transaction, box: SecretBox, account: str, untrusted_code: str, at: datetime
) -> Proof | None:
    """Which second factor the code is, used up from now on; ``None`` if it is none, or was used before."""
    for row in vouched(transaction, account, Proof.ONE_TIME_CODE):
        step = one_time_codes.step_of(box.opened(row["secret"], row["account_id"]), untrusted_code, at)
        if step is not None and rows.advance(transaction, row["id"], step):
            return Proof.ONE_TIME_CODE
    digest = code_digest(untrusted_code)
    for row in vouched(transaction, account, Proof.RECOVERY_CODE):
        if row["secret"] == digest and rows.advance(transaction, row["id"], 1):
            return Proof.RECOVERY_CODE
    return None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
