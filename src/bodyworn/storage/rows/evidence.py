"""Rows that the audit log covers: inserted, read back whole, and digested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import insert, select

from bodyworn.storage.canonical import digest_of
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.tables import metadata


def add(transaction: Transaction, table: str, values: Mapping[str, object]) -> tuple[str, str]:
    """Insert a row; its name ``table/primary key`` and its digest, for the event that goes with it."""
    target = metadata.tables[table]
    done = transaction.execute(insert(target).values(dict(values)))
    column, key = next(iter(target.primary_key)), done.inserted_primary_key
    row = transaction.execute(select(target).where(column == (key[0] if key else None))).mappings().one()
    return name_and_digest(table, dict(row))


def name_and_digest(table: str, row: Mapping[str, object]) -> tuple[str, str]:
    """Name of a row and SHA-256 hex of its RFC 8785 canonical JSON; ``unreadable`` for types that do not belong."""
    key = next(iter(metadata.tables[table].primary_key)).name
    try:
        digest = digest_of(row)
    except ValueError:
        digest = "unreadable"
    return f"{table}/{row[key]}", digest


def all_rows(transaction: Transaction) -> Iterator[tuple[str, str]]:
    """Name and digest of every row of every table of evidence, as the database has them now."""
    for table in metadata.sorted_tables:
        if table.info.get("evidence"):
            for row in transaction.execute(select(table), execution_options={"yield_per": 1000}).mappings():
                yield name_and_digest(table.name, dict(row))
