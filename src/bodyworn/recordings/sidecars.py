"""Sidecars: the JSON, CSV or XML file a camera system writes beside a recording, mapped by a file in TOML.

The mapping says where each field stands; nothing is guessed. ``docs/recordings.md`` documents it::

    format = "json"                      # json, csv or xml
    [fields]
    device = "header.device.serial"      # JSON: keys by dots; CSV: column; XML: elements/…@attribute
    started_at = "header.start"
    [clock]
    times = ["started_at"]               # fields that are clock times
    zone = "America/Denver"              # of times that do not carry their own; left out: such a time is refused
    offset_ms = -2500                    # what to add to the camera's clock, only if someone measured it
    measured_by = "dispatch log 14:02:11"
"""

from __future__ import annotations

import csv
import io
import json
import os
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bodyworn.domain.codec import Json, from_json, to_json
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import Code, InputError, UnreadableInput
from bodyworn.domain.recording import shown_name
from bodyworn.media import documents
from bodyworn.recordings.mapped_values import (
    SidecarClock,
    SidecarValue,
    clock_times,
    kept_value,
    missing,
    rules_of,
    value_at,
)

MAX_BYTES = 16 << 20
Finder = Callable[[str], SidecarValue]


class SidecarFormat(StrEnum):
    """The forms of sidecars that can be read."""

    JSON = "json"
    CSV = "csv"
    XML = "xml"


@dataclass(frozen=True)
class SidecarMapping:
    """Where each field stands in the sidecar."""

    format: SidecarFormat
    fields: Mapping[str, str]
    clock: SidecarClock = field(default_factory=SidecarClock)


@dataclass(frozen=True)
class Sidecar:
    """The bytes as they came, the mapping as it was, and the fields that came out."""

    name: str
    data: bytes
    mapping: bytes
    fields: Mapping[str, SidecarValue]


@dataclass(frozen=True)
class MappedFields:
    """What the child read: the SHA-256 of sidecar and mapping, and the fields."""

    sidecar: str
    mapping: str
    fields: Mapping[str, SidecarValue]


def read(path: Path, mapping_path: Path | None) -> Sidecar:
    """Read and map a sidecar, in a child process with limits; an :class:`InputError` says what does not fit."""
    if mapping_path is None:
        raise InputError(
            "a sidecar was given without a mapping file",
            "Add the mapping file; nothing in a sidecar is guessed",
            Code.MAPPING_MISSING,
        )
    data, mapping = _bytes(path), _bytes(mapping_path)
    paths: dict[str, Json] = {
        name: os.fspath(file.absolute()) for name, file in (("path", path), ("rules", mapping_path))
    }
    found = from_json(MappedFields, documents.parsed(mapped, paths, path.name))
    if (Digest.of_bytes(data).sha256, Digest.of_bytes(mapping).sha256) != (found.sidecar, found.mapping):
        raise UnreadableInput(f"{shown_name(path.name)} changed while it was read", "Try again when it is complete")
    return Sidecar(path.name, data, mapping, found.fields)


def mapped(path: str, rules: str) -> dict[str, Json]:
    """The work of the child: JSON of the :class:`MappedFields` of a sidecar by the mapping file ``rules``."""
    sidecar, mapping_path = Path(path), Path(rules)
    data, mapping = _bytes(sidecar), _bytes(mapping_path)
    ruled = rules_of(SidecarMapping, mapping, mapping_path)
    finder = {SidecarFormat.JSON: _json_finder, SidecarFormat.CSV: _csv_finder, SidecarFormat.XML: _xml_finder}
    try:
        find = finder[ruled.format](data.decode("utf-8-sig"))
    except (ValueError, ET.ParseError, csv.Error, RecursionError):
        what = f"the sidecar {shown_name(sidecar.name)} is not readable {ruled.format}"
        raise InputError(what, "Check the file") from None
    fields = {name: kept_value(place, find(place)) for name, place in sorted(ruled.fields.items())}
    whole = {**fields, **clock_times(ruled.clock, fields)}
    return to_json(MappedFields(Digest.of_bytes(data).sha256, Digest.of_bytes(mapping).sha256, whole))


def _bytes(path: Path) -> bytes:
    return documents.bytes_of(path, MAX_BYTES, "a sidecar")


def _json_finder(text: str) -> Finder:
    document: Json = json.loads(text)
    return lambda place: value_at(document, place)


def _csv_finder(text: str) -> Finder:
    table = list(csv.DictReader(io.StringIO(text)))
    if len(table) != 1:
        raise InputError(
            f"the sidecar has {len(table)} rows; which one belongs to this recording is not guessed",
            "Give a table of a header and one row",
        )

    def find(place: str) -> str:
        value = table[0].get(place)
        if value is None:
            raise missing(place)
        return str(value)

    return find


def _xml_finder(text: str) -> Finder:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError("the sidecar declares a document type, which is not read", "Remove the declaration")
    root = ET.fromstring(text)  # noqa: S314 - no document type, so no entities

    def find(place: str) -> str:
        path, _, attribute = place.partition("@")
        element = root.find(path.rstrip("/")) if path.strip("/") else root
        value = None if element is None else element.get(attribute) if attribute else element.text
        if value is None:
            raise missing(place)
        return value.strip()

    return find
