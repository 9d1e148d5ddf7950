"""Rows of results (stage key → artefact) and of what people chose for a recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bodyworn.storage.database import Transaction
from bodyworn.storage.tables import choices, results

Row = Mapping[str, Any]


def result(transaction: Transaction, key: str) -> Row | None:
    """The result of that key."""
    row = transaction.execute(select(results).where(results.c.key == key)).mappings().first()
    return dict(row) if row else None


def results_of(transaction: Transaction, recording_id: str) -> list[Row]:
    """All results of a recording, in the order they were made."""
    query = select(results).where(results.c.recording_id == recording_id).order_by(results.c.made_at, results.c.key)
    return [dict(row) for row in transaction.execute(query).mappings()]


def choices_of(transaction: Transaction, recording_id: str) -> dict[str, str]:
    """What people chose for a recording: the newest value by name."""
    query = select(choices.c.name, choices.c.value).where(choices.c.recording_id == recording_id).order_by(choices.c.id)
    return {row.name: row.value for row in transaction.execute(query)}
