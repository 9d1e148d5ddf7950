"""Releases and what was done with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("recording_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("opened_at", sa.String(24), nullable=False),
    )
    op.create_table(
        "release_steps",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("release_id", sa.String(30), sa.ForeignKey("releases.id"), nullable=False, index=True),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("clip_sha256", sa.String(64), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
