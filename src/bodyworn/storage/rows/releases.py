"""Rows of releases and of the steps they went through."""

from __future__ import annotations

from typing import TypedDict, cast

from sqlalchemy import select

from bodyworn.domain.visibility import EVERYTHING, Visibility
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows.visibility import of_recordings
from bodyworn.storage.tables import release_steps, releases


class ReleaseRow(TypedDict):
    """A release of a recording."""

    id: str
    recording_id: str
    opened_at: str


class ReleaseStepRow(TypedDict):
    """One step of a release: who did what to which clip; ``detail`` is JSON."""

    id: int
    release_id: str
    act: str
    by: str
    at: str
    clip_sha256: str
    detail: str


def matching(transaction: Transaction, text: str, visible: Visibility = EVERYTHING) -> list[ReleaseRow]:
    """Visible releases whose id starts with ``text``, oldest first; all of them for an empty text."""
    query = select(releases).where(releases.c.id.startswith(text.lower(), autoescape=True))
    query = query.where(of_recordings(visible, releases.c.recording_id))
    rows = transaction.execute(query.order_by(releases.c.opened_at, releases.c.id)).mappings()
    return [cast(ReleaseRow, dict(row)) for row in rows]


def steps_of(transaction: Transaction, release_id: str) -> list[ReleaseStepRow]:
    """What was done to a release, oldest first."""
    query = select(release_steps).where(release_steps.c.release_id == release_id).order_by(release_steps.c.id)
    return [cast(ReleaseStepRow, dict(row)) for row in transaction.execute(query).mappings()]
