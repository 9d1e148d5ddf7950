"""Tables of utterances: CSV and TSV of recognizers and of people, and the labels of Audacity."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from bodyworn.domain.errors import BadTranscript
from bodyworn.findings.transcripts.recognizers import voiced

_TEXTS = ("text", "transcript", "utterance", "sentence", "content", "caption", "words", "said", "dialogue")
_SPEAKERS = ("speaker", "speaker name", "speaker label", "role", "name", "who")
_AUDACITY = re.compile(r"-?\d+(?:\.\d+)?\t-?\d+(?:\.\d+)?\t(?P<text>.*)\Z")


def lines_of(untrusted_text: str) -> list[list[str]] | None:
    """The lines of each row, with its speaker as a voice tag; ``None`` if the text is no such table."""
    lines = [line for line in untrusted_text.splitlines() if line.strip()]
    labels = [_AUDACITY.match(line) for line in lines]
    if labels and all(labels):
        return [voiced(None, match["text"]) for match in labels if match]
    head_line = lines[0].lower().replace("_", " ") if lines else ""
    for delimiter in (",", "\t", ";"):
        head = [name.strip().strip('"') for name in head_line.split(delimiter)]
        text = next((head.index(name) for name in _TEXTS if name in head), None)
        if text is not None and len(head) > 1:
            speaker = next((head.index(name) for name in _SPEAKERS if name in head), None)
            return [row for cells in _cells(untrusted_text, delimiter) if (row := _row(cells, text, speaker))]
    return None


def _cells(text: str, delimiter: str) -> list[list[str]]:
    lines = text.strip().splitlines()[1:]
    if delimiter == "\t":
        return [line.split("\t") for line in lines]
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        what = f"that is not a table that can be read ({error})"
        raise BadTranscript(what, "Write the table again, with each text in quotes") from None


def _row(cells: Sequence[str], text: int, speaker: int | None) -> list[str]:
    if text >= len(cells) or not cells[text].strip():
        return []
    return voiced(cells[speaker] if speaker is not None and speaker < len(cells) else None, cells[text])
