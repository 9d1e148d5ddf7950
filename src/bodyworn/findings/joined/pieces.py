"""Words of several recordings in the time of their encounter, in pieces that lie between pauses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bodyworn.domain.encounter import MemberOffset
from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.transcript import TimedWord
from bodyworn.findings.artifacts.utterances import AssignedRole, Utterance
from bodyworn.findings.document import AnalyzedSpeaker
from bodyworn.findings.joined.placing import PlacedMember, in_encounter

#: An utterance is cut where its words pause so long.
PAUSE_MS = 350
_NOT_WORD = re.compile(r"[^\w']+")


@dataclass(frozen=True)
class RecordingHeard:
    """A recording that lies in the time of its encounter, with what is said in it and the roles of its speakers."""

    placed: PlacedMember
    utterances: Sequence[Utterance]
    roles: Mapping[str, AssignedRole | AnalyzedSpeaker]

    @property
    def recording(self) -> str:
        """The id of the recording."""
        return self.placed.member.recording


@dataclass(frozen=True, eq=False)
class PlacedWord:
    """A word: the number of its recording, when it is said in the encounter, and its letters alone for comparing."""

    camera: int
    span: Span
    letters: str
    word: TimedWord

    @property
    def middle_ms(self) -> int:
        """The middle of it."""
        return (self.span.start_ms + self.span.end_ms) // 2


@dataclass(frozen=True, eq=False)
class TalkPiece:
    """Words of one utterance in a row without a longer pause."""

    camera: int
    utterance: Utterance
    words: tuple[PlacedWord, ...]

    @cached_property
    def span(self) -> Span:
        """From its first word to its last, in the encounter."""
        return Span(self.words[0].span.start_ms, max(one.span.end_ms for one in self.words))

    @property
    def speaker(self) -> tuple[int, str] | None:
        """Who says it: number of the recording and name of the speaker there."""
        return None if self.utterance.speaker is None else (self.camera, self.utterance.speaker)


def pieces_of(camera: int, heard: RecordingHeard) -> list[TalkPiece]:
    """The pieces of all utterances of a recording, by start."""
    found = [piece for one in heard.utterances for piece in _pieces(camera, heard.placed.offset, one)]
    return sorted(found, key=lambda piece: piece.span)


def _pieces(camera: int, offset: MemberOffset, utterance: Utterance) -> Iterator[TalkPiece]:
    run: list[PlacedWord] = []
    for word in _single_words(utterance):
        placed = PlacedWord(camera, in_encounter(offset, word.span), letters_of(word.text), word)
        if run and placed.span.start_ms - run[-1].span.end_ms >= PAUSE_MS:
            yield TalkPiece(camera, utterance, tuple(run))
            run = []
        run.append(placed)
    if run:
        yield TalkPiece(camera, utterance, tuple(run))


def _single_words(utterance: Utterance) -> Iterator[TimedWord]:
    """Its words one by one; where a source has times of lines alone, words share the time of the line evenly."""
    for one in utterance.words or (TimedWord(utterance.span, utterance.text, utterance.confidence),):
        texts = one.text.split()
        step = one.span.length_ms / max(1, len(texts))
        for at, text in enumerate(texts):
            start, end = (one.span.start_ms + round(step * edge) for edge in (at, at + 1))
            yield TimedWord(Span(start, end), text, one.confidence, one.overlap)


def letters_of(text: str) -> str:
    """A word as it is compared: lower case, without signs."""
    return _NOT_WORD.sub("", text.casefold()).replace("'", "")
