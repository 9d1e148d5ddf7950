"""Signing in: an account is set up by its invitation, and opened by password and a second factor.

Whatever is wrong, the answer is the same and takes as long, so that nobody learns which names there are. Five failures
in a quarter of an hour lock the name for as long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bodyworn.access.people import invitations
from bodyworn.access.people.ledger import account_in, nobody_set_up
from bodyworn.access.signing_in import one_time_codes, passwords, proofs
from bodyworn.access.signing_in.oidc import Oidc
from bodyworn.access.signing_in.opening import MOST_FAILURES, NOBODY, Opening, SignedIn, refused
from bodyworn.access.signing_in.passkeys import Passkeys
from bodyworn.access.signing_in.proofs import NewProof, Proof
from bodyworn.access.signing_in.provider import Provider
from bodyworn.access.signing_in.secret_box import SecretBox
from bodyworn.access.signing_in.sessions import OpenSession, StoredSessions
from bodyworn.access.typed_codes import code_digest
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.account import Account, account_id
from bodyworn.domain.errors import Denied, InputError
from bodyworn.domain.event import Tag, now, stamp
from bodyworn.domain.people_events import SessionChanged
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import people as rows

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Enrollment:
    """The second factor of an account that is set up: its secret, and the address for a QR code."""

    secret: str
    address: str


class SignIn:
    """Signing in to one library; ``audit_log`` is that of the process, whose actor stands for who is not known yet."""

    def __init__(
        self,
        database: Database,
        audit_log: AuditLog,
        box: SecretBox,
        *,
        known_bad: Path | None = None,
        clock: Callable[[], datetime] = now,
        provider: Provider | None = None,
    ) -> None:
        self._database, self._audit_log, self._clock = database, audit_log, clock
        self.box, self.known_bad = box, known_bad
        self.sessions = StoredSessions(database, clock)
        self._opening = Opening(database, audit_log, self.sessions, clock)
        self.passkeys = Passkeys(database, audit_log, self.sessions, self._opening, clock)
        others = (database, audit_log, self.sessions, self._opening, clock)
        self.oidc = Oidc(provider, *others) if provider is not None else None

    def nobody_yet(self) -> bool:
        """Whether no account was ever set up: then the person at the machine can give another invitation."""
        with self._database.read() as transaction:
            return nobody_set_up(transaction)

    def enroll(self, login: str, code: str, password: str) -> Enrollment:
        """Check the invitation and the new password; the second factor to take into an authenticator program."""
        account = self._invited(login, code)
        passwords.refuse_weak(password, (account.login, *account.name.split()), self.known_bad)
        secret = one_time_codes.new_secret()
        return Enrollment(secret, one_time_codes.address(secret, account.login))

    def finish_enrolling(
        self, login: str, code: str, password: str, secret: str, one_time_code: str, way: str
    ) -> SignedIn:
        """Keep password and second factor, proved by its first code, and open a session; the invitation is used up."""
        account = self._invited(login, code)
        passwords.refuse_weak(password, (account.login, *account.name.split()), self.known_bad)
        step = one_time_codes.step_of(secret, one_time_code, self._clock())
        if step is None:
            raise InputError("the one-time code is not right", "Type the code that the program shows now")
        printed = one_time_codes.new_recovery_codes()
        new = [
            NewProof(Proof.WORDS, passwords.hashed(password)),
            NewProof(Proof.ONE_TIME_CODE, self.box.closed(secret, account.id), step),
            *(NewProof(Proof.RECOVERY_CODE, code_digest(one)) for one in printed),
        ]
        acting = self._opening.acting(account.id, way)
        with self._database.write() as transaction:
            if not invitations.works(rows.steps(transaction, account.id), code, self._clock()):
                raise refused()  # somebody else used it in this moment
            rows.remove_credentials(transaction, account.id, proofs.SET_UP)
            proofs.keep(transaction, acting, account.id, new)
            opened = self._opening.open(transaction, account.id, way, (Proof.WORDS, Proof.ONE_TIME_CODE))
        self._audit_log.seal()
        return replace(opened, recovery_codes=printed)

    def sign_in(self, login: str, password: str, second: str, way: str) -> SignedIn:
        """Open a session by password and second factor; :class:`Denied`, an event, for whatever is wrong."""
        named = self._attempt(login)
        with self._database.read() as transaction:
            account = account_in(transaction, named)
            fits = proofs.password_fits(transaction, account.id if account else None, password)
        if account is None or not fits:
            raise self._opening.failed(account, "wrong name or password")
        if why := self._opening.closed(account):
            raise self._opening.failed(account, why)
        with self._database.write() as transaction:
            proof = proofs.second_fits(transaction, self.box, account.id, second, self._clock())
            if proof is not None:
                rows.forget_failures(transaction, named)
                opened = self._opening.open(transaction, account.id, way, (Proof.WORDS, proof))
        if proof is None:
            raise self._opening.failed(account, "wrong, old or used one-time code")
        self._audit_log.seal()
        return opened

    def prove(self, token: str, way: str, password: str, second: str) -> OpenSession:
        """Prove again who the person of a running session is, by password and second factor."""
        session = self.sessions.running(token, way)
        if session is None:
            raise Denied("the session has ended", "Sign in again")
        named = self._attempt(session.account.login)
        with self._database.read() as transaction:
            fits = proofs.password_fits(transaction, session.account.id, password)
        proof = None
        with self._database.write() as transaction:
            if fits:
                proof = proofs.second_fits(transaction, self.box, session.account.id, second, self._clock())
            if proof is not None:
                rows.forget_failures(transaction, named)
                self._opening.proved(transaction, token, session, (Proof.WORDS, proof))
        if proof is None:
            raise self._opening.failed(session.account, "wrong password or one-time code")
        return replace(session, proved_at=self._clock())

    def sign_out(self, token: str, way: str) -> None:
        """End a session; nothing happens to one that has ended."""
        session = self.sessions.running(token, way)
        if session is None:
            return
        with self._database.write() as transaction:
            self.sessions.end(transaction, token)
            acting = self._opening.acting(session.account.id, way, session.id)
            acting.append(Tag.SESSION_ENDED, session.account.id, SessionChanged(way), within=transaction)

    def end(self, session: OpenSession, shown: str) -> None:
        """End another session of the same person, by its id as events have it; nothing happens to one that ended."""
        with self._database.write() as transaction:
            ended = self.sessions.end_of(transaction, session.account.id, shown)
            if ended is not None:
                acting = self._opening.acting(session.account.id, session.way, session.id)
                acting.append(Tag.SESSION_ENDED, session.account.id, SessionChanged(ended.way), within=transaction)

    def _attempt(self, login: str) -> str:
        """Count an attempt before it is looked at; the id of the account that is meant. Too many are turned away."""
        try:
            named = account_id(login)
        except InputError:
            named = NOBODY
        at = self._clock()
        with self._database.write() as transaction:
            before = rows.failures(transaction, named, stamp(at - WINDOW))
            if before <= MOST_FAILURES:  # one more than that notes that the lock was written down
                rows.add_failure(transaction, named, stamp(at), stamp(at - 2 * WINDOW))
            if before == MOST_FAILURES:
                self._opening.denied(transaction, _known(transaction, named), "too many failures")
        if before >= MOST_FAILURES:
            raise Denied("there were too many failed attempts with this name", "Wait 15 minutes and try again")
        return named

    def _invited(self, login: str, code: str) -> Account:
        named = self._attempt(login)
        with self._database.read() as transaction:
            account = account_in(transaction, named)
            works = account is not None and invitations.works(rows.steps(transaction, named), code, self._clock())
        if account is None or not works:
            raise self._opening.failed(account, "wrong, old or used invitation")
        if why := self._opening.closed(account):
            raise self._opening.failed(account, why)
        with self._database.write() as transaction:
            rows.forget_failures(transaction, named)
        return account


def _known(transaction: Transaction, named: str) -> str:
    """The id, if there is such an account: a name that was typed wrongly may be a password."""
    return named if rows.account(transaction, named) is not None else NOBODY
