"""The events of one recording as people read them: in plain words, filtered, and as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from fastapi import Query

from bodyworn.domain.codec import Json
from bodyworn.domain.event import Event, Tag
from bodyworn.domain.event_kinds import kind_of, sentence
from bodyworn.domain.recording import Recording
from bodyworn.domain.spreadsheet import plain_cell
from bodyworn.web import wording
from bodyworn.web.recordings.queries import EventRow


class ExportForm(Enum):
    """The forms of the file."""

    CSV = "csv"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return {ExportForm.CSV: "text/csv; charset=utf-8", ExportForm.JSON: "application/json"}[self]


@dataclass(frozen=True)
class EventQuery:
    """What is shown: events of one tag, of one person, or both; empty for all."""

    what: str = ""
    who: str = ""


def asked(
    what: Annotated[str, Query(max_length=80)] = "", who: Annotated[str, Query(max_length=200)] = ""
) -> EventQuery:
    """The filter in the address."""
    return EventQuery(what, who)


#: Entries on one page.
PER_PAGE = 200


@dataclass(frozen=True)
class HistoryEntry:
    """One event in plain words. ``details`` are names and values behind a click; ``hash`` is the chain's digest."""

    event: Event
    hash: str
    what: str
    who: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class History:
    """The events of a recording that fit what was asked for, newest first, of all that there are.

    ``kinds`` and ``people`` are the choices of the filter, as value and text. ``page`` and ``pages`` count from 1.
    """

    entries: tuple[HistoryEntry, ...]
    total: int
    asked: EventQuery
    kinds: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages the entries fill."""
        return max(1, -(-len(self.entries) // PER_PAGE))

    @property
    def shown(self) -> tuple[HistoryEntry, ...]:
        """The entries of this page; a page past the end is the last."""
        page = min(self.page, self.pages)
        return self.entries[(page - 1) * PER_PAGE : page * PER_PAGE]


def history(rows: Sequence[EventRow], asked: EventQuery, page: int = 1) -> History:
    """The history of a recording from its entries of the audit log, oldest first."""
    every = [_entry(row) for row in rows]
    shown = [one for one in every if asked.what in ("", one.event.tag) and asked.who in ("", one.who)]
    tags = {one.event.tag for one in every}
    return History(
        entries=tuple(reversed(shown)),
        total=len(every),
        asked=asked,
        kinds=(("", "Everything"), *sorted(((tag, _label(tag)) for tag in tags), key=lambda one: one[1])),
        people=(("", "Everyone"), *((who, who) for who in sorted({one.who for one in every}))),
        page=page,
    )


def exported(recording: Recording, shown: History, form: ExportForm) -> bytes:
    """The history as a file in UTF-8, oldest first; the JSON holds each entry as it is stored, with its hash."""
    oldest_first = tuple(reversed(shown.entries))
    if form is ExportForm.JSON:
        entries = [{**one.event.to_json(), "what": one.what, "hash": one.hash} for one in oldest_first]
        body = {"recording": recording.id, "name": recording.name, "sha256": recording.sha256, "events": entries}
        return json.dumps(body, ensure_ascii=False, indent=1).encode()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("row", "at_utc", "who", "what", "tag", "outcome", "source", "details", "hash"))
    for one in oldest_first:
        event = one.event
        details = "; ".join(f"{name}: {value}" for name, value in one.details)
        at, who = event.at.isoformat(), one.who
        cells = (event.seq, at, who, one.what, event.tag, event.outcome, event.source, details, one.hash)
        writer.writerow([plain_cell(str(cell)) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _entry(row: EventRow) -> HistoryEntry:
    event = row.event
    return HistoryEntry(event, row.hash, _what(event), str(event.person), tuple(_flat(event.detail)))


def _what(event: Event) -> str:
    viewed = wording.VIEWS.get(str(event.detail.get("how", ""))) if event.tag == Tag.RECORDING_VIEWED else None
    return viewed or sentence(event)


def _label(tag: str) -> str:
    kind = kind_of(tag)
    return kind.label if kind is not None else tag


def _flat(value: Json, name: str = "") -> Iterator[tuple[str, str]]:
    """Names and values of nested JSON, one below the other; names as words."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name} {key}" if name else key.replace("_", " "))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _flat(inner, name)
    else:
        yield name, {"None": "none", "True": "yes", "False": "no"}.get(str(value), str(value))
