"""Rows of recordings and their sidecars."""

from __future__ import annotations

from typing import TypedDict, cast

from sqlalchemy import or_, select

from bodyworn.domain.visibility import EVERYTHING, Visibility
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows.visibility import of_recordings
from bodyworn.storage.tables import recordings, sidecars


class RecordingRow(TypedDict):
    """A recording: digests in hex, ``name_hex`` the bytes of its file name, ``facts`` JSON of the probe."""

    id: str
    sha256: str
    sha512: str
    size_bytes: int
    name: str
    name_hex: str
    taken_in_at: str
    facts: str


class SidecarRow(TypedDict):
    """A sidecar of a recording: digests of its bytes and of its mapping, ``fields`` JSON of what came out."""

    id: str
    recording_id: str
    sha256: str
    mapping_sha256: str
    name: str
    kept_at: str
    fields: str


def every(transaction: Transaction, visible: Visibility = EVERYTHING) -> list[RecordingRow]:
    """All recordings that are visible, in the order they were ingested."""
    query = select(recordings).where(of_recordings(visible, recordings.c.id))
    query = query.order_by(recordings.c.taken_in_at, recordings.c.id)
    return [cast(RecordingRow, dict(row)) for row in transaction.execute(query).mappings()]


def by_digest(transaction: Transaction, sha256: str) -> RecordingRow | None:
    """The recording with those bytes."""
    row = transaction.execute(select(recordings).where(recordings.c.sha256 == sha256)).mappings().first()
    return cast(RecordingRow, dict(row)) if row else None


def matching(transaction: Transaction, text: str) -> list[RecordingRow]:
    """Recordings whose id or digest starts with ``text`` (in any case) or whose name is ``text``."""
    start = text.lower()
    query = select(recordings).where(
        or_(
            recordings.c.id.startswith(start, autoescape=True),
            recordings.c.id.startswith(f"rec_{start}", autoescape=True),
            recordings.c.sha256.startswith(start, autoescape=True),
            recordings.c.name == text,
        )
    )
    return [cast(RecordingRow, dict(row)) for row in transaction.execute(query).mappings()]


def of_size(transaction: Transaction, size_bytes: int) -> bool:
    """Whether there is a recording of just that size."""
    return transaction.scalar(select(recordings.c.id).where(recordings.c.size_bytes == size_bytes).limit(1)) is not None


def sidecar_of(transaction: Transaction, recording_id: str) -> SidecarRow | None:
    """The newest sidecar of a recording."""
    query = select(sidecars).where(sidecars.c.recording_id == recording_id).order_by(sidecars.c.kept_at.desc())
    row = transaction.execute(query.limit(1)).mappings().first()
    return cast(SidecarRow, dict(row)) if row else None


def sidecars_of_all(transaction: Transaction) -> dict[str, SidecarRow]:
    """The newest sidecar of every recording that has one, by the recording's id."""
    rows = transaction.execute(select(sidecars).order_by(sidecars.c.kept_at)).mappings()
    return {row["recording_id"]: cast(SidecarRow, dict(row)) for row in rows}


def has_sidecar(transaction: Transaction, sidecar_id: str) -> bool:
    """Whether that sidecar with that mapping was kept before."""
    return transaction.scalar(select(sidecars.c.id).where(sidecars.c.id == sidecar_id)) is not None
