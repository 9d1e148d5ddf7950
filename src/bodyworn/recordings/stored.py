"""Recordings as they are stored: read from their rows, and assigned to units."""

from __future__ import annotations

import json
from datetime import datetime

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.account import unit_name
from bodyworn.domain.codec import JsonObject
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.domain.event import Tag
from bodyworn.domain.recording import Recording, shown_name
from bodyworn.domain.restriction import UnitAssigned
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import recordings as rows
from bodyworn.storage.rows import walls


def assign(transaction: Transaction, audit_log: AuditLog, recording: str, unit: str, why: str) -> None:
    """Write that the recording is of that unit from now on."""
    named = unit_name(unit)
    number = walls.unit_count(transaction, recording) + 1
    values: JsonObject = {
        "id": f"{recording}.{number}",
        "recording_id": recording,
        "number": number,
        "unit": named,
        "why": why,
        **audit_log.done_by(),
    }
    audit_log.add_row(transaction, Tag.RECORDING_ASSIGNED, recording, "recording_units", values, UnitAssigned(named))


def recording_of(row: rows.RecordingRow, sidecar: rows.SidecarRow | None) -> Recording:
    """The recording in a row; :class:`CustodyError` if the row was edited so that it is none."""
    try:
        recording = Recording(
            id=row["id"],
            name=row["name"],
            size_bytes=row["size_bytes"],
            sha256=row["sha256"],
            sha512=row["sha512"],
            taken_in_at=datetime.fromisoformat(row["taken_in_at"]),
            facts=json.loads(row["facts"]),
            sidecar=json.loads(sidecar["fields"]) if sidecar else None,
        )
        whole = recording.duration_ms >= 0 and recording.size_bytes >= 0
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        whole = False
    if not whole:
        what = (
            f"the facts of the recording {shown_name(str(row['id']))} are not as they were stored, and cannot be read"
        )
        raise CustodyError(what, "Verify the custody of the library", Code.CUSTODY_FAULT)
    return recording
