"""``bodyworn findings cues``: the word-based findings of a transcript that someone already has."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bodyworn.findings.cues.turns import Conversation


def cues(
    transcript: Annotated[Path, typer.Argument(help="JSONL of encounters, WebVTT or SRT.")],
    json_to: Annotated[
        str | None, typer.Option("--json", metavar="PATH|-", help="Write one JSON row per utterance; - is the screen.")
    ] = None,
) -> None:
    """Propose the 18 word-based kinds for each utterance of a transcript: scores, and the words that carried them."""
    from bodyworn.findings.transcripts.reading import read_transcript

    conversations = read_transcript(transcript)
    for note in (note for conversation in conversations for note in conversation.notes):
        print(f"bodyworn: {transcript.name}: {note}", file=sys.stderr)
    if json_to is None:
        _show(conversations)
    elif json_to == "-":
        for row in _rows(conversations):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    else:
        _write(Path(json_to), conversations)


def _rows(conversations: list[Conversation]) -> Iterator[dict[str, Any]]:
    from bodyworn.findings.cues.reader import cue_reader

    reader = cue_reader()
    for conversation in conversations:
        readings = reader.read(conversation.turns)
        for number, turn, reading in zip(conversation.numbers, conversation.turns, readings, strict=True):
            yield {
                "id": conversation.id,
                "i": number,
                "role": turn.role,
                "kinds": list(reading.kinds),
                "scores": reading.scores,
                "words": reading.words,
            }


def _write(path: Path, conversations: list[Conversation]) -> None:
    from bodyworn.domain.errors import UnreadableInput

    rows = list(_rows(conversations))
    try:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UnreadableInput(f"{path.name} cannot be written: {reason}", "Choose another place for --json") from None


def _show(conversations: list[Conversation]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    texts = {
        (conversation.id, number): turn.text
        for conversation in conversations
        for number, turn in zip(conversation.numbers, conversation.turns, strict=True)
    }
    table = Table("encounter", "i", "role", "kind", "score", "carried by", "said")
    for row in _rows(conversations):
        for kind in row["kinds"]:
            said = texts[(row["id"], row["i"])]
            cells = (row["id"], str(row["i"]), row["role"], kind, f"{row['scores'][kind]:.2f}")
            table.add_row(*map(Text, (*cells, " ".join(row["words"][kind]), said)))
    Console().print(table)
