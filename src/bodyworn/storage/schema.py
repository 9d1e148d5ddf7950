"""What all tables share: how their keys are named, and the mark of those that the audit log covers."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, String, Text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)
EVIDENCE = {"evidence": True}


def done_by() -> tuple[Column[str], ...]:
    """The columns of a row that says who added it, by which stated name, and when."""
    return (
        Column("by", Text, nullable=False),
        Column("stated_name", Text, nullable=False),
        Column("at", String(24), nullable=False),
    )
