"""Rows of jobs: who is at which stage of which recording, until when, and in which attempt."""

from __future__ import annotations

from typing import TypedDict, cast

from sqlalchemy import insert, select, update

from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.tables import jobs


class JobRow(TypedDict):
    """A job: ``holder`` names the run and the process that is at it, until ``lease_until`` (seconds since 1970)."""

    key: str
    recording_id: str
    stage: str
    state: str
    attempt: int
    holder: str | None
    lease_until: float | None
    error: str | None


class JobState(TypedDict, total=False):
    """What changes while a job is held."""

    state: str
    holder: str | None
    lease_until: float | None
    error: str | None


def job(transaction: Transaction, key: str) -> JobRow | None:
    """The job of that key."""
    row = transaction.execute(select(jobs).where(jobs.c.key == key)).mappings().first()
    return cast(JobRow, dict(row)) if row else None


def running(transaction: Transaction, recording_id: str, *, held: bool = False) -> list[JobRow]:
    """Jobs of a recording that a run holds; with ``held`` they do not change until the transaction ends."""
    query = select(jobs).where(jobs.c.recording_id == recording_id, jobs.c.state == "running")
    if held:
        query = query.order_by(jobs.c.key).with_for_update()
    return [cast(JobRow, dict(row)) for row in transaction.execute(query).mappings()]


def start(transaction: Transaction, row: JobRow) -> None:
    """Write a job as running, new or taken over."""
    if job(transaction, row["key"]) is None:
        transaction.execute(insert(jobs).values(dict(row)))
    else:
        transaction.execute(update(jobs).where(jobs.c.key == row["key"]).values(dict(row)))


def move(transaction: Transaction, key: str, attempt: int, values: JobState) -> bool:
    """Change a running job, but only in the attempt that holds it; ``False`` if another took it over."""
    held = (jobs.c.key == key) & (jobs.c.attempt == attempt) & (jobs.c.state == "running")
    return transaction.execute(update(jobs).where(held).values(dict(values))).rowcount == 1
