"""The rows that belong to something, found by the foreign keys that lead to it, and removed with it.

A table that comes later needs no line here: its foreign key says what its rows belong to. Rows of the audit log belong
to nothing and cannot be removed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Table, delete, select

from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.tables import metadata

#: So many values stand in one query.
_AT_ONCE = 500
#: Keys of rows by table.
Keys = Mapping[str, Collection[Any]]


def belonging_to(transaction: Transaction, roots: Keys) -> dict[str, set[Any]]:
    """The keys of ``roots`` that are there, and of all rows that refer to them, directly or by others, by table."""
    found: dict[str, set[Any]] = defaultdict(set)
    for table in metadata.sorted_tables:  # what is referred to comes before what refers to it
        if len(table.primary_key) != 1:
            continue
        key = _key(table)
        for part in _parts(roots.get(table.name, ())):
            found[table.name].update(transaction.scalars(select(key).where(key.in_(part))))
        for column in table.c:
            for reference in column.foreign_keys:
                for part in _parts(found.get(reference.column.table.name, ())):
                    found[table.name].update(transaction.scalars(select(key).where(column.in_(part))))
    return {name: keys for name, keys in found.items() if keys}


def erase(transaction: Transaction, keys: Keys) -> None:
    """Remove these rows, those that refer to others first."""
    for table in reversed(metadata.sorted_tables):
        for part in _parts(keys.get(table.name, ())):
            transaction.execute(delete(table).where(_key(table).in_(part)))


def names_of(keys: Keys) -> list[str]:
    """The names that the audit log has for those of the rows that are evidence: ``table/key``."""
    evident = {table.name for table in metadata.sorted_tables if table.info.get("evidence")}
    return sorted(f"{name}/{key}" for name, every in keys.items() if name in evident for key in every)


def _key(table: Table) -> Column[Any]:
    return next(iter(table.primary_key))


def _parts(values: Collection[Any]) -> Iterator[list[Any]]:
    every = sorted(values)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]
