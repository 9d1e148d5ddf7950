"""Rows of releases and of the steps they went through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bodyworn.storage.database import Transaction
from bodyworn.storage.tables import release_steps, releases

Row = Mapping[str, Any]


def matching(transaction: Transaction, text: str) -> list[Row]:
    """Releases whose id starts with ``text``, oldest first; all of them for an empty text."""
    query = select(releases).where(releases.c.id.startswith(text, autoescape=True))
    return [dict(row) for row in transaction.execute(query.order_by(releases.c.opened_at, releases.c.id)).mappings()]


def steps_of(transaction: Transaction, release_id: str) -> list[Row]:
    """What was done to a release, oldest first."""
    query = select(release_steps).where(release_steps.c.release_id == release_id).order_by(release_steps.c.id)
    return [dict(row) for row in transaction.execute(query).mappings()]
