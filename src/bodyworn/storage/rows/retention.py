"""Rows of legal holds, disposals and tombstones. They are only added, and outlast what they are about."""

from __future__ import annotations

from typing import TypedDict, cast

from sqlalchemy import or_, select

from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.retention_tables import disposal_steps, disposals, hold_releases, holds, tombstones


class DoneBy(TypedDict):
    """Who did it, by which typed name, and when."""

    by: str
    stated_name: str
    at: str


class HoldRow(DoneBy):
    """A hold; ``recordings`` is a JSON list of ids."""

    id: str
    subject: str
    recordings: str
    reason: str
    holder: str


class HoldReleaseRow(DoneBy):
    """The end of the hold with that id."""

    id: str
    why: str


class DisposalRow(DoneBy):
    """A disposal; ``items`` is JSON."""

    id: str
    rules_sha256: str
    items: str


class DisposalStepRow(DoneBy):
    """One step of a disposal."""

    id: str
    disposal_id: str
    act: str
    note: str


class TombstoneRow(TypedDict):
    """What stays of a recording; ``id`` is that of the recording, ``detail`` JSON of all of it."""

    id: str
    disposal_id: str
    sha256: str
    detail: str


def every_hold(transaction: Transaction) -> list[HoldRow]:
    """All holds, oldest first."""
    query = select(holds).order_by(holds.c.at, holds.c.id)
    return [cast(HoldRow, dict(row)) for row in transaction.execute(query).mappings()]


def hold_releases_by_id(transaction: Transaction) -> dict[str, HoldReleaseRow]:
    """How holds ended, by the id of the hold."""
    found = transaction.execute(select(hold_releases)).mappings()
    return {row["id"]: cast(HoldReleaseRow, dict(row)) for row in found}


def matching_disposals(transaction: Transaction, text: str) -> list[DisposalRow]:
    """Disposals whose id starts with ``text``, oldest first; all of them for an empty text."""
    query = select(disposals).where(disposals.c.id.startswith(text.lower(), autoescape=True))
    found = transaction.execute(query.order_by(disposals.c.at, disposals.c.id)).mappings()
    return [cast(DisposalRow, dict(row)) for row in found]


def disposal_steps_of(transaction: Transaction, disposal_id: str) -> list[DisposalStepRow]:
    """What was done to a disposal, oldest first."""
    query = select(disposal_steps).where(disposal_steps.c.disposal_id == disposal_id)
    found = transaction.execute(query.order_by(disposal_steps.c.at, disposal_steps.c.id)).mappings()
    return [cast(DisposalStepRow, dict(row)) for row in found]


def every_tombstone(transaction: Transaction) -> list[TombstoneRow]:
    """All tombstones."""
    query = select(tombstones).order_by(tombstones.c.id)
    return [cast(TombstoneRow, dict(row)) for row in transaction.execute(query).mappings()]


def tombstones_of(transaction: Transaction, disposal_id: str) -> list[TombstoneRow]:
    """The tombstones that a disposal left."""
    query = select(tombstones).where(tombstones.c.disposal_id == disposal_id).order_by(tombstones.c.id)
    return [cast(TombstoneRow, dict(row)) for row in transaction.execute(query).mappings()]


def matching_tombstones(transaction: Transaction, text: str) -> list[TombstoneRow]:
    """Tombstones of recordings, or of what belonged to them, whose id or digest starts with ``text``."""
    start = text.lower()
    query = select(tombstones).where(
        or_(
            tombstones.c.id.startswith(start, autoescape=True),
            tombstones.c.id.startswith(f"rec_{start}", autoescape=True),
            tombstones.c.sha256.startswith(start, autoescape=True),
            tombstones.c.detail.contains(f'"{start}', autoescape=True),
        )
    )
    return [cast(TombstoneRow, dict(row)) for row in transaction.execute(query).mappings()]
