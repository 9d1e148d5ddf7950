"""Which account a person at a provider is: linked by an administrator, never by a name or an e-mail address."""

from __future__ import annotations

import json

from bodyworn.access.signing_in import proofs
from bodyworn.access.signing_in.id_tokens import SUBJECT_LENGTH
from bodyworn.access.signing_in.proofs import NewProof, Proof
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.errors import Conflict, InputError
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import people as rows


def owner(transaction: Transaction, issuer: str, subject: str) -> str | None:
    """The account that the provider's subject is linked to."""
    secret = _secret(issuer, subject)
    row = proofs.holder(transaction, Proof.OIDC, lambda one: one["secret"] == secret)
    return row["account_id"] if row is not None else None


def linked(transaction: Transaction, account: str, issuer: str) -> bool:
    """Whether the account is linked to somebody at that provider."""
    return any(_issuer(row) == issuer for row in proofs.vouched(transaction, account, Proof.OIDC))


def link(transaction: Transaction, audit_log: AuditLog, account: str, issuer: str, subject: str, why: str) -> None:
    """Link the account; :class:`Conflict` where either of them is linked already."""
    if not issuer:
        raise InputError("this library has no provider to sign in by", "Set oidc_issuer and oidc_client_id first")
    if not 0 < len(subject) <= SUBJECT_LENGTH or not subject.isprintable() or subject != subject.strip():
        raise InputError(
            "this is no subject of a provider", f"Give the 1 to {SUBJECT_LENGTH} characters that it has for the person"
        )
    if linked(transaction, account, issuer):
        raise Conflict(f"{account} is linked already", "Unlink the account first")
    if owner(transaction, issuer, subject) is not None:
        raise Conflict("this subject is linked to another account", "Look at who it is; unlink that account first")
    proofs.keep(transaction, audit_log, account, [NewProof(Proof.OIDC, _secret(issuer, subject))], why)


def unlink(transaction: Transaction, audit_log: AuditLog, account: str, why: str) -> None:
    """Take every link from the account; :class:`Conflict` where there is none."""
    kept = proofs.vouched(transaction, account, Proof.OIDC)
    if not kept:
        raise Conflict(f"{account} is not linked to a provider", "Look at the account again")
    for row in kept:
        proofs.remove(transaction, audit_log, account, row["id"], why)


def _secret(issuer: str, subject: str) -> str:
    return json.dumps({"issuer": issuer, "subject": subject}, sort_keys=True, separators=(",", ":"))


def _issuer(row: rows.CredentialRow) -> str:
    return str(json.loads(row["secret"])["issuer"])
