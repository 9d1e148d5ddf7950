"""Rows of jobs: who is at which stage of which recording, until when, for the how-manieth time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update

from bodyworn.storage.database import Transaction
from bodyworn.storage.tables import jobs

Row = Mapping[str, Any]


def job(transaction: Transaction, key: str) -> Row | None:
    """The job of that key."""
    row = transaction.execute(select(jobs).where(jobs.c.key == key)).mappings().first()
    return dict(row) if row else None


def running(transaction: Transaction, recording_id: str) -> list[Row]:
    """Jobs of a recording that somebody holds."""
    query = select(jobs).where(jobs.c.recording_id == recording_id, jobs.c.state == "running")
    return [dict(row) for row in transaction.execute(query).mappings()]


def start(transaction: Transaction, row: Row) -> None:
    """Write a job as running, new or taken over."""
    if job(transaction, row["key"]) is None:
        transaction.execute(insert(jobs).values(dict(row)))
    else:
        transaction.execute(update(jobs).where(jobs.c.key == row["key"]).values(dict(row)))


def move(transaction: Transaction, key: str, attempt: int, values: Row) -> bool:
    """Change a running job, but only in the attempt that holds it; ``False`` if another took it over."""
    held = (jobs.c.key == key) & (jobs.c.attempt == attempt) & (jobs.c.state == "running")
    return transaction.execute(update(jobs).where(held).values(dict(values))).rowcount == 1
