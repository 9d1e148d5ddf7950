"""The exemption log: what was withheld, from when to when, and on what ground. Nothing of what was hidden is in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bodyworn.domain.codec import json_name
from bodyworn.domain.span import Span, clock
from bodyworn.domain.spreadsheet import plain_cell

#: What a log says of each class of thing and reason, without saying more.
WORDS: Mapping[str, str] = {
    "identity.face": "a face",
    "identity.plate": "a license plate",
    "identity.voice": "the sound of a voice",
    "private.screen": "a screen",
    "private.text": "readable text",
    "pii.name": "a name",
    "pii.address": "an address",
    "pii.phone": "a phone number",
    "pii.birth_date": "a date of birth",
    "pii.social_security": "a social security number",
    "pii.license": "a license number",
    "pii.id_number": "an identification number",
    "pii.plate": "a spoken license plate",
    "pii.email": "an email address",
    "protected.minor": "a minor",
    "protected.medical": "medical care",
    "protected.body": "a body",
    "other": "a part of the picture or sound",
}
HEAD = ("id", "start", "end", "medium", "withheld", "exemption_code", "citation")


@dataclass(frozen=True)
class Exemption:
    """One line: ``span`` in milliseconds of the clip, ``medium`` is ``picture`` or ``sound``.

    ``code`` is the exemption code (the reason of the redaction), ``citation`` its ground in law; empty where the
    agency's rules name none.
    """

    id: str
    span: Span
    medium: str
    code: str
    citation: str

    @property
    def withheld(self) -> str:
        """What was withheld, in words that give nothing away."""
        return WORDS.get(self.code, WORDS["other"])


def to_csv(log: Iterable[Exemption]) -> str:
    """The log as CSV (RFC 4180), times as h:mm:ss.t of the clip; no cell is a formula to a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for line in log:
        times = (clock(line.span.start_ms), clock(line.span.end_ms))
        cells = [line.id, *times, line.medium, line.withheld, line.code, line.citation]
        writer.writerow([plain_cell(" ".join(cell.split())) for cell in cells])
    return out.getvalue()


@dataclass(frozen=True)
class ExemptionLine:
    """A line of the log as the template of the PDF takes it: all of it text."""

    id: str
    start: str = field(metadata=json_name("from"))
    end: str = field(metadata=json_name("to"))
    medium: str
    what: str
    reason: str


def to_lines(log: Iterable[Exemption]) -> tuple[ExemptionLine, ...]:
    """The log as the template of the PDF takes it."""
    return tuple(
        ExemptionLine(
            id=line.id,
            start=clock(line.span.start_ms),
            end=clock(line.span.end_ms),
            medium=line.medium,
            what=line.withheld,
            reason=f"{line.code} ({line.citation})" if line.citation else line.code,
        )
        for line in log
    )
