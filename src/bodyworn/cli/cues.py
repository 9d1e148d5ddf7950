"""``bodyworn findings cues``: the word-based findings of a transcript that someone already has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bodyworn.findings.cues.reader import Reading
    from bodyworn.findings.cues.turns import Conversation, CueTurn


def cues(
    transcript: Annotated[
        Path,
        typer.Argument(
            metavar="TRANSCRIPT", help="Captions, recognizer output, JSONL of encounters, or text with speakers."
        ),
    ],
    json_to: JsonOption = None,
) -> None:
    """Propose the 18 word-based kinds for each utterance of a transcript: scores, and the words behind them."""
    from bodyworn.cli.screen import give, say, show_table
    from bodyworn.findings.transcripts.reading import read_transcript

    conversations = read_transcript(transcript)
    for note in (note for conversation in conversations for note in conversation.notes):
        say(f"{transcript.name}: {note}")
    read = list(_readings(conversations))
    columns = ("encounter", "i", "role", "kind", "score", "words", "said")

    def shown() -> None:
        rows = [
            (of, str(i), turn.role, kind, f"{found.scores[kind]:.2f}", " ".join(found.words[kind]), turn.text)
            for of, i, turn, found in read
            for kind in found.kinds
        ]
        show_table(None, columns, rows)

    give(json_to, [_row(*one) for one in read], shown, lines=True)


def _readings(conversations: list[Conversation]) -> Iterator[tuple[str, int, CueTurn, Reading]]:
    """Encounter, number and turn of each utterance, with what the words were read as."""
    from bodyworn.findings.cues.reader import cue_reader

    reader = cue_reader()
    for one in conversations:
        for number, turn, found in zip(one.numbers, one.turns, reader.read(one.turns), strict=True):
            yield one.id, number, turn, found


def _row(encounter: str, number: int, turn: CueTurn, found: Reading) -> dict[str, object]:
    return {
        "id": encounter,
        "i": number,
        "role": turn.role,
        "kinds": list(found.kinds),
        "scores": found.scores,
        "words": found.words,
    }
