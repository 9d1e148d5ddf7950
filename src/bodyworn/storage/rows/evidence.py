"""Rows that the audit log covers: inserted, read back whole, and digested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Table, insert, select

from bodyworn.storage.canonical import digest_of
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.tables import metadata

#: So many rows stand in one statement.
_AT_ONCE = 500


def add(transaction: Transaction, rows: Sequence[tuple[str, Mapping[str, object]]]) -> dict[str, str]:
    """Insert rows, as table and values; the name ``table/primary key`` and the digest of each, for their event.

    Rows of one form that follow each other are inserted together, and read back together.
    """
    found: dict[str, str] = {}
    for (table, _), group in groupby(rows, key=_form):
        every = [dict(values) for _, values in group]
        for start in range(0, len(every), _AT_ONCE):
            found |= _add(transaction, metadata.tables[table], every[start : start + _AT_ONCE])
    return found


def _form(row: tuple[str, Mapping[str, object]]) -> tuple[str, list[str]]:
    """The table of a row, and which columns are stated."""
    return row[0], sorted(row[1])


def _add(transaction: Transaction, table: Table, rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    column = next(iter(table.primary_key))
    if all(column.name in row for row in rows):
        transaction.execute(insert(table), rows)
        keys = [row[column.name] for row in rows]
    else:  # the database counts
        keys = [(transaction.execute(insert(table).values(row)).inserted_primary_key or (None,))[0] for row in rows]
    there = transaction.execute(select(table).where(column.in_(keys))).mappings().all()
    if len(there) != len(rows):
        raise LookupError(f"{len(there)} of {len(rows)} rows of {table.name} were read back")
    return dict(name_and_digest(table.name, dict(row)) for row in there)


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
