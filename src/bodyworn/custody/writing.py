"""Writing rows of the audit log: one after another in a transaction, and one signature over the newest of them.

Events of several people may share a transaction. Each is a row of its own that follows from the one before; the head
signs the last one, and its hash stands for all before it. They are there together or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bodyworn.custody import merkle
from bodyworn.custody.clock import clock_back
from bodyworn.custody.entry import keys_named
from bodyworn.custody.head import LogHead
from bodyworn.custody.key_history import KeyHistory
from bodyworn.custody.sealing import FIRST_PREV, Sealing
from bodyworn.domain.actor import Actor
from bodyworn.domain.codec import JsonObject
from bodyworn.domain.errors import CustodyError
from bodyworn.domain.event import Event, Outcome, Tag, now, stamp
from bodyworn.domain.event_details import ClockSetBack, EventDetail
from bodyworn.domain.event_kinds import stored
from bodyworn.storage.canonical import canonical_json
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import audit


@dataclass
class LogSession:
    """What the logs of all actors of one open library share."""

    sealing: Sealing | None = None
    keys: KeyHistory = field(default_factory=KeyHistory)
    unsealed: int = 0
    held_back: bool = False
    clock_set_back: ClockSetBack | None = None


@dataclass(frozen=True)
class NewEvent:
    """What somebody did, to be written: it gets its number and its time when it is."""

    actor: Actor
    tag: str
    object: str
    detail: EventDetail | JsonObject | None = None
    outcome: Outcome = Outcome.OK

    def numbered(self, seq: int) -> Event:
        """The event as row ``seq``, now."""
        who, detail = self.actor, stored(self.tag, self.detail)
        return Event(
            seq,
            now(),
            str(self.tag),
            who.id,
            who.node,
            who.source,
            self.outcome.value,
            self.object,
            detail,
            who.session,
            who.stated_name,
        )


def write_rows(transaction: Transaction, news: Sequence[NewEvent], session: LogSession) -> list[Event]:
    """Append a row for each, in order, and sign the last one.

    Where the clock was set back since the newest row, a row before them says so.
    """
    before = audit.last(transaction)
    if before is not None and (back := clock_back(before.at, now())) is not None:
        session.clock_set_back = back
        news = [NewEvent(news[0].actor, Tag.CLOCK_SET_BACK, "clock", back), *news]
    events: list[Event] = []
    rows: list[audit.AuditRow] = []
    entries: list[audit.IndexEntry] = []
    last = before
    for new in news:
        event = new.numbered((last.seq if last else 0) + 1)
        text, body = stamp(event.at), canonical_json(event.to_json())
        prev = last.hash if last else FIRST_PREV
        last = audit.AuditRow(event.seq, text, body, prev, merkle.leaf_hash(prev + body))
        rows.append(last)
        entries.append(audit.IndexEntry(event.seq, text, event.tag, event.actor, event.object))
        events.append(event)
    audit.append(transaction, rows, entries)
    for row in rows:
        _keep_full_subtrees(transaction, row.seq)
    _sign(transaction, before, rows[-1], session.sealing)
    return events


def _sign(transaction: Transaction, before: audit.AuditRow | None, newest: audit.AuditRow, by: Sealing | None) -> None:
    """Sign ``newest``; but not where the row ``before`` the new ones is not the one that was signed last.

    The head then stays behind, and says so for ever. :class:`CustodyError`, and nothing is written, where the log has
    had a new key since it was opened: its head is that key's to sign.
    """
    if by is None:
        return
    head = by.head(transaction) if before is not None else LogHead(0, "", folder=by.place)
    if head is None and keys_named(transaction).newest not in (None, by.signer.verifier):
        raise CustodyError(
            "the key of the audit log was replaced since it was opened, so nothing more is written with the former one",
            "Close the library and open it again",
        )
    if head is None or (before is not None and not head.fits(before)):
        return
    audit.keep_head(transaction, replace(head, size=newest.seq, hash=newest.hash.hex()).note(by.signer))


def _keep_full_subtrees(transaction: Transaction, size: int) -> None:
    """Store the roots of the subtrees that are full with row ``size``."""
    level, count = 0, size
    while count and count % audit.SUBTREE == 0:
        hashes = audit.hashes(transaction, level, count - audit.SUBTREE, count)
        if len(hashes) != audit.SUBTREE:  # a row was removed by force: verification says so
            return
        level, count = level + 1, count // audit.SUBTREE
        audit.keep_subtree(transaction, level, count - 1, merkle.subtree_root(hashes))
