"""Entries as they lie in rows: read with care, for a row may have been edited by hand."""

from __future__ import annotations

import json

from bodyworn.custody import merkle
from bodyworn.custody.key_history import KeyHistory
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.domain.event import Event, Tag
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import audit
from bodyworn.storage.rows.audit import EventFilter


def read_event(row: audit.AuditRow) -> Event:
    """The event in a row; :class:`CustodyError` if the row was edited so that it is none."""
    try:
        return Event.from_json(json.loads(row.body))
    except (ValueError, TypeError, RecursionError):
        raise CustodyError(
            f"row {row.seq} of the audit log cannot be read", "Check the audit log", Code.CUSTODY_FAULT
        ) from None


def says_heads(first: audit.AuditRow) -> bool:
    """Whether the first row says that the newest row of this log is always signed."""
    return read_event(first).detail.get("heads") is True


def keys_named(transaction: Transaction) -> KeyHistory:
    """The keys of the log, by its first row and the index; :mod:`bodyworn.custody.verify` reads all rows instead."""
    history = KeyHistory()
    first = audit.first(transaction)
    rotations = audit.newest(transaction, None, EventFilter(tag=Tag.AUDIT_LOG_KEY_ROTATED))
    for row in [*([first] if first else []), *reversed(rotations)]:
        if row.hash == merkle.leaf_hash(row.prev + row.body):
            event = read_event(row)
            history.hear(row.seq, event.tag, event.detail)
    return history
