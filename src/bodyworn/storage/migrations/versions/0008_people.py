"""Accounts, their steps, credentials, sessions and failed attempts to sign in. Older libraries have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        *_who(),
    )
    op.create_table(
        "account_steps",
        sa.Column("id", sa.String(80), primary_key=True),
        _account(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        *_who(),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(30), primary_key=True),
        _account(),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.String(24), nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        _account(),
        sa.Column("way", sa.String(8), nullable=False),
        *(sa.Column(name, sa.String(24), nullable=False) for name in ("made_at", "seen_at", "proved_at", "ended_at")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("login", sa.String(60), nullable=False, index=True),
        sa.Column("at", sa.String(24), nullable=False),
    )


def _account() -> sa.Column[str]:
    return sa.Column("account_id", sa.String(60), sa.ForeignKey("accounts.id"), nullable=False, index=True)


def _who() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("stated_name", sa.Text, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
    )
