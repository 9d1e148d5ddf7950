"""The tables of legal holds, disposals and tombstones. They refer to no recording: they outlast it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text

from bodyworn.storage.schema import EVIDENCE, done_by, metadata

# A hold stands until it has a row in ``hold_releases``. Subjects may be recordings or encounters, so there is no key.
holds = Table(
    "holds",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("subject", String(30), nullable=False),
    Column("recordings", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("holder", Text, nullable=False),
    *done_by(),
    info=EVIDENCE,
)

hold_releases = Table(
    "hold_releases",
    metadata,
    Column("id", String(30), ForeignKey("holds.id"), primary_key=True),
    Column("why", Text, nullable=False),
    *done_by(),
    info=EVIDENCE,
)

# These outlast the recordings that they are about, so they refer to none by a foreign key.
disposals = Table(
    "disposals",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("rules_sha256", String(64), nullable=False),
    Column("items", Text, nullable=False),
    *done_by(),
    info=EVIDENCE,
)

# The id is ``disposal.act`` or ``disposal.approve.n``, so that nothing is done twice.
disposal_steps = Table(
    "disposal_steps",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("disposal_id", String(30), ForeignKey("disposals.id"), nullable=False, index=True),
    Column("act", String(16), nullable=False),
    Column("note", Text, nullable=False),
    *done_by(),
    info=EVIDENCE,
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("disposal_id", String(30), ForeignKey("disposals.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    info=EVIDENCE,
)
