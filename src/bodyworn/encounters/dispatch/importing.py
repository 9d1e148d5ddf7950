"""Imports dispatch records: what is new is added once, whatever is wrong with rows ends in the report."""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.codec import Json, JsonObject, from_json
from bodyworn.domain.digest import Digest
from bodyworn.domain.encounter_events import EncountersImported
from bodyworn.domain.errors import Code, DamagedMedia, InputError, UnreadableInput
from bodyworn.domain.event import Tag, now, stamp
from bodyworn.domain.recording import shown_name
from bodyworn.encounters.dispatch.reading import MAX_BYTES, MAX_MAPPING_BYTES, mapped_records
from bodyworn.encounters.dispatch.records import (
    WHOLE_FILE,
    ImportReport,
    MappedRecord,
    MappedRecords,
    QuarantinedRow,
)
from bodyworn.media import documents, sandbox
from bodyworn.storage.canonical import digest_of
from bodyworn.storage.databases.base import Database
from bodyworn.storage.objects.local import LocalObjects
from bodyworn.storage.rows import dispatch as rows

#: So many records are added in one transaction, with one event.
_AT_ONCE = 200
#: A record takes far fewer characters of the answer than it may take bytes of the file.
_LIMITS = sandbox.Limits(cpu_seconds=120, wall_seconds=150, memory_bytes=3072 * sandbox.MIB, answer_chars=128 << 20)


@dataclass(frozen=True)
class _File:
    """A file of records with its mapping as they came, and what the child read of them."""

    data: bytes
    mapping: bytes
    read: MappedRecords


class DispatchImport:
    """Adds dispatch records to one library, for the actor of ``audit_log``."""

    def __init__(self, database: Database, objects: LocalObjects, audit_log: AuditLog) -> None:
        self._database, self._objects, self._audit_log = database, objects, audit_log

    def run(self, path: Path, mapping: Path | None, numbers: Collection[str]) -> ImportReport:
        """Import a file; ``numbers`` are those that encounters have already.

        :class:`InputError` for a file that cannot be opened or a mapping that cannot be used; else a report.
        """
        if mapping is None:
            raise InputError(
                "records were given without a mapping file",
                "Add the mapping file; nothing in them is guessed",
                Code.MAPPING_MISSING,
            )
        try:
            file = _read(path, mapping)
        except _Refused as refused:
            return self._nothing(refused.row)
        found = file.read
        known = self._known([one.number for one in found.records])
        new = [one for one in found.records if record_id(found.system, one) not in known.ids]
        objects = self._kept(file) if new else ()
        for start in range(0, len(new), _AT_ONCE):
            self._add(new[start : start + _AT_ONCE], file, objects, len(found.records) - len(new))
        if not new:
            told = EncountersImported(0, len(found.records), found.quarantined_rows, ())
            self._audit_log.append(Tag.ENCOUNTERS_IMPORTED, "encounters", told)
        changed = sum(one.number in known.numbers for one in new)
        return ImportReport(
            len(new) - changed,
            changed,
            len(found.records) - len(new) + found.repeated,
            len({one.number for one in found.records} & set(numbers)),
            found.quarantined_rows,
            found.quarantined,
        )

    def _nothing(self, why: QuarantinedRow) -> ImportReport:
        self._audit_log.append(Tag.ENCOUNTERS_IMPORTED, "encounters", EncountersImported(0, 0, 1, ()))
        return ImportReport(0, 0, 0, 0, 1, (why,))

    def _known(self, numbers: Sequence[str]) -> _Known:
        with self._database.read() as transaction:
            found = rows.of_numbers(transaction, numbers)
        return _Known(frozenset(row["id"] for row in found), frozenset(row["number"] for row in found))

    def _kept(self, file: _File) -> tuple[str, ...]:
        return tuple(self._objects.put_bytes(data).sha256 for data in (file.data, file.mapping))

    def _add(self, records: Sequence[MappedRecord], file: _File, objects: tuple[str, ...], known: int) -> None:
        added: list[tuple[str, JsonObject]] = []
        with self._database.write() as transaction:
            there = {row["id"] for row in rows.of_numbers(transaction, [one.number for one in records])}
            for one in records:
                values = self._values(one, file)
                if values["id"] not in there:  # another process may have been faster
                    added.append(("dispatch_records", values))
            detail = EncountersImported(len(added), known, file.read.quarantined_rows, objects)
            self._audit_log.add_rows(transaction, Tag.ENCOUNTERS_IMPORTED, "encounters", added, detail)

    def _values(self, record: MappedRecord, file: _File) -> dict[str, Json]:
        return {
            "id": record_id(file.read.system, record),
            "number": record.number,
            "fields": json.dumps(_content(file.read.system, record), sort_keys=True, ensure_ascii=False),
            "file_sha256": file.read.file,
            "mapping_sha256": file.read.mapping,
            "row": record.row,
            "imported_at": stamp(now()),
            "imported_by": self._audit_log.actor.id,
        }


@dataclass(frozen=True)
class _Known:
    """Records that are there: their ids, and their numbers."""

    ids: frozenset[str]
    numbers: frozenset[str]


class _Refused(Exception):
    """The file as a whole is not taken."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.row = QuarantinedRow(WHOLE_FILE, why)


def record_id(system: str, record: MappedRecord) -> str:
    """The id of a record, from what it says: the same record is the same row, from whatever file it comes."""
    digest = digest_of({"number": record.number, "fields": _content(system, record)})
    return "dsp_" + base64.b32encode(bytes.fromhex(digest)[:16]).decode().rstrip("=").lower()


def _content(system: str, record: MappedRecord) -> dict[str, Json]:
    return {"system": system, **record.fields} if system else dict(record.fields)


def _read(path: Path, mapping: Path) -> _File:
    """The file, parsed in a child; :class:`_Refused` where it costs more than it may or is none of records."""
    _must_be_small(path)
    data = documents.bytes_of(path, MAX_BYTES, "a file of records")
    rules = documents.bytes_of(mapping, MAX_MAPPING_BYTES, "a mapping file")
    arguments: dict[str, Json] = {"path": os.fspath(path.absolute()), "rules": os.fspath(mapping.absolute())}
    try:
        found = from_json(MappedRecords, sandbox.run(mapped_records, arguments, _LIMITS))
    except DamagedMedia as error:
        raise _Refused(error.what) from None
    if (Digest.of_bytes(data).sha256, Digest.of_bytes(rules).sha256) != (found.file, found.mapping):
        raise UnreadableInput(f"{shown_name(path.name)} changed while it was read", "Try again when it is complete")
    return _File(data, rules, found)


def _must_be_small(path: Path) -> None:
    try:
        about = path.stat()
    except OSError:
        return  # opening it says what is wrong
    if stat.S_ISREG(about.st_mode) and about.st_size > MAX_BYTES:
        raise _Refused(f"the file is larger than a file of records can be ({MAX_BYTES >> 20} MiB)")
