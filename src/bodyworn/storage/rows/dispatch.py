"""Rows of imported dispatch records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, cast

from sqlalchemy import select

from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.tables import dispatch_records

#: So many values stand in one query.
_AT_ONCE = 500


class DispatchRow(TypedDict):
    """A record as it was imported: ``fields`` is JSON, ``row`` its place in the file."""

    id: str
    number: str
    fields: str
    file_sha256: str
    mapping_sha256: str
    row: int
    imported_at: str
    imported_by: str


def of_numbers(transaction: Transaction, numbers: Sequence[str]) -> list[DispatchRow]:
    """The records of these dispatch numbers, oldest first."""
    found: list[DispatchRow] = []
    wanted = sorted(set(numbers))
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(dispatch_records).where(dispatch_records.c.number.in_(wanted[start : start + _AT_ONCE]))
        found += [cast(DispatchRow, dict(row)) for row in transaction.execute(query).mappings()]
    return sorted(found, key=lambda row: (row["imported_at"], row["row"], row["id"]))
