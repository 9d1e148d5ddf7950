"""Rows of recordings and their sidecars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from bodyworn.storage.database import Transaction
from bodyworn.storage.tables import recordings, sidecars

Row = Mapping[str, Any]


def every(transaction: Transaction) -> list[Row]:
    """All recordings in the order they were taken in."""
    query = select(recordings).order_by(recordings.c.taken_in_at, recordings.c.id)
    return [dict(row) for row in transaction.execute(query).mappings()]


def by_digest(transaction: Transaction, sha256: str) -> Row | None:
    """The recording with those bytes."""
    row = transaction.execute(select(recordings).where(recordings.c.sha256 == sha256)).mappings().first()
    return dict(row) if row else None


def matching(transaction: Transaction, text: str) -> list[Row]:
    """Recordings whose id or digest starts with ``text`` or whose name is ``text``."""
    query = select(recordings).where(
        or_(
            recordings.c.id.startswith(text, autoescape=True),
            recordings.c.id.startswith(f"rec_{text}", autoescape=True),
            recordings.c.sha256.startswith(text, autoescape=True),
            recordings.c.name == text,
        )
    )
    return [dict(row) for row in transaction.execute(query).mappings()]


def of_size(transaction: Transaction, size_bytes: int) -> bool:
    """Whether there is a recording of just that size."""
    return transaction.scalar(select(recordings.c.id).where(recordings.c.size_bytes == size_bytes).limit(1)) is not None


def sidecar_of(transaction: Transaction, recording_id: str) -> Row | None:
    """The newest sidecar of a recording."""
    query = select(sidecars).where(sidecars.c.recording_id == recording_id).order_by(sidecars.c.kept_at.desc())
    row = transaction.execute(query.limit(1)).mappings().first()
    return dict(row) if row else None


def newest_sidecars(transaction: Transaction) -> dict[str, Row]:
    """The newest sidecar of each recording that has one, by the recording's id."""
    found = transaction.execute(select(sidecars).order_by(sidecars.c.kept_at)).mappings()
    return {row["recording_id"]: dict(row) for row in found}


def has_sidecar(transaction: Transaction, sidecar_id: str) -> bool:
    """Whether that sidecar with that mapping was kept before."""
    return transaction.scalar(select(sidecars.c.id).where(sidecars.c.id == sidecar_id)) is not None
