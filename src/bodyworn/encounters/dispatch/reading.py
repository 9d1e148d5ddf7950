"""Reads a file of dispatch records, in a child process with limits. What does not fit is quarantined row by row."""

from __future__ import annotations

import codecs
import csv
import io
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from bodyworn.domain.codec import Json, to_json
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import InputError
from bodyworn.domain.recording import shown_name
from bodyworn.encounters.dispatch.records import (
    WHOLE_FILE,
    DispatchFormat,
    DispatchMapping,
    MappedRecord,
    MappedRecords,
    QuarantinedRow,
    TextEncoding,
)
from bodyworn.media import documents
from bodyworn.recordings.mapped_values import clock_times, rules_of, value_at

MAX_BYTES, MAX_MAPPING_BYTES = 64 << 20, 1 << 20
#: More records than this are not taken from one file.
MOST_RECORDS = 100_000
#: So many quarantined rows are told one by one.
MOST_TOLD = 1000
LONGEST_NUMBER, LONGEST_VALUE = 64, 1000
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: How a cell begins that a spreadsheet would calculate; signed numbers are none.
_FORMULA = re.compile(r"[=@\t\r\uff1d\uff20]|[+\-\uff0b\uff0d](?![\d.,\s()-]*$)")
#: A row as read: its number, and its values by place; or why it cannot be read.
_Row = tuple[int, Mapping[str, object] | str]


class _Unfit(Exception):
    """Why a row, or the whole file, is not taken."""


def mapped_records(path: str, rules: str) -> dict[str, Json]:
    """The work of the child: JSON of the :class:`MappedRecords` of a file by the mapping file ``rules``.

    :class:`InputError` for a mapping file that cannot be used; whatever is wrong with the records is in the answer.
    """
    data = documents.bytes_of(Path(path), MAX_BYTES, "a file of records")
    mapping = documents.bytes_of(Path(rules), MAX_MAPPING_BYTES, "a mapping file")
    ruled = rules_of(DispatchMapping, mapping, Path(rules))
    found = _Sorted()
    try:
        for row, values in _rows(data, ruled):
            found.take(row, values, ruled)
    except _Unfit as unfit:
        found = _Sorted()
        found.refuse(QuarantinedRow(WHOLE_FILE, str(unfit)))
    records, repeated = found.alone()
    return to_json(
        MappedRecords(
            Digest.of_bytes(data).sha256,
            Digest.of_bytes(mapping).sha256,
            ruled.system,
            tuple(records),
            tuple(sorted(found.told, key=lambda one: one.row)),
            found.refused,
            repeated,
        )
    )


class _Sorted:
    """Records that fit, by number; rows that do not: the first of them, and how many there are."""

    def __init__(self) -> None:
        self.told: list[QuarantinedRow] = []
        self.refused = 0
        self._of_number: dict[str, list[MappedRecord]] = defaultdict(list)
        self._count = 0

    def refuse(self, row: QuarantinedRow) -> None:
        """Quarantine a row."""
        self.refused += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(row)

    def take(self, row: int, values: Mapping[str, object] | str, ruled: DispatchMapping) -> None:
        """Map a row, or quarantine it."""
        try:
            if isinstance(values, str):
                raise _Unfit(values)
            self._count += 1
            if self._count > MOST_RECORDS:
                raise _Unfit(f"more than {MOST_RECORDS:,} records are not taken from one file")
            record = _record(row, values, ruled)
        except _Unfit as unfit:
            self.refuse(QuarantinedRow(row, str(unfit)))
        except InputError as error:
            self.refuse(QuarantinedRow(row, error.what))
        else:
            self._of_number[record.number].append(record)

    def alone(self) -> tuple[list[MappedRecord], int]:
        """One record of each number, and how many say the same again; numbers that say two things are quarantined."""
        taken, repeated = [], 0
        for number, records in self._of_number.items():
            if any(one.fields != records[0].fields for one in records):
                others = ", ".join(str(one.row) for one in records[:10])
                why = f"the number stands in several rows that differ ({others}); which one holds is not guessed"
                for one in records:
                    self.refuse(QuarantinedRow(one.row, why, number))
            else:
                taken.append(records[0])
                repeated += len(records) - 1
        return taken, repeated


