"""What the policy asks of a thing that is named by its id only: the attributes that its row has."""

from __future__ import annotations

from sqlalchemy import Table, select

from bodyworn.domain.encounter import PREFIX as ENCOUNTER
from bodyworn.domain.encounter import own_encounter_id
from bodyworn.storage.access_tables import accounts
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.retention_tables import disposals, holds
from bodyworn.storage.tables import encounter_placements, recordings, redactions, releases

Attributes = dict[str, str | tuple[str, ...]]
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


def attributes_of(transaction: Transaction, noun: str, start: str) -> tuple[str, Attributes] | None:
    """ID and attributes of the one row of ``noun`` whose id starts with ``start``; ``None`` if there is none."""
    if noun == "encounters":
        found = _joined(transaction, start) or _alone(transaction, start)
    elif noun in _TABLES:
        table = _TABLES[noun]
        row_id = table.c.id
        matching = select(table).where(row_id.startswith(start, autoescape=True)).limit(2)
        found = [_attributes(noun, dict(row)) for row in transaction.execute(matching).mappings()]
    else:
        return None
    return found[0] if len(found) == 1 else None


def _joined(transaction: Transaction, start: str) -> list[tuple[str, Attributes]]:
    """Encounters that have recordings placed in them, with these; the newest placement of a recording counts."""
    columns = encounter_placements.c.recording_id, encounter_placements.c.encounter_id
    newest = {row[0]: row[1] for row in transaction.execute(select(*columns).order_by(encounter_placements.c.id))}
    named = sorted({encounter for encounter in newest.values() if encounter.startswith(start)})
    return [(one, {"recording_id": tuple(sorted(rec for rec, enc in newest.items() if enc == one))}) for one in named]


def _alone(transaction: Transaction, start: str) -> list[tuple[str, Attributes]]:
    """Encounters of one, which have no row: they are named after their recording, and by it."""
    recording = f"rec_{start.removeprefix(ENCOUNTER)}" if start.startswith(ENCOUNTER) else start
    query = select(recordings.c.id).where(recordings.c.id.startswith(recording, autoescape=True)).limit(2)
    return [(own_encounter_id(row[0]), {"recording_id": row[0]}) for row in transaction.execute(query)]


def _attributes(noun: str, row: dict[str, object]) -> tuple[str, Attributes]:
    made = str(row["id"])
    if noun in ("recordings", "findings"):
        return made, {"recording_id": made}
    return made, {"recording_id": str(row["recording_id"])} if "recording_id" in row else {}
