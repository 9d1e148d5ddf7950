"""The exemption log: what was withheld, from when to when, and on what ground. Nothing of what was hidden is in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bodyworn.domain.span import Span, clock

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
HEAD = ("id", "start", "end", "medium", "withheld", "reason", "basis")


@dataclass(frozen=True)
class Exemption:
    """One line: ``span`` in milliseconds of the clip, ``medium`` is ``picture`` or ``sound``."""

    id: str
    span: Span
    medium: str
    reason: str
    basis: str

    @property
    def withheld(self) -> str:
        """What was withheld, in words that give nothing away."""
        return WORDS.get(self.reason, WORDS["other"])


def to_csv(log: Iterable[Exemption]) -> str:
    """The log as CSV (RFC 4180), times as h:mm:ss.t of the clip."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for line in log:
        times = (clock(line.span.start_ms), clock(line.span.end_ms))
        writer.writerow([line.id, *times, line.medium, line.withheld, line.reason, line.basis])
    return out.getvalue()


def to_rows(log: Iterable[Exemption]) -> list[dict[str, str]]:
    """The log as the template of the PDF takes it."""
    return [
        {
            "id": line.id,
            "from": clock(line.span.start_ms),
            "to": clock(line.span.end_ms),
            "medium": line.medium,
            "what": line.withheld,
            "reason": f"{line.reason} ({line.basis})" if line.basis else line.reason,
        }
        for line in log
    ]
