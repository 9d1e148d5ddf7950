"""What the policy asks of a thing that is named by its id only: the attributes that its row has."""

from __future__ import annotations

from sqlalchemy import Table, select

from bodyworn.domain.encounter import PREFIX as ENCOUNTER
from bodyworn.domain.encounter import own_encounter_id
from bodyworn.storage.access_tables import accounts
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.retention_tables import disposals, holds
from bodyworn.storage.tables import encounter_placements, recordings, redactions, releases

#: Where the rows of a noun lie; findings have the id of their recording.
_TABLES: dict[str, Table] = {
    "recordings": recordings,
    "findings": recordings,
    "redactions": redactions,
    "releases": releases,
    "holds": holds,
    "disposals": disposals,
    "people": accounts,
}


def attributes_of(transaction: Transaction, noun: str, start: str) -> dict[str, str] | None:
    """Attributes of the one row of ``noun`` whose id starts with ``start``, with the id; ``None`` if there is none."""
    if noun == "encounters":
        column = encounter_placements.c.encounter_id
        query = select(column).where(column.startswith(start, autoescape=True)).distinct()
        found = [{"id": row[0]} for row in transaction.execute(query)] or _alone(transaction, start)
    elif noun in _TABLES:
        table = _TABLES[noun]
        row_id = table.c.id
        matching = select(table).where(row_id.startswith(start, autoescape=True)).limit(2)
        found = [_attributes(noun, dict(row)) for row in transaction.execute(matching).mappings()]
    else:
        return None
    return found[0] if len(found) == 1 else None


def _alone(transaction: Transaction, start: str) -> list[dict[str, str]]:
    """Encounters of one, which have no row: they are named after their recording, and by it."""
    recording = f"rec_{start.removeprefix(ENCOUNTER)}" if start.startswith(ENCOUNTER) else start
    query = select(recordings.c.id).where(recordings.c.id.startswith(recording, autoescape=True)).limit(2)
    return [{"id": own_encounter_id(row[0]), "recording_id": row[0]} for row in transaction.execute(query)]


def _attributes(noun: str, row: dict[str, object]) -> dict[str, str]:
    found = {"id": str(row["id"])}
    if noun in ("recordings", "findings"):
        found["recording_id"] = found["id"]
    elif "recording_id" in row:
        found["recording_id"] = str(row["recording_id"])
    return found
