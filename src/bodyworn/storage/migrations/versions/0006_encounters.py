"""Encounters: which recordings belong together, what people say of them, and imported dispatch records.

Nothing is filled for older libraries: a recording without rows here is an encounter by itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _membership()
    _knowledge()


def _membership() -> None:
    op.create_table(
        "encounters",
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("made_at", sa.String(24), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
    )
    op.create_table(
        "encounter_placements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("encounter_id", sa.String(30), sa.ForeignKey("encounters.id"), nullable=False, index=True),
        sa.Column("recording_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("stated_name", sa.Text, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
    )
    op.create_table(
        "encounter_declines",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("one_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("other_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("stated_name", sa.Text, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
    )


def _knowledge() -> None:
    op.create_table(
        "encounter_statements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("encounter_id", sa.String(30), sa.ForeignKey("encounters.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("stated_name", sa.Text, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
    )
    op.create_table(
        "encounter_offsets",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("encounter_id", sa.String(30), sa.ForeignKey("encounters.id"), nullable=False, index=True),
        sa.Column("recording_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("offset_ms", sa.BigInteger, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("stated_name", sa.Text, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
    )
    op.create_table(
        "dispatch_records",
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("number", sa.Text, nullable=False, index=True),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("mapping_sha256", sa.String(64), nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("imported_at", sa.String(24), nullable=False),
        sa.Column("imported_by", sa.Text, nullable=False),
    )
