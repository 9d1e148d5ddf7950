"""Rows that say whose a recording is and who may see it: its unit, and the steps of its restriction."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from sqlalchemy import ColumnElement, func, select

from bodyworn.storage.access_tables import recording_units, restriction_steps
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows.retention import DoneBy

_AT_ONCE = 500


class RestrictionStepRow(DoneBy):
    """An act on the restriction of a recording; ``number`` counts from 1."""

    id: str
    recording_id: str
    number: int
    act: str
    subject: str
    why: str


def units(transaction: Transaction, recordings: Collection[str]) -> dict[str, str]:
    """The unit of each of these recordings that has one."""
    found: dict[str, str] = {}
    every = sorted(recordings)
    for start in range(0, len(every), _AT_ONCE):
        here = recording_units.c.recording_id.in_(every[start : start + _AT_ONCE])
        query = select(recording_units.c.recording_id, recording_units.c.unit).where(here)
        found.update((row[0], row[1]) for row in transaction.execute(query.order_by(recording_units.c.number)))
    return found


def unit_count(transaction: Transaction, recording: str) -> int:
    """How often a unit was assigned to a recording."""
    query = select(func.count()).where(recording_units.c.recording_id == recording)
    return int(transaction.scalar(query) or 0)


def unit_column(recording: ColumnElement[str]) -> ColumnElement[str]:
    """The unit of the recording in that column, as a part of a query."""
    mine = select(recording_units.c.unit).where(recording_units.c.recording_id == recording)
    return mine.order_by(recording_units.c.number.desc()).limit(1).correlate(recording.table).scalar_subquery()


def restriction_rows(transaction: Transaction, recording: str | None = None) -> list[RestrictionStepRow]:
    """The steps of one recording's restriction, or of all, in order."""
    query = select(restriction_steps).order_by(restriction_steps.c.recording_id, restriction_steps.c.number)
    if recording is not None:
        query = query.where(restriction_steps.c.recording_id == recording)
    return [cast(RestrictionStepRow, dict(row)) for row in transaction.execute(query).mappings()]


def restricted(transaction: Transaction) -> dict[str, frozenset[str]]:
    """The recordings that are restricted now, each with the accounts that may see it."""
    categories: dict[str, set[str]] = {}
    people: dict[str, set[str]] = {}
    for row in restriction_rows(transaction):
        into = categories if row["act"] in ("place", "lift") else people
        standing = into.setdefault(row["recording_id"], set())
        if row["act"] in ("place", "admit"):
            standing.add(row["subject"])
        else:
            standing.discard(row["subject"])
    return {one: frozenset(people.get(one, ())) for one, standing in categories.items() if standing}
