"""Words of a window cut into lines (segments), placed on the recording and trimmed to where there is a voice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bodyworn.domain.span import Span, merge
from bodyworn.findings.artifacts.transcript import TimedWord
from bodyworn.findings.speech import activity
from bodyworn.findings.speech.recognizer import RecognizedSpeech
from bodyworn.findings.speech.windows import on_recording

#: A line ends at a pause of this length, or after a full stop and a shorter one.
PAUSE_MS = 700
SENTENCE_PAUSE_MS = 200
LONGEST_LINE_MS = 12_000
#: A word longer than this is stretched over silence and is trimmed to the voice under it.
LONG_WORD_MS = 900
SHORTEST_WORD_MS = 40
LONGEST_WORD_MS = 1500
#: Voice that stops for less than this goes on.
RUN_GAP_MS = 160
VOICE = 0.35


@dataclass(frozen=True)
class RecognizedWord:
    """A word on the recording's clock."""

    span: Span
    text: str
    confidence: float

    @property
    def timed(self) -> TimedWord:
        """The word as the transcript has it."""
        return TimedWord(self.span, self.text.strip(), round(self.confidence, 3))


def place(
    words: tuple[RecognizedSpeech, ...], window: Span, probability: activity.Probabilities
) -> list[RecognizedWord]:
    """Words on the recording's clock, in order and without overlap."""
    placed: list[RecognizedWord] = []
    for number, word in enumerate(words):
        span = on_recording(window, word.start_ms, word.end_ms)
        if span.length_ms > LONG_WORD_MS:
            span = _trimmed(span, probability, last=number + 1 == len(words))
        start = max(span.start_ms, placed[-1].span.end_ms) if placed else span.start_ms
        end = min(max(span.end_ms, start + SHORTEST_WORD_MS), max(start, window.end_ms))
        placed.append(RecognizedWord(Span(start, end), word.text, word.probability))
    return placed


def _trimmed(span: Span, probability: activity.Probabilities, last: bool) -> Span:
    """A stretched word cut to one run of voice of at most 1.5 s.

    Time that belongs to no word is given to the word after it, and after the last word to the last: so the last run is
    the word, or for the last word the first.
    """
    first = int(span.start_ms / activity.BLOCK_MS)
    voiced = probability[first : int(span.end_ms / activity.BLOCK_MS) + 1] >= VOICE
    runs = merge([_block(first + int(at)) for at in np.flatnonzero(voiced)], RUN_GAP_MS)
    if not runs:
        return Span(span.start_ms, span.start_ms + LONG_WORD_MS)
    run = runs[0 if last else -1]
    low, high = max(span.start_ms, run.start_ms), min(span.end_ms, run.end_ms)
    return Span(low, min(high, low + LONGEST_WORD_MS)) if last else Span(max(low, high - LONGEST_WORD_MS), high)


def _block(index: int) -> Span:
    return Span(int(index * activity.BLOCK_MS), round((index + 1) * activity.BLOCK_MS))


def cut(words: list[RecognizedWord]) -> list[list[RecognizedWord]]:
    """Lines: at long pauses, after sentences, and at the longest pause of a line that grows too long."""
    lines: list[list[RecognizedWord]] = []
    for word in words:
        if lines and not _ends(lines[-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _ends(line: list[RecognizedWord], following: RecognizedWord) -> bool:
    pause = following.span.start_ms - line[-1].span.end_ms
    sentence = line[-1].text.rstrip().endswith((".", "?", "!"))
    if pause >= PAUSE_MS or (sentence and pause >= SENTENCE_PAUSE_MS):
        return True
    length = following.span.end_ms - line[0].span.start_ms
    return length > LONGEST_LINE_MS or (sentence and length > LONGEST_LINE_MS / 2)


def text_of(line: list[RecognizedWord]) -> str:
    """The words of a line as text."""
    return "".join(word.text for word in line).strip()


def span_of(line: list[RecognizedWord]) -> Span:
    """From the first word to the last."""
    return Span(line[0].span.start_ms, line[-1].span.end_ms)


def confidence_of(line: list[RecognizedWord]) -> float:
    """Mean word probability, each word weighted by its length in letters."""
    weights = [max(1, len(word.text.strip())) for word in line]
    return sum(w * word.confidence for w, word in zip(weights, line, strict=True)) / sum(weights)
