"""Passkeys (WebAuthn): added by a person who proved freshly who they are, and both factors at once from then on.

The device checks the person (user verification), and the browser tells the site that asked, so an answer that another
site called forth counts for nothing. A passkey whose count goes back was copied: it is removed, and that is recorded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict, cast

from bodyworn.access.people.ledger import account_in
from bodyworn.access.people.stored_policy import is_fresh
from bodyworn.access.signing_in import proofs, webauthn_answers
from bodyworn.access.signing_in.challenges import Challenges, Purpose
from bodyworn.access.signing_in.opening import Opening, SignedIn
from bodyworn.access.signing_in.proofs import NewProof, Proof
from bodyworn.access.signing_in.sessions import OpenSession, StoredSessions
from bodyworn.access.signing_in.webauthn_answers import PasskeySite
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.account import Account
from bodyworn.domain.errors import Code, Denied, InputError, NotFound
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import people as rows

#: Passkeys of one person, and characters of the name that the person gives one.
MOST, NAME_LENGTH = 10, 60


class _Kept(TypedDict):
    """A passkey as it is stored, as JSON: its id and public key in base64url, and what the person calls it."""

    passkey: str
    public_key: str
    site: str
    name: str


@dataclass(frozen=True)
class Passkey:
    """A passkey of a person: ``id`` is that of its row, ``name`` what the person calls it."""

    id: str
    name: str
    made_at: datetime


@dataclass(frozen=True)
class _Found:
    """The passkey that an answer names, and whose it is."""

    account: Account
    row: rows.CredentialRow
    kept: _Kept


class Passkeys:
    """The passkeys of one library."""

    def __init__(
        self,
        database: Database,
        audit_log: AuditLog,
        sessions: StoredSessions,
        opening: Opening,
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._audit_log, self._sessions = database, audit_log, sessions
        self._opening, self._clock = opening, clock
        self.challenges = Challenges()

    def of(self, account: str) -> Sequence[Passkey]:
        """The passkeys of an account, oldest first."""
        with self._database.read() as transaction:
            found = proofs.vouched(transaction, account, Proof.PASSKEY)
        return [Passkey(row["id"], _kept(row)["name"], datetime.fromisoformat(row["made_at"])) for row in found]

    def asked(self, site: PasskeySite, purpose: Purpose, bound: str) -> str:
        """What a browser needs to ask for any passkey of this site, as JSON."""
        return webauthn_answers.request_for(site, self.challenges.new(purpose, bound))

    def creation(self, site: PasskeySite, account: Account, bound: str) -> str:
        """What a browser needs to make a passkey for the account, as JSON."""
        with self._database.read() as transaction:
            known = [_kept(row)["passkey"] for row in proofs.vouched(transaction, account.id, Proof.PASSKEY)]
        challenge = self.challenges.new(Purpose.ADD, bound)
        return webauthn_answers.creation_for(site, challenge, handle(account.id), (account.login, account.name), known)

    def add(self, session: OpenSession, site: PasskeySite, bound: str, untrusted_answer: str, name: str) -> None:
        """Keep a passkey that was made for the person of a session who proved freshly who they are."""
        self.require_fresh(session, "passkeys.add")
        called = " ".join(name.split())
        if not called.isprintable() or not 0 < len(called) <= NAME_LENGTH:
            raise InputError("the passkey needs a name", f"Give 1 to {NAME_LENGTH} printable characters")
        challenge = self._taken(Purpose.ADD, bound, untrusted_answer)
        made = webauthn_answers.created(site, challenge, untrusted_answer) if challenge is not None else None
        if made is None:
            raise InputError("the passkey could not be made", "Load the page again and add it once more")
        account = session.account.id
        kept = _Kept(passkey=made.passkey, public_key=made.public_key, site=site.id, name=called)
        with self._database.write() as transaction:
            if len(proofs.vouched(transaction, account, Proof.PASSKEY)) >= MOST:
                raise InputError(f"an account has at most {MOST} passkeys", "Remove one first")
            if self._found(transaction, made.passkey) is not None:
                raise InputError("this passkey is known already", "Make another one")
            acting = self._opening.acting(account, session.way, session.id)
            new = NewProof(Proof.PASSKEY, json.dumps(kept, sort_keys=True), made.count)
            proofs.keep(transaction, acting, account, [new])
        self._audit_log.seal()

    def remove(self, session: OpenSession, credential: str) -> None:
        """Take a passkey from the person of a session who proved freshly who they are."""
        self.require_fresh(session, "passkeys.remove")
        account = session.account.id
        with self._database.write() as transaction:
            if credential not in {row["id"] for row in proofs.vouched(transaction, account, Proof.PASSKEY)}:
                raise NotFound("there is no such passkey", "Look at your passkeys", Code.NOT_FOUND, noun="passkey")
            acting = self._opening.acting(account, session.way, session.id)
            proofs.remove(transaction, acting, account, credential)
        self._audit_log.seal()

    def sign_in(self, site: PasskeySite, bound: str, untrusted_answer: str, way: str) -> SignedIn:
        """Open a session by a passkey; :class:`Denied`, an event, for whatever is wrong."""
        found = self._checked(site, Purpose.SIGN_IN, bound, untrusted_answer)
        if why := self._opening.closed(found.account):
            raise self._opening.failed(found.account, why)
        with self._database.write() as transaction:
            opened = self._opening.open(transaction, found.account.id, way, (Proof.PASSKEY,))
        self._audit_log.seal()
        return opened

    def prove(
        self, session: OpenSession, token: str, site: PasskeySite, bound: str, untrusted_answer: str
    ) -> OpenSession:
        """Prove again, by a passkey of the same person, who the person of a running session is."""
        found = self._checked(site, Purpose.PROVE, bound, untrusted_answer)
        if found.account.id != session.account.id:
            raise self._opening.failed(session.account, "a passkey of somebody else")
        with self._database.write() as transaction:
            self._opening.proved(transaction, token, session, (Proof.PASSKEY,))
        return replace(session, proved_at=self._clock())

    def require_fresh(self, session: OpenSession, act: str) -> None:
        """Raise :class:`Denied`, an event, unless the person proved freshly who they are."""
        if not is_fresh(session.proved_at, self._clock()):
            why = f"{act} needs a fresh proof of who you are"
            with self._database.write() as transaction:
                self._opening.denied(transaction, session.account.id, why, act)
            raise Denied(why, "Prove again who you are, and do it then", Code.PROOF_NEEDED)

    def _taken(self, purpose: Purpose, bound: str, untrusted_answer: str) -> bytes | None:
        challenge = webauthn_answers.challenge_in(untrusted_answer)
        fits = challenge is not None and self.challenges.take(purpose, bound, challenge)
        return challenge if fits else None

    def _checked(self, site: PasskeySite, purpose: Purpose, bound: str, untrusted_answer: str) -> _Found:
        """The passkey that gave the answer, its count advanced; :class:`Denied` for whatever is wrong."""
        challenge = self._taken(purpose, bound, untrusted_answer)
        if challenge is None:
            raise self._opening.failed(None, "a challenge that is old, used or not of this place")
        with self._database.read() as transaction:
            found = self._found(transaction, webauthn_answers.passkey_in(untrusted_answer))
        if found is None:
            raise self._opening.failed(None, "a passkey that is not known")
        count = webauthn_answers.signed(
            site, challenge, untrusted_answer, found.kept["public_key"], handle(found.account.id)
        )
        if count is None:
            raise self._opening.failed(found.account, "a passkey that did not sign for this place")
        with self._database.write() as transaction:
            copied = not self._counts(transaction, found.row["id"], count)
            if copied:
                self._opening.denied(transaction, found.account.id, "a passkey whose count went back: it was copied")
                proofs.remove(transaction, self._audit_log, found.account.id, found.row["id"])
        if copied:
            self._audit_log.seal()
            raise Denied(
                "this passkey was used elsewhere since, so there is a copy of it; it counts no more",
                "Sign in with your password and a code, and tell your administrator",
            )
        return found

    def _counts(self, transaction: Transaction, credential: str, count: int) -> bool:
        """Whether the count goes on. A device that never counts gives 0 each time, and says nothing of copies."""
        before = next(
            (row["counter"] for row in rows.credentials_of_kind(transaction, Proof.PASSKEY) if row["id"] == credential),
            None,
        )
        if before is None:
            return False
        return (count == 0 and before == 0) or rows.advance(transaction, credential, count)

    def _found(self, transaction: Transaction, passkey: str) -> _Found | None:
        row = proofs.holder(transaction, Proof.PASSKEY, lambda one: _kept(one)["passkey"] == passkey)
        account = account_in(transaction, row["account_id"]) if row is not None else None
        return _Found(account, row, _kept(row)) if row is not None and account is not None else None


def handle(account: str) -> bytes:
    """What a device keeps of the account beside a passkey: 32 bytes that name nobody."""
    return hashlib.sha256(f"passkey of {account}".encode()).digest()


def _kept(row: rows.CredentialRow) -> _Kept:
    return cast(_Kept, json.loads(row["secret"]))
