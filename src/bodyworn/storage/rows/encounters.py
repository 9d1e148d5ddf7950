"""Rows of encounters: which recordings belong to them, what was declined, what people say, how recordings lie in time.

Rows are only added. The newest of a recording or of a kind is the one that counts.
"""

from __future__ import annotations

from typing import TypedDict, cast

from sqlalchemy import select

from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.tables import (
    encounter_declines,
    encounter_offsets,
    encounter_placements,
    encounter_statements,
    encounters,
)


class ActRow(TypedDict):
    """What every row of an act has: its number, who did it, by which typed name, when and why."""

    id: int
    by: str
    stated_name: str
    at: str
    why: str


class PlacementRow(ActRow):
    """A recording was put into an encounter; ``reasons`` is JSON of what was proposed then."""

    encounter_id: str
    recording_id: str
    reasons: str


class DeclineRow(ActRow):
    """Two recordings are not one encounter for the reasons whose tokens are in ``reasons`` (JSON)."""

    one_id: str
    other_id: str
    reasons: str


class StatementRow(ActRow):
    """What a person says of an encounter; an empty value takes back what the same person said before."""

    encounter_id: str
    kind: str
    role: str
    value: str


class OffsetRow(TypedDict):
    """How a recording lies in time in an encounter; ``detail`` is JSON of confidence, drift and reason."""

    id: int
    encounter_id: str
    recording_id: str
    offset_ms: int
    source: str
    detail: str
    by: str
    stated_name: str
    at: str


def is_there(transaction: Transaction, encounter_id: str) -> bool:
    """Whether the encounter has its row."""
    return transaction.scalar(select(encounters.c.id).where(encounters.c.id == encounter_id)) is not None


def placements(transaction: Transaction) -> list[PlacementRow]:
    """All placements, oldest first."""
    query = select(encounter_placements).order_by(encounter_placements.c.id)
    return [cast(PlacementRow, dict(row)) for row in transaction.execute(query).mappings()]


def declines(transaction: Transaction) -> list[DeclineRow]:
    """All that was declined, oldest first."""
    query = select(encounter_declines).order_by(encounter_declines.c.id)
    return [cast(DeclineRow, dict(row)) for row in transaction.execute(query).mappings()]


def statements(transaction: Transaction) -> list[StatementRow]:
    """All that people say of encounters, oldest first."""
    query = select(encounter_statements).order_by(encounter_statements.c.id)
    return [cast(StatementRow, dict(row)) for row in transaction.execute(query).mappings()]


def offsets(transaction: Transaction) -> list[OffsetRow]:
    """All offsets that were measured or set, oldest first."""
    query = select(encounter_offsets).order_by(encounter_offsets.c.id)
    return [cast(OffsetRow, dict(row)) for row in transaction.execute(query).mappings()]
