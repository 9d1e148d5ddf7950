"""Recordings, sidecars, choices, results, jobs and the custody record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSAL = "the custody record is append-only"


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("sha512", sa.String(128), nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_hex", sa.Text, nullable=False),
        sa.Column("taken_in_at", sa.String(24), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    op.create_table(
        "sidecars",
        sa.Column("id", sa.String(99), primary_key=True),
        sa.Column("recording_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("mapping_sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kept_at", sa.String(24), nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
    )
    op.create_table(
        "choices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recording_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("chosen_at", sa.String(24), nullable=False),
        sa.Column("chosen_by", sa.Text, nullable=False),
    )
    op.create_table(
        "results",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("recording_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False, index=True),
        sa.Column("stage", sa.String(64), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.Column("artefact", sa.String(64), nullable=False),
        sa.Column("made_at", sa.String(24), nullable=False),
    )
    op.create_table(
        "jobs",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("recording_id", sa.String(30), sa.ForeignKey("recordings.id"), nullable=False),
        sa.Column("stage", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("holder", sa.Text),
        sa.Column("lease_until", sa.Float),
        sa.Column("error", sa.Text),
    )
    op.create_index("ix_jobs_recording_id_state", "jobs", ["recording_id", "state"])
    _record()


def _record() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("prev", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False, unique=True),
    )
    refuse_changes = {"sqlite": _refuse_in_sqlite, "postgresql": _refuse_in_postgresql}
    refuse_changes[op.get_bind().dialect.name]()


def _refuse_in_sqlite() -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_refuses_{act.lower()} BEFORE {act} ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def _refuse_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END$$"
    )
    for act in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER audit_refuses_{act.lower()} BEFORE {act} ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()"
        )
