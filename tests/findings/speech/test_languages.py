"""Which language is spoken where: the rules, on probabilities made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from bodyworn.domain.span import Span, covered_ms
from bodyworn.findings.artifacts.speakers import VoiceTurn
from bodyworn.findings.speech.languages import (
    QUICK_S,
    WHOLE_S,
    LanguageStretch,
    foreign,
    foreign_speech,
    stretches,
    told,
    within,
    without,
)

ENGLISH = {"en": 0.95, "es": 0.01, "zh": 0.04}
SPANISH = {"en": 0.02, "es": 0.9, "zh": 0.08}


@dataclass
class Ear:
    """Gives the probabilities of the stretch that the middle of a span lies in, and keeps what it was asked."""

    said: Mapping[Span, Mapping[str, float]]
    asked: list[tuple[Span, float]] = field(default_factory=list)

    def tell(self, span: Span, seconds: float) -> Mapping[str, float]:
        self.asked.append((span, seconds))
        middle = (span.start_ms + span.end_ms) // 2
        return next(shares for place, shares in self.said.items() if place.start_ms <= middle < place.end_ms)


def seconds(start: float, end: float) -> Span:
    return Span(round(start * 1000), round(end * 1000))


def turn(start: float, end: float, speaker: str) -> VoiceTurn:
    return VoiceTurn(seconds(start, end), speaker, 0.9)


def languages(said: Mapping[Span, Mapping[str, float]], turns: list[VoiceTurn]) -> list[str]:
    return told(stretches(list(said), turns), Ear(said))


def test_a_voice_is_cut_where_the_speaker_changes() -> None:
    found = stretches([seconds(0, 6)], [turn(0, 3, "S1"), turn(3, 6, "S2")])
    assert [(one.span, one.speaker) for one in found] == [(seconds(0, 3), "S1"), (seconds(3, 6), "S2")]


def test_one_voice_is_told_together_over_short_pauses_only() -> None:
    found = stretches([seconds(0, 2), seconds(2.5, 4), seconds(7, 8)], [turn(0, 8, "S1")])
    assert [(one.span, one.voiced_ms) for one in found] == [(seconds(0, 4), 3500), (seconds(7, 8), 1000)]


def test_a_long_voice_is_told_in_parts() -> None:
    found = stretches([seconds(0, 20)], [])
    assert len(found) == 3
    assert covered_ms([one.span for one in found], seconds(0, 20)) == 20_000


def test_spanish_beside_english() -> None:
    said = {seconds(0, 3): ENGLISH, seconds(4, 8): SPANISH}
    assert languages(said, [turn(0, 3, "S1"), turn(4, 8, "S2")]) == ["en", "es"]


@pytest.mark.parametrize(
    "shares",
    [
        {"en": 0.4, "es": 0.5, "zh": 0.1},  # English is plausible
        {"en": 0.15, "es": 0.3, "zh": 0.55},  # an accent told as another language, not surely
        {"en": 0.05, "zh": 0.7, "es": 0.25},  # hardly English, and not sure enough of anything
    ],
)
def test_what_is_not_sure_stays_english(shares: Mapping[str, float]) -> None:
    assert languages({seconds(0, 5): shares}, []) == ["en"]


def test_spanish_taken_for_italian_is_spanish_where_english_is_out() -> None:
    assert languages({seconds(0, 3): {"en": 0.04, "it": 0.45, "es": 0.4, "zh": 0.11}}, []) == ["es"]
    assert languages({seconds(0, 3): {"en": 0.15, "it": 0.45, "es": 0.3, "zh": 0.1}}, []) == ["en"]


def test_another_language_is_named_only_where_it_is_sure() -> None:
    sure = {"en": 0.01, "vi": 0.95, "es": 0.04}
    torn = {"en": 0.01, "vi": 0.5, "th": 0.45, "es": 0.04}
    assert languages({seconds(0, 5): sure}, []) == ["vi"]
    assert languages({seconds(0, 5): torn}, []) == ["und"]


def test_a_cry_is_no_other_language() -> None:
    assert languages({seconds(0, 1): {"en": 0.01, "ko": 0.97, "es": 0.02}}, []) == ["en"]


def test_a_short_word_goes_by_what_the_same_voice_speaks_around_it() -> None:
    """Half a second alone is told as anything; the speaker's other words decide, those of others do not."""
    short = {"en": 0.3, "es": 0.2, "zh": 0.5}
    said = {seconds(0, 5): SPANISH, seconds(10, 10.6): short, seconds(12, 17): ENGLISH}
    turns = [turn(0, 5, "S1"), turn(10, 10.6, "S1"), turn(12, 17, "S2")]
    assert languages(said, turns) == ["es", "es", "en"]
    turns[1] = turn(10, 10.6, "S2")
    assert languages(said, turns) == ["es", "en", "en"]


def test_only_what_is_left_open_is_heard_a_second_time() -> None:
    said = {seconds(0, 3): ENGLISH, seconds(4, 8): SPANISH, seconds(9, 13): {"en": 0.1, "es": 0.5, "zh": 0.4}}
    ear = Ear(said)
    told(stretches(list(said), [turn(0, 3, "S1"), turn(4, 8, "S2"), turn(9, 13, "S1")]), ear)
    assert [length for _, length in ear.asked] == [QUICK_S, QUICK_S, QUICK_S, WHOLE_S]


def test_borders_lie_half_way_between_languages_and_leave_silence_alone() -> None:
    voices = [seconds(1, 3), seconds(4, 8), seconds(20, 22)]
    speech = [seconds(0.5, 8.5), seconds(19.5, 22.5)]
    found = stretches(voices, [turn(1, 3, "S1"), turn(4, 8, "S2"), turn(20, 22, "S1")])
    taken = foreign(found, ["en", "es", "en"], speech)
    assert taken == [LanguageStretch(seconds(3.5, 8.5), "es")]
    assert without(speech, taken) == [seconds(0.5, 3.5), seconds(19.5, 22.5)]
    assert within(speech, taken, "es") == [seconds(3.5, 8.5)]


def test_all_english_leaves_speech_as_it_was() -> None:
    voices, speech = [seconds(1, 3)], [seconds(0.5, 3.5)]
    taken = foreign_speech(Ear({seconds(0, 4): ENGLISH}), voices, [], speech)
    assert taken == []
    assert without(speech, taken) == speech


def test_spanish_from_end_to_end() -> None:
    speech = [seconds(0.5, 6.5), seconds(8, 12)]
    ear = Ear({seconds(0, 15): SPANISH})
    taken = foreign_speech(ear, [seconds(1, 6), seconds(8.5, 11.5)], [], speech)
    assert without(speech, taken) == []
    assert within(speech, taken, "es") == speech
