"""Rows of redactions and of the versions of their plans."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select

from bodyworn.domain.visibility import EVERYTHING, Visibility
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows.visibility import of_recordings
from bodyworn.storage.tables import redaction_plans, redactions


@dataclass(frozen=True)
class RedactionRow:
    """A redaction as it is stored; times are ISO 8601 text."""

    id: str
    recording_id: str
    made_at: str
    made_by: str


@dataclass(frozen=True)
class PlanRow:
    """One version of a plan as it is stored; ``change`` and ``counts`` are JSON text."""

    id: str
    redaction_id: str
    version: int
    plan_sha256: str
    made_at: str
    made_by: str
    change: str
    counts: str


def matching(transaction: Transaction, text: str) -> list[RedactionRow]:
    """Redactions whose id starts with ``text``, with or without its ``red_``, oldest first."""
    starts = [redactions.c.id.startswith(start, autoescape=True) for start in (text.lower(), f"red_{text.lower()}")]
    query = select(redactions).where(or_(*starts))
    found = transaction.execute(query.order_by(redactions.c.made_at, redactions.c.id)).mappings()
    return [RedactionRow(**dict(row)) for row in found]


def every(
    transaction: Transaction, recording_id: str | None = None, visible: Visibility = EVERYTHING
) -> list[RedactionRow]:
    """All redactions that are visible, or those of one recording, oldest first."""
    query = select(redactions).where(of_recordings(visible, redactions.c.recording_id))
    query = query.order_by(redactions.c.made_at, redactions.c.id)
    if recording_id is not None:
        query = query.where(redactions.c.recording_id == recording_id)
    return [RedactionRow(**dict(row)) for row in transaction.execute(query).mappings()]


def plans_of(transaction: Transaction, redaction_ids: Collection[str]) -> list[PlanRow]:
    """Versions of the plans of those redactions, oldest first."""
    query = select(redaction_plans).where(redaction_plans.c.redaction_id.in_(redaction_ids))
    found = transaction.execute(query.order_by(redaction_plans.c.redaction_id, redaction_plans.c.version)).mappings()
    return [PlanRow(**dict(row)) for row in found]
