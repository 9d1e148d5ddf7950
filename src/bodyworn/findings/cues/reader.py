"""Run the cue model: for each turn the scores of the 18 kinds, the words that triggered them, and why.

The model is our own (card: ``models/cues/card.md``): an encoder over the whole conversation in windows, one number for
each kind and token; an utterance's logit is their mean over its tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.findings.cues import repeats
from bodyworn.findings.cues.calibration import KINDS
from bodyworn.findings.cues.encoder import CueEncoder
from bodyworn.findings.cues.reading import THRESHOLD, Reading, nothing, read_as
from bodyworn.findings.cues.rules import ALONE, with_rules
from bodyworn.findings.cues.triggers import answers, questions
from bodyworn.findings.cues.windows import WindowPart, cut_pieces, cut_windows, lay_out
from bodyworn.models.registry import locate
from bodyworn.models.session import NetworkSession, load

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bodyworn.findings.cues.turns import CueTurn

    Floats = NDArray[np.float32]
    Heard = dict[int, list[tuple[WindowPart, Floats]]]

MODEL = "cues"
#: Windows that go through the encoder together.
WINDOWS_AT_ONCE = 4


class CueReader:
    """The loaded model. Takes under a second to make; reads as many conversations as wanted."""

    def __init__(self, session: NetworkSession, tokenizer: Path) -> None:
        self.encoder = CueEncoder(session, tokenizer)

    def read(self, turns: Sequence[CueTurn], *, explain: bool = True) -> list[Reading]:
        """Readings of the turns of one conversation, in their order; a turn without words reads as nothing.

        Without ``explain`` no words are looked for, which about halves the work.
        """
        kept, place = repeats.read_once(turns)
        once = [turns[at] for at in kept]
        heard = self.in_context(once)
        readings = [nothing() for _ in once]
        for at, pieces in heard.items():
            numbers = strongest_piece(pieces)
            readings[at] = read_as(self._scores(numbers, once[at].role))
        readings = self._with_alone(once, readings)
        if explain:
            readings = self._with_words(once, readings, heard)
        return with_rules(turns, [readings[at] for at in place])

    def in_context(self, turns: Sequence[CueTurn]) -> Heard:
        """For each turn with words its pieces, each with its tokens' numbers ``(tokens with role marker, 18)``."""
        pieces = cut_pieces(turns, self.encoder.encode)
        laid = sorted((lay_out(window, pieces) for window in cut_windows(pieces)), key=lambda item: len(item[0]))
        found: dict[int, Floats] = {}
        for start in range(0, len(laid), WINDOWS_AT_ONCE):
            batch = laid[start : start + WINDOWS_AT_ONCE]
            for out, (_, places) in zip(self.encoder.run([ids for ids, _ in batch]), batch, strict=True):
                found |= {number: out[first:last] for number, (first, last) in places.items()}
        heard: Heard = {}
        for number in sorted(found):
            heard.setdefault(pieces[number].turn, []).append((pieces[number], found[number]))
        return heard

    def _scores(self, numbers: Floats, role: str) -> dict[str, float]:
        values = self.encoder.calibration.scores(numbers, role)
        return {kind: round(float(value), 4) for kind, value in zip(KINDS, values, strict=True)}

    def _with_alone(self, turns: Sequence[CueTurn], readings: list[Reading]) -> list[Reading]:
        """Short turns read by themselves too: kinds that cannot wait get the higher score."""
        short = repeats.read_alone(turns)
        for (turn, places), numbers in zip(short.items(), self.encoder.alone(list(short)), strict=True):
            alone = self._scores(numbers, turn.role)
            for at in places:
                reading = replace(readings[at], alone=alone)
                for kind in repeats.ACUTE:
                    if alone[kind] >= THRESHOLD and alone[kind] > reading.scores[kind]:
                        reading = reading.changed(kind, alone[kind], [], ALONE)
                readings[at] = reading
        return readings

    def _with_words(self, turns: Sequence[CueTurn], readings: list[Reading], heard: Heard) -> list[Reading]:
        """Fill in the words that triggered the kinds."""
        asked = [
            question
            for at, pieces in heard.items()
            for question in questions(at, turns[at].text, readings[at].kinds, pieces, _best_pieces(pieces))
        ]
        found = answers(asked, self.encoder.means)
        for at, reading in enumerate(readings):
            reading.words.update({kind: found.get((at, kind), []) for kind in reading.kinds})
        return readings


def strongest_piece(pieces: Sequence[tuple[WindowPart, Floats]]) -> Floats:
    """Numbers ``(18,)`` of an utterance: for each kind those of the piece that speaks most for it."""
    import numpy as np

    most: Floats = np.stack([tokens.mean(axis=0) for _, tokens in pieces]).max(axis=0)
    return most


def _best_pieces(pieces: Sequence[tuple[WindowPart, Floats]]) -> list[int]:
    import numpy as np

    best: list[int] = np.stack([tokens.mean(axis=0) for _, tokens in pieces]).argmax(axis=0).tolist()
    return best


@cache
def cue_reader() -> CueReader:
    """The shipped model, checked against its pin and loaded once a process."""
    return CueReader(load(MODEL), locate(MODEL).with_name("tokenizer.json"))
