"""Units of recordings, and restrictions of who may see them. Older libraries have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recording_units", *_of_recording(), sa.Column("unit", sa.Text, nullable=False, index=True), *_who()
    )
    op.create_table(
        "restriction_steps",
        *_of_recording(),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        *_who(),
    )


def _unit() -> sa.Column[str]:
    return sa.Column("unit", sa.Text, nullable=False, index=True)


def _of_recording() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("recording_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
    )


def _who() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("stated_name", sa.Text, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
    )