def _record(row: int, values: Mapping[str, object], ruled: DispatchMapping) -> MappedRecord:
    fields = {name: text for name, place in ruled.places.items() if (text := _text(name, values.get(place)))}
    for name, codes in ruled.values.items():
        if name in fields:
            fields[name] = codes.get(fields[name], fields[name])
    number = fields.pop("number", "")
    if not number:
        raise _Unfit("it has no number")
    if len(number) > LONGEST_NUMBER:
        raise _Unfit(f"its number is longer than {LONGEST_NUMBER} characters")
    for name in ("lat", "lon"):
        if name in fields and not _is_degree(fields[name]):
            raise _Unfit(f"{name!r} is no number of degrees")
    times = tuple(name for name in ruled.clock.times if name in fields)
    clock = clock_times(type(ruled.clock)(times, ruled.clock.zone), fields)
    return MappedRecord(row, number, {**fields, **{name: str(value) for name, value in clock.items()}})


def _text(name: str, value: object) -> str:
    """A cell as it is kept: spaces in a row as one; empty where there is nothing."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        raise _Unfit(f"{name!r} is no number")
    if not isinstance(value, str | int | float):
        raise _Unfit(f"{name!r} is a structure, not a value")
    if _FORMULA.match(str(value)):
        raise _Unfit(f"{name!r} begins as a formula of a spreadsheet")
    text = " ".join(str(value).split())
    if any(0xDC80 <= ord(char) <= 0xDCFF for char in text):
        raise _Unfit(f"{name!r} has bytes that are no text in the encoding of the mapping file")
    if shown_name(text) != text:
        raise _Unfit(f"{name!r} has characters that cannot be shown")
    if len(text) > LONGEST_VALUE:
        raise _Unfit(f"{name!r} is longer than {LONGEST_VALUE:,} characters")
    return text


def _is_degree(text: str) -> bool:
    try:
        return abs(float(text)) <= 180
    except ValueError:
        return False


def _rows(data: bytes, ruled: DispatchMapping) -> Iterator[_Row]:
    text = _decoded(data, ruled.encoding)
    return _of_table(text, ruled) if ruled.format is DispatchFormat.CSV else _of_json(text, ruled)


def _decoded(data: bytes, encoding: TextEncoding) -> str:
    """The text; bytes that are none in UTF-8 stay in their rows, to be quarantined with them."""
    if encoding is TextEncoding.UTF_8 and not data.startswith(_UTF_16_MARKS):
        return data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    try:
        return data.decode(TextEncoding.UTF_16 if data.startswith(_UTF_16_MARKS) else encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise _Unfit(f"the file is not text in {encoding.value}") from None


def _of_table(text: str, ruled: DispatchMapping) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=ruled.delimiter, strict=True)
    header: list[str] | None = None
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            number += 1
            yield number, f"it cannot be read as a row of a table ({error})"
            continue
        number += 1
        if header is None:
            header = [cell.strip() for cell in cells]
            _check_header(header, ruled)
        elif len(cells) == len(header):
            yield number, dict(zip(header, cells, strict=True))
        elif any(cell.strip() for cell in cells):
            yield number, f"it has {len(cells)} cells, the header has {len(header)}"
    if header is None:
        raise _Unfit("the file has no header")


def _check_header(header: list[str], ruled: DispatchMapping) -> None:
    for place in ruled.places.values():
        if header.count(place) != 1:
            how = "no column" if place not in header else f"{header.count(place)} columns"
            raise _Unfit(f"the table has {how} {shown_name(place)!r}")


def _of_json(text: str, ruled: DispatchMapping) -> Iterator[_Row]:
    try:
        document: Json = json.loads(text)
    except (ValueError, RecursionError):
        raise _Unfit("the file is not readable JSON") from None
    for key in ruled.records.split(".") if ruled.records else ():
        document = document.get(key) if isinstance(document, Mapping) else None
    if not isinstance(document, list):
        where = f"at {ruled.records!r}" if ruled.records else "in the file"
        raise _Unfit(f"there is no list of records {where}")
    for number, one in enumerate(document, 1):
        if not isinstance(one, Mapping):
            yield number, "it is no object"
        else:
            yield number, {place: _found(one, place) for place in ruled.places.values()}


def _found(record: Mapping[str, Json], place: str) -> object:
    """The value at a place of a record; nothing where there is none, a structure as it is."""
    try:
        return value_at(record, place, "record")
    except InputError as error:
        return {} if "structure" in error.what else None
