"""Words become lines at pauses; a word stretched over silence is trimmed to the voice under it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from bodyworn.domain.span import Span
from bodyworn.findings.speech import activity, lines
from bodyworn.findings.speech.lines import RecognizedWord
from bodyworn.findings.speech.recognizer import RecognizedSpeech


def word(start: int, end: int, text: str, confidence: float = 0.9) -> RecognizedWord:
    return RecognizedWord(Span(start, end), f" {text}", confidence)


def test_pause_and_sentence_end_a_line() -> None:
    said = [word(0, 300, "Sit"), word(350, 600, "down."), word(900, 1100, "Please."), word(1900, 2100, "Now")]
    assert [lines.text_of(line) for line in lines.cut(said)] == ["Sit down.", "Please.", "Now"]


def test_one_line_does_not_go_on_for_ever() -> None:
    said = [word(300 * i, 300 * i + 290, "on") for i in range(200)]
    assert max(lines.span_of(line).length_ms for line in lines.cut(said)) <= 12_000


def test_word_stretched_over_silence_is_trimmed() -> None:
    probability = np.zeros(200, np.float32)
    probability[100:110] = 0.9
    (placed,) = lines.place((RecognizedSpeech(0, 6000, " help", 0.8),), Span(0, 6400), probability)
    assert placed.span == Span(int(100 * activity.BLOCK_MS), round(110 * activity.BLOCK_MS))


def test_words_are_in_order_and_do_not_overlap() -> None:
    said = (RecognizedSpeech(0, 500, " a", 1), RecognizedSpeech(400, 380, " b", 1), RecognizedSpeech(300, 900, " c", 1))
    placed = lines.place(said, Span(0, 1000), np.ones(40, np.float32))
    assert all(a.span.end_ms <= b.span.start_ms for a, b in pairwise(placed))
    assert all(w.span.length_ms > 0 for w in placed)


def test_confidence_is_weighted_by_letters() -> None:
    assert lines.confidence_of([word(0, 1, "a", 0.0), word(1, 2, "bcd", 1.0)]) == 0.75


def test_last_word_stretched_over_other_speech_keeps_the_first_run() -> None:
    probability = np.zeros(300, np.float32)
    probability[0:20] = probability[60:120] = 0.9
    said = (RecognizedSpeech(0, 300, " in", 1), RecognizedSpeech(300, 5000, " living", 1))
    assert lines.place(said, Span(0, 9000), probability)[1].span == Span(300, 640)
    first, second = lines.place(
        (
            RecognizedSpeech(0, 300, " in", 1),
            RecognizedSpeech(300, 3840, " living", 1),
            RecognizedSpeech(3840, 4000, " it", 1),
        ),
        Span(0, 9000),
        probability,
    )[:2]
    assert first.span.end_ms == 300
    assert second.span == Span(3840 - 1500, 3840)
