"""Legal holds, disposals and tombstones. Older libraries have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("subject", sa.String(30), nullable=False),
        sa.Column("recordings", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        *_who(),
    )
    op.create_table(
        "hold_releases",
        sa.Column("id", sa.String(30), sa.ForeignKey("holds.id"), primary_key=True),
        sa.Column("why", sa.Text, nullable=False),
        *_who(),
    )
    op.create_table(
        "disposals",
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("rules_sha256", sa.String(64), nullable=False),
        sa.Column("items", sa.Text, nullable=False),
        *_who(),
    )
    op.create_table(
        "disposal_steps",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("disposal_id", sa.String(30), sa.ForeignKey("disposals.id"), nullable=False, index=True),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        *_who(),
    )
    op.create_table(
        "tombstones",
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("disposal_id", sa.String(30), sa.ForeignKey("disposals.id"), nullable=False, index=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )


def _who() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("stated_name", sa.Text, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
    )
