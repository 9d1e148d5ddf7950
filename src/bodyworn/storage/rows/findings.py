"""Rows of results (stage key → artifact) and of what people chose for a recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.tables import choices, results


@dataclass(frozen=True)
class StoredResult:
    """A result: its key, who made it when, and the digest of its artifact."""

    key: str
    stage: str
    made_by: str
    made_at: str
    artifact: str


def result(transaction: Transaction, key: str) -> StoredResult | None:
    """The result of that key."""
    row = transaction.execute(select(results).where(results.c.key == key)).first()
    return _stored(row) if row else None


def results_of(transaction: Transaction, recording_id: str) -> dict[str, StoredResult]:
    """All results of a recording by their keys, also those that its plan does not ask for any more."""
    query = select(results).where(results.c.recording_id == recording_id)
    return {row.key: _stored(row) for row in transaction.execute(query)}


def _stored(row: Row[Any]) -> StoredResult:
    return StoredResult(row.key, row.stage, row.made_by, row.made_at, row.artefact)


def choices_of(transaction: Transaction, recording_id: str) -> dict[str, str]:
    """What people chose for a recording: the newest value by name."""
    query = select(choices.c.name, choices.c.value).where(choices.c.recording_id == recording_id).order_by(choices.c.id)
    return {row.name: row.value for row in transaction.execute(query)}
