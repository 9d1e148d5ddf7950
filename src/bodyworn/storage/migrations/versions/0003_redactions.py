"""Redactions and the versions of their plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "redactions",
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("recording_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("made_at", sa.String(24), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
    )
    op.create_table(
        "redaction_plans",
        sa.Column("id", sa.String(42), primary_key=True),
        sa.Column("redaction_id", sa.String(30), sa.ForeignKey("redactions.id"), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("plan_sha256", sa.String(64), nullable=False),
        sa.Column("made_at", sa.String(24), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
    )
