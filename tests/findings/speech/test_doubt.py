"""Lines nobody said: loops are cut, silence phrases go only where the sound agrees."""

from __future__ import annotations

import pytest

from bodyworn.findings.speech.doubt import Bounds, Unrepeated, failed, plain, repeats, surest, unrepeated, why_not_said
from bodyworn.findings.speech.recognizer import DecodeResult, RecognizedSpeech, compression


def words(text: str) -> tuple[RecognizedSpeech, ...]:
    return tuple(RecognizedSpeech(300 * i, 300 * i + 250, f" {word}", 0.9) for i, word in enumerate(text.split()))


def hearing(text: str, log_probability: float = -0.3, no_speech: float = 0.1) -> DecodeResult:
    return DecodeResult(text, words(text), log_probability, no_speech, compression(text))


def test_a_loop_is_kept_once() -> None:
    found = unrepeated(words("get down " * 9 + "now"))
    assert "".join(word.text for word in found.kept) == " get down now"
    assert len(found.repeated) == 16


def test_people_repeat_themselves_three_times() -> None:
    said = words("stop stop stop put it down put it down")
    assert unrepeated(said) == Unrepeated(said, ())


@pytest.mark.parametrize("line", ["you", "Thank you.", "Thanks for watching!"])
def test_silence_phrase_needs_a_voice_under_it(line: str) -> None:
    assert why_not_said(line, hearing(line), speech=0.3, above_floor_db=20, bounds=Bounds())
    assert why_not_said(line, hearing(line), speech=0.95, above_floor_db=1, bounds=Bounds())
    assert why_not_said(line, hearing(line), speech=0.95, above_floor_db=20, bounds=Bounds()) is None


def test_a_sure_line_stays_in_weak_speech() -> None:
    line = "I cannot breathe"
    assert why_not_said(line, hearing(line), speech=0.3, above_floor_db=2, bounds=Bounds()) is None


def test_an_unsure_line_without_voice_goes() -> None:
    line = "the quick brown fox"
    assert why_not_said(line, hearing(line, -1.2), speech=0.2, above_floor_db=2, bounds=Bounds())


def test_punctuation_alone_is_not_a_line() -> None:
    assert why_not_said(" . . .", hearing(". . ."), speech=0.9, above_floor_db=20, bounds=Bounds()) == "no words"


def test_plain() -> None:
    assert plain("We'll be  right-back!") == "well be right back"


def test_a_numeral_is_a_word() -> None:
    assert why_not_said("1.", hearing("1."), speech=0.9, above_floor_db=20, bounds=Bounds()) is None


def test_a_sentence_twice_is_heard_again_and_the_other_hearing_wins() -> None:
    once, twice = hearing("I see him go there", -0.4), hearing("I see him go there I see him go there", -0.1)
    assert failed(twice, 10)
    assert not failed(once, 10)
    assert surest([twice, once]) is once
    assert surest([twice, hearing("I see him go there I see him go there", -0.3)]) is twice


def test_loops_lose_against_anything_that_does_not_loop() -> None:
    loop = hearing("stop it " * 30, -0.05)
    assert repeats(loop)
    assert surest([loop, hearing("stop it", -1.4)]).text == "stop it"


def test_more_words_than_can_be_said_fail() -> None:
    words_said = " ".join(f"w{n}" for n in range(40))
    assert failed(hearing(words_said), 2)
    assert not failed(hearing(words_said), 12)
