"""Sessions of people with accounts: kept in the library, so that they end for every process at once.

A session ends after half an hour without use and after twelve hours at most. Whoever holds the token is the person, so
the library keeps its digest only.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bodyworn.access.people.ledger import account_in
from bodyworn.domain.account import Account
from bodyworn.domain.event import now, stamp
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import people as rows

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
#: A time that lies so far ahead means that a clock was set back.
_AHEAD = timedelta(minutes=2)
#: The last use is written at most so often.
_SEEN = timedelta(minutes=1)
#: Characters of a session's id that stand in the audit log.
SHOWN = 12


@dataclass(frozen=True)
class OpenSession:
    """A running session: ``id`` is what events call it, ``proved_at`` when the person last proved who they are."""

    id: str
    account: Account
    way: str
    proved_at: datetime


@dataclass(frozen=True)
class RunningSession:
    """A session as it is listed for its person: ``way`` is ``web`` or ``cli``."""

    id: str
    way: str
    made_at: datetime
    seen_at: datetime


class StoredSessions:
    """The sessions of one library; ``clock`` gives the time."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database, self._clock = database, clock

    def opened(self, transaction: Transaction, account_id: str, way: str) -> tuple[str, str]:
        """A new session: its token, shown to nobody but the person's browser or file, and its id in events."""
        token = secrets.token_urlsafe(32)
        at = stamp(self._clock())
        made = _id_of(token)
        rows.add_session(
            transaction,
            {
                "id": made,
                "account_id": account_id,
                "way": way,
                "made_at": at,
                "seen_at": at,
                "proved_at": at,
                "ended_at": "",
            },
        )
        return token, made[:SHOWN]

    def running(self, untrusted_token: str | None, way: str) -> OpenSession | None:
        """The session of that token and way, if it runs and the account may be used; it counts as used now."""
        if not untrusted_token:
            return None
        with self._database.read() as transaction:
            row = rows.session(transaction, _id_of(untrusted_token))
            account = account_in(transaction, row["account_id"]) if row is not None else None
        if row is None or account is None or row["way"] != way or not self._runs(row):
            return None
        if account.disabled:
            return None
        if self._clock() - datetime.fromisoformat(row["seen_at"]) >= _SEEN:
            with self._database.write() as transaction:
                rows.change_session(transaction, row["id"], {"seen_at": stamp(self._clock())})
        return OpenSession(row["id"][:SHOWN], account, row["way"], datetime.fromisoformat(row["proved_at"]))

    def of(self, account_id: str) -> Sequence[RunningSession]:
        """The running sessions of an account, newest first."""
        with self._database.read() as transaction:
            return [_shown(row) for row in self._running(transaction, account_id)]

    def prove(self, transaction: Transaction, untrusted_token: str, at: datetime | None = None) -> None:
        """Note that the person proved who they are: now, or at the time that somebody else vouches for."""
        rows.change_session(transaction, _id_of(untrusted_token), {"proved_at": stamp(at or self._clock())})

    def end(self, transaction: Transaction, untrusted_token: str) -> None:
        """End the session."""
        rows.change_session(transaction, _id_of(untrusted_token), {"ended_at": stamp(self._clock())})

    def end_of(self, transaction: Transaction, account_id: str, shown: str) -> RunningSession | None:
        """End that session of the account, by its id as events have it; which it was, if it ran."""
        for row in self._running(transaction, account_id):
            if row["id"][:SHOWN] == shown:
                rows.change_session(transaction, row["id"], {"ended_at": stamp(self._clock())})
                return _shown(row)
        return None

    def _running(self, transaction: Transaction, account_id: str) -> list[rows.SessionRow]:
        found = rows.sessions_of(transaction, account_id, stamp(self._clock() - IDLE))
        return [row for row in found if self._runs(row)]

    def _runs(self, row: rows.SessionRow) -> bool:
        at = self._clock()
        made, seen = datetime.fromisoformat(row["made_at"]), datetime.fromisoformat(row["seen_at"])
        set_back = made - at > _AHEAD or seen - at > _AHEAD
        return not row["ended_at"] and not set_back and at - made < LONGEST and at - seen < IDLE


def _id_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _shown(row: rows.SessionRow) -> RunningSession:
    made, seen = datetime.fromisoformat(row["made_at"]), datetime.fromisoformat(row["seen_at"])
    return RunningSession(row["id"][:SHOWN], row["way"], made, seen)
