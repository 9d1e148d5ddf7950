"""What every way of signing in ends with: a session that is opened or proved again, or a refusal that says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bodyworn.access.sessions import DenialTally
from bodyworn.access.signing_in.proofs import Proof
from bodyworn.access.signing_in.sessions import OpenSession, StoredSessions
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.account import Account
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import Denied
from bodyworn.domain.event import Outcome, Tag
from bodyworn.domain.event_details import AccessDenied
from bodyworn.domain.people_events import SessionChanged
from bodyworn.storage.databases.base import Database, Transaction

MOST_FAILURES = 5
#: What events are about where the name is that of no account: it may be a password typed into the wrong field.
NOBODY = "sign-in"


@dataclass(frozen=True)
class SignedIn:
    """A session that was opened: the token for the person alone, its id in events, and the account.

    ``recovery_codes`` are shown once, when an account was set up.
    """

    token: str
    session: str
    account: str
    recovery_codes: Sequence[str] = ()


class Opening:
    """Opens sessions of one library and writes down who was turned away.

    ``audit_log`` is that of the process, whose actor stands for who is not known yet. Refusals that name no account are
    tallied: whoever tries one name after the other must not be able to fill the log.
    """

    def __init__(
        self, database: Database, audit_log: AuditLog, sessions: StoredSessions, clock: Callable[[], datetime]
    ) -> None:
        self._database, self._audit_log, self._sessions, self._clock = database, audit_log, sessions, clock
        self._denials = DenialTally()

    def open(self, transaction: Transaction, account: str, way: str, by: tuple[Proof, ...]) -> SignedIn:
        """Open a session for who proved to be the person of the account."""
        token, shown = self._sessions.opened(transaction, account, way)
        detail = SessionChanged(way, tuple(by))
        self.acting(account, way, shown).append(Tag.SESSION_OPENED, account, detail, within=transaction)
        return SignedIn(token, shown, account)

    def proved(self, transaction: Transaction, token: str, session: OpenSession, by: tuple[Proof, ...]) -> None:
        """Note that the person of a running session proved again who they are."""
        self._sessions.prove(transaction, token)
        acting = self.acting(session.account.id, session.way, session.id)
        detail = SessionChanged(session.way, tuple(by))
        acting.append(Tag.SESSION_PROVED, session.account.id, detail, within=transaction)

    def closed(self, account: Account) -> str:
        """Why the account cannot be used; empty if it can."""
        if account.disabled:
            return "the account is disabled"
        return "the account was not used for 90 days and is disabled" if account.unused(self._clock()) else ""

    def failed(self, account: Account | None, why: str) -> Denied:
        """Write down why somebody was turned away; what they are told, which is the same whatever was wrong."""
        with self._database.write() as transaction:
            self.denied(transaction, account.id if account is not None else NOBODY, why)
        return refused()

    def denied(self, transaction: Transaction, about: str, why: str, act: str = "sign-in") -> None:
        """Write down that somebody was turned away."""
        attempts = self._denials.admit(why) if about == NOBODY else 1
        if attempts:
            detail = AccessDenied(act=act, why=why, attempts=attempts)
            self._audit_log.append(Tag.ACCESS_DENIED, about, detail, outcome=Outcome.DENIED, within=transaction)

    def acting(self, account: str, way: str, session: str = "") -> AuditLog:
        """The audit log for the person of the account."""
        return self._audit_log.acting(Actor(account, self._audit_log.actor.node, way, session=session))


def refused() -> Denied:
    """The one answer to all that is wrong."""
    return Denied(
        "the name, the password or the code is not right",
        f"Try again; after {MOST_FAILURES} failures in 15 minutes nobody gets in by this name for as long",
    )
