"""Which recording hears a moment of talk best, and what only the others have of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean, median

from bodyworn.domain.span import Span, merge
from bodyworn.findings.joined.moments import Moment
from bodyworn.findings.joined.pieces import PAUSE_MS, PlacedWord, TalkPiece

#: A word counts for as much as its confidence is above this: more words are better, unless they are guesses.
GUESS = 0.45
#: The share of the usual confidence of the speaker in that recording: a recognizer is at times sure of what it guesses.
USUAL = 0.5
#: Words of another recording are its own if no word of the chosen one is so near; a single one needs a pause between.
_BESIDE_MS = 100
#: Words that follow those of the chosen recording must be so sure on the mean: at the edges much is misheard.
_SURE = 0.5


def best_of(moment: Moment, clarity: Mapping[tuple[int, str | None], float]) -> int:
    """The recording whose words are heard best: by the confidence of its words, and of that speaker there at large.

    ``clarity`` is the mean confidence of a speaker's words in a recording: a single word tells little by itself.
    """
    return max(moment.cameras, key=lambda camera: (_worth(moment.of(camera), clarity), -camera))


def _worth(pieces: Sequence[TalkPiece], clarity: Mapping[tuple[int, str | None], float]) -> float:
    worth = 0.0
    for piece in pieces:
        usual = clarity[piece.camera, piece.utterance.speaker]
        worth += sum((1 - USUAL) * one.word.confidence + USUAL * usual - GUESS for one in piece.words)
    return worth


def left_over(moment: Moment, chosen: int) -> list[TalkPiece]:
    """What other recordings say in a moment while the chosen one has no words near: said by somebody it missed."""
    taken = merge((word.span for word in moment.words_of(chosen)), PAUSE_MS)
    found: list[TalkPiece] = []
    for camera in moment.cameras:
        if camera == chosen:
            continue
        shared = {word for pair in moment.pairs for word in pair if word.camera == camera}
        shift = _shift(moment, chosen, camera)
        for piece in moment.of(camera):
            own = [word for word in piece.words if word not in shared and not _is_near(word, taken, shift, _BESIDE_MS)]
            runs = _in_runs(piece, own)
            found += [run for run in runs if _is_own(run, taken, shift)]
    return found


def _is_own(run: TalkPiece, taken: Sequence[Span], shift_ms: int) -> bool:
    """Whether they are words in their own right, and no edge that was heard differently."""
    if all(not _is_near(word, taken, shift_ms, PAUSE_MS) for word in run.words):
        return True
    return len(run.words) > 1 and mean(word.word.confidence for word in run.words) >= _SURE


def _shift(moment: Moment, chosen: int, camera: int) -> int:
    """How much later the chosen recording tells the same words, in milliseconds."""
    found = [
        (one.middle_ms - other.middle_ms) * (1 if one.camera == chosen else -1)
        for one, other in moment.pairs
        if {one.camera, other.camera} == {chosen, camera}
    ]
    return round(median(found)) if found else 0


def _is_near(word: PlacedWord, taken: Sequence[Span], shift_ms: int, how_near_ms: int) -> bool:
    middle = word.middle_ms + shift_ms
    return any(span.start_ms - how_near_ms <= middle <= span.end_ms + how_near_ms for span in taken)


def _in_runs(piece: TalkPiece, own: Sequence[PlacedWord]) -> list[TalkPiece]:
    """The words of ``own`` as pieces, cut where others of the piece lie between."""
    places = {word: at for at, word in enumerate(piece.words)}
    found: list[list[PlacedWord]] = []
    for word in own:
        if found and places[found[-1][-1]] + 1 == places[word]:
            found[-1].append(word)
        else:
            found.append([word])
    return [TalkPiece(piece.camera, piece.utterance, tuple(run)) for run in found]
