"""What was misheard at first is hidden by what a second recognizer hears; where neither doubts, nothing changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bodyworn.domain.redaction import Reason, SoundAction, SoundSpan
from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.transcript import Segment, TimedWord
from bodyworn.redactions.speech import from_utterances
from bodyworn.redactions.spoken.doubted import is_doubted
from bodyworn.redactions.spoken.readings import second_reading, united

Row = Mapping[str, Any]


def words(text: str, start_ms: int, each_ms: int = 300) -> list[Row]:
    times = [(start_ms + each_ms * n, start_ms + each_ms * (n + 1) - 20) for n in range(len(text.split()))]
    return [
        {"start_ms": start, "end_ms": end, "text": word, "confidence": 0.9}
        for word, (start, end) in zip(text.split(), times, strict=True)
    ]


def row(role: str, text: str, start_ms: int) -> Row:
    own = words(text, start_ms)
    return {"role": role, "text": text, "start_ms": start_ms, "end_ms": own[-1]["end_ms"], "words": own}


def again(text: str, start_ms: int, end_ms: int, at_ms: int) -> Row:
    return {"start_ms": start_ms, "end_ms": end_ms, "words": words(text, at_ms)}


def line(text: str, start_ms: int = 0, confidence: float = 0.95) -> Segment:
    own = tuple(TimedWord(Span(w["start_ms"], w["end_ms"]), w["text"], confidence) for w in words(text, start_ms))
    return Segment(Span(start_ms, own[-1].span.end_ms), text, confidence, own)


def masked(spans: Sequence[SoundSpan], start_ms: int, end_ms: int) -> bool:
    return any(span.start_ms <= start_ms and span.end_ms >= end_ms for span in spans)


ASKED = row("officer", "What is your phone number?", 0)
MISHEARD = row("community", "Can thank you.", 2_000)


def test_a_number_that_only_the_second_hearing_understood_is_hidden() -> None:
    assert from_utterances([ASKED, MISHEARD]) == []
    (span,) = from_utterances([ASKED, MISHEARD], [again("215 660 9428", 1_900, 3_200, 2_000)])
    assert span.reason is Reason.PHONE
    assert masked([span], 2_000, 2_880)


def test_what_the_second_hearing_lost_stays_hidden() -> None:
    told = row("community", "215 660 9428", 2_000)
    (span,) = from_utterances([ASKED, told], [again("thank you", 1_900, 3_200, 2_000)])
    assert masked([span], 2_000, 2_880)


def test_one_item_of_both_readings_is_one_span_over_both() -> None:
    told = row("community", "215 660 9428", 2_000)
    (span,) = from_utterances([ASKED, told], [again("215 660 9428", 1_500, 4_200, 2_500)])
    assert masked([span], 2_000, 3_380)


@pytest.mark.parametrize(("second", "hidden"), [("then we transcribe it", False), ("then which trance it", True)])
def test_a_rare_word_that_both_hearings_write_is_no_name(second: str, hidden: bool) -> None:
    said = row("community", "then we transcribe it", 2_000)
    spans = from_utterances([said], [again(second, 1_900, 3_400, 2_000)])
    assert masked(spans, 2_620, 2_860) is hidden


def test_a_name_that_both_hearings_write_with_a_capital_stays_hidden() -> None:
    said = row("community", "then Ottoline said it", 2_000)
    assert masked(from_utterances([said], [again("then Ottoline said it", 1_900, 3_400, 2_000)]), 2_320, 2_560)


def test_words_heard_again_are_said_by_whoever_spoke_there() -> None:
    rows = second_reading([ASKED, MISHEARD], [again("my number 215", 1_900, 3_200, 2_000)])
    assert [(one["role"], one["text"]) for one in rows] == [
        ("officer", "What is your phone number?"),
        ("community", "my number 215"),
    ]


def test_words_where_nobody_was_heard_are_of_nobody_known() -> None:
    rows = second_reading([ASKED], [again("Roscoe", 9_000, 9_500, 9_000)])
    assert [one["role"] for one in rows] == ["officer", "unknown"]


def test_lines_in_another_language_keep_their_words() -> None:
    spanish = {**row("community", "me llamo Rosa", 2_000), "language": "es"}
    rows = second_reading([ASKED, spanish], [again("may yamo rosa", 1_900, 3_200, 2_000)])
    assert spanish in rows


def test_two_items_of_different_kinds_that_only_touch_stay_two() -> None:
    first = SoundSpan.of_ms("speech-1", 1_000, 2_000, SoundAction.BLEEP, Reason.NAME, "test@1")
    second = SoundSpan.of_ms("speech-1", 1_900, 3_000, SoundAction.BLEEP, Reason.BIRTH_DATE, "test@1")
    assert [(one.id, one.reason) for one in united([first], [second])] == [
        ("speech-1", Reason.NAME),
        ("speech-2", Reason.BIRTH_DATE),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "What is your name?",
        "It is 402.",
        "four oh two",
        "My sister will pick me up.",
        "I saw Roscoe over there.",
        "that is ottoline over there",
        "T as in Tom, K Y",
    ],
)
def test_questions_figures_and_names_are_heard_again(text: str) -> None:
    assert is_doubted([line(text)], Span(0, 1_500))


def test_the_answer_to_a_question_is_heard_again() -> None:
    answer = line("Add", 3_000)
    assert is_doubted([line("What did you say your name was?"), answer], Span(2_900, 3_400))
    assert not is_doubted([line("Keep your hands on the wheel."), answer], Span(2_900, 3_400))


def test_unsure_lines_and_voices_without_words_are_heard_again() -> None:
    sure = line("keep your hands on the wheel for me")
    assert not is_doubted([sure], Span(0, 2_400))
    assert is_doubted([line("keep your hands on the wheel for me", confidence=0.5)], Span(0, 2_400))
    assert is_doubted([sure], Span(0, 12_000))
