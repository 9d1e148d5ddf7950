"""Small dialogues with marks: ``[kind: words]`` has to be hidden, ``{words}`` has to be heard; the rest is talk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bodyworn.redactions.spoken.proposing import propose_words
from bodyworn.redactions.spoken.words import SpokenTranscript, plain, transcript_of

ROLES = {"O": "officer", "C": "community", "D": "dispatch"}
_MARKED = re.compile(r"\[(?P<kind>\w+): (?P<hide>[^\]]*)\]|\{(?P<keep>[^}]*)\}|(?P<talk>[^\[{]+)")
_WORD_MS, _GAP_MS, _PAUSE_MS = 300, 20, 500


@dataclass(frozen=True)
class MarkedWord:
    """A word, and the mark it stands in: its kind (``keep`` for what has to be heard, ``None`` without one)."""

    text: str
    mark: tuple[str, int] | None


@dataclass(frozen=True)
class Judged:
    """A dialogue under the rules: marked items found, the text of those missed, words hidden for nothing."""

    items: int
    missed: tuple[str, ...]
    kept: int
    lost: tuple[str, ...]
    words_to_hear: int
    over: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether every item is hidden whole and every other word heard."""
        return not (self.missed or self.lost or self.over)


def read(path: Path) -> list[str]:
    """The dialogues of a file, one a line."""
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def judge(dialogue: str) -> Judged:
    """What the rules hide in a dialogue such as ``O: Name? / C: [name: Rosa Vela].``."""
    turns = [(part[0], _marked(part[2:])) for part in re.split(r" / (?=[OCD]:)", dialogue)]
    talk = _talk(turns)
    marks = [word.mark for _, words in turns for word in words if plain(word.text)]
    hidden = {
        index
        for item in propose_words(talk)
        for index in range(item.first, item.last + 1)
        if talk.words[index].role == talk.words[item.first].role
    }
    groups = [(mark, [i for i, _ in group]) for mark, group in groupby(enumerate(marks), key=lambda pair: pair[1])]
    hide = [places for mark, places in groups if mark is not None and mark[0] != "keep"]
    keep = [places for mark, places in groups if mark is not None and mark[0] == "keep"]
    free = [i for i, mark in enumerate(marks) if mark is None or mark[0] == "keep"]
    return Judged(
        items=len(hide),
        missed=tuple(_text(talk, places, hidden) for places in hide if not hidden.issuperset(places)),
        kept=len(keep),
        lost=tuple(_text(talk, places, hidden) for places in keep if not hidden.isdisjoint(places)),
        words_to_hear=len(free),
        over=tuple(talk.words[i].text for i in free if i in hidden),
    )


def _text(talk: SpokenTranscript, places: Sequence[int], hidden: set[int]) -> str:
    """The words, those that are hidden with a star."""
    return " ".join(talk.words[i].text + "*" * (i in hidden) for i in places)


def _marked(text: str) -> list[MarkedWord]:
    made: list[MarkedWord] = []
    for number, part in enumerate(_MARKED.finditer(text)):
        words = (part["hide"] or part["keep"] or part["talk"] or "").split()
        if part["talk"] and made and words and not text[part.start()].isspace():
            made[-1] = MarkedWord(made[-1].text + words.pop(0), made[-1].mark)  # the comma after a mark
        mark = None if part["talk"] else (part["kind"] or "keep", number)
        made += [MarkedWord(word, mark) for word in words]
    return made


def _talk(turns: Sequence[tuple[str, Sequence[MarkedWord]]]) -> SpokenTranscript:
    """The transcript as a recognizer times it: 300 ms a word, half a second between speakers."""
    clock, rows = 1000, []
    for role, words in turns:
        timed = []
        for word in words:
            timed.append({"start_ms": clock, "end_ms": clock + _WORD_MS, "text": word.text, "confidence": 0.9})
            clock += _WORD_MS + _GAP_MS
        rows.append({"role": ROLES[role], "start_ms": 0, "end_ms": clock, "text": "", "words": timed})
        clock += _PAUSE_MS
    return transcript_of(rows)
