"""``bodyworn findings cues``: the word-based findings of a transcript that someone already has, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption

if TYPE_CHECKING:
    from bodyworn.findings.cues.reading import Reading
    from bodyworn.findings.cues.turns import Conversation, CueTurn

#: Kinds that come this near to being proposed are explained too.
NEARLY = 0.3


@dataclass(frozen=True)
class _Read:
    """One utterance: its conversation, its place there, and what was read."""

    conversation: Conversation
    place: int
    reading: Reading

    @property
    def turn(self) -> CueTurn:
        return self.conversation.turns[self.place]

    @property
    def number(self) -> int:
        return self.conversation.numbers[self.place]


def cues(
    transcript: Annotated[
        Path,
        typer.Argument(
            metavar="TRANSCRIPT", help="Captions, recognizer output, JSONL of encounters, or text with speakers."
        ),
    ],
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Tell why: the score in context and alone, the words, the rule, also for kinds that came near.",
        ),
    ] = False,
    json_to: JsonOption = None,
) -> None:
    """Propose the 18 word-based kinds for each utterance of a transcript: scores, and the words behind them."""
    from bodyworn.cli.screen import give, say, show_table
    from bodyworn.findings.cues.reader import cue_reader
    from bodyworn.findings.transcripts.reading import read_transcript

    conversations = read_transcript(transcript)
    for note in (note for conversation in conversations for note in conversation.notes):
        say(f"{transcript.name}: {note}")
    reader = cue_reader()
    read = [_Read(one, place, reading) for one in conversations for place, reading in enumerate(reader.read(one.turns))]

    def shown() -> None:
        if explain:
            _show_reasons(read)
        else:
            show_table(None, ("encounter", "i", "role", "kind", "score", "words", "said"), _table(read))

    give(json_to, [_row(one, explain) for one in read], shown, lines=True)


def _table(read: list[_Read]) -> list[tuple[str, ...]]:
    from bodyworn.cli.moments import score_and_word

    return [
        (
            one.conversation.id,
            str(one.number),
            one.turn.role,
            kind,
            score_and_word(kind, one.reading.scores[kind]),
            " ".join(one.reading.words[kind]),
            one.turn.text,
        )
        for one in read
        for kind in one.reading.kinds
    ]


def _show_reasons(read: list[_Read]) -> None:
    """Each utterance with a kind that was or was nearly proposed: what stood before it, and the reasons."""
    from bodyworn.cli.screen import show, show_table

    for one in read:
        rows = _reasons(one.reading)
        if not rows:
            continue
        show(f"\n{one.conversation.id}, {one.number}")
        for before in one.conversation.turns[max(0, one.place - 2) : one.place]:
            show(f"  before  {before.role}: {before.text}")
        show(f"  said    {one.turn.role}: {one.turn.text}")
        show_table(None, ("kind", "proposed", "score", "in context", "alone", "rule", "words"), rows)
    show("\nA score of 0.50 or more is proposed. In context: with all that was said around")
    show("it. Alone: by itself, where the utterance is short.")


def _reasons(reading: Reading) -> list[tuple[str, ...]]:
    from bodyworn.cli.moments import score_and_word

    return [
        (
            kind,
            "yes" if kind in reading.kinds else "no",
            score_and_word(kind, reading.scores[kind]) if kind in reading.kinds else f"{reading.scores[kind]:.2f}",
            f"{reading.in_context[kind]:.2f}",
            f"{reading.alone[kind]:.2f}" if reading.alone else "",
            reading.rules.get(kind, ""),
            " ".join(reading.words.get(kind, ())),
        )
        for kind in _explained(reading)
    ]


def _explained(reading: Reading) -> list[str]:
    """Kinds that are proposed, came near, or were changed by a rule; the highest score first."""
    kinds = [kind for kind, score in reading.scores.items() if score >= NEARLY or kind in reading.rules]
    return sorted(kinds, key=lambda kind: -reading.scores[kind])


def _row(one: _Read, explain: bool) -> dict[str, object]:
    from bodyworn.domain.how_sure import how_sure

    reading = one.reading
    row: dict[str, object] = {
        "id": one.conversation.id,
        "i": one.number,
        "role": one.turn.role,
        "kinds": list(reading.kinds),
        "scores": reading.scores,
        "words": reading.words,
        "how_sure": {kind: how_sure(kind, reading.scores[kind]) for kind in reading.kinds},
    }
    if explain:
        row["explained"] = {
            kind: {
                "in_context": reading.in_context[kind],
                "alone": reading.alone.get(kind),
                "rule": reading.rules.get(kind),
            }
            for kind in _explained(reading)
        }
    return row
