"""A voice that is lost under another is unknown: two who speak at once and the words of one of them."""

from __future__ import annotations

import numpy as np

from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.speakers import SpeakersArtifact, VoiceMeasures, VoiceTurn
from bodyworn.findings.artifacts.transcript import TimedWord
from bodyworn.findings.voices.diarization import Activity
from bodyworn.findings.voices.joining import join
from bodyworn.findings.voices.lost import lost_voices
from bodyworn.findings.voices.turns import overlaps_of, together_of

MEASURES = VoiceMeasures(5_000, -20.0, 20.0, 0.7, 0.0, 120.0)


def heard(second: Span, together: tuple[Span, ...] = ()) -> SpeakersArtifact:
    """``S1`` speaks for six seconds, ``S2`` in ``second``."""
    turns = (VoiceTurn(Span(0, 6_000), "S1", 0.9), VoiceTurn(second, "S2", 0.9))
    both = tuple(overlaps_of([]) if second.start_ms >= 6_000 else [Span(second.start_ms, min(6_000, second.end_ms))])
    return SpeakersArtifact(turns, both, {"S1": MEASURES, "S2": MEASURES}, together)


def words(first_ms: int, last_ms: int) -> list[TimedWord]:
    return [TimedWord(Span(at, at + 250), "word", 0.9) for at in range(first_ms, last_ms, 300)]


def lost(voices: SpeakersArtifact, said: list[TimedWord]) -> list[Span]:
    return lost_voices(voices, join(said, voices.turns, voices.overlap))


def test_a_voice_without_words_under_another_is_lost() -> None:
    assert lost(heard(Span(3_000, 5_000)), words(0, 6_000)) == [Span(3_000, 5_000)]


def test_a_short_mhm_under_another_is_not() -> None:
    assert lost(heard(Span(3_000, 3_500)), words(0, 6_000)) == []


def test_who_is_heard_alone_is_not_lost() -> None:
    assert lost(heard(Span(7_000, 9_000)), words(0, 9_000)) == []


def test_two_who_probably_speak_and_only_one_could_be_told() -> None:
    voices = heard(Span(7_000, 9_000), (Span(1_000, 2_500), Span(5_000, 5_400)))
    assert lost(voices, words(0, 9_000)) == [Span(1_000, 2_500)]


def test_two_at_once_are_told_from_a_second_of_likelihood() -> None:
    together = np.full(600, 0.05, np.float32)
    together[100:300] = 0.35
    together[300:330] = 0.2
    one = np.ones((600, 1), np.float32)
    (span,) = together_of(Activity(1.4 * one, one, np.ones(600, np.int64), together), 10_000)
    assert 1_000 < span.start_ms < 2_000
    assert 4_800 < span.end_ms < 5_900
    quiet = Activity(one, one, np.ones(600, np.int64), np.full(600, 0.09, np.float32))
    assert together_of(quiet, 10_000) == []


def test_one_voice_that_weeps_is_not_two() -> None:
    together, one = np.full(600, 0.45, np.float32), np.full((600, 1), 0.85, np.float32)
    assert together_of(Activity(one, one, np.ones(600, np.int64), together), 10_000) == []


def test_two_who_are_surely_together_are_two_even_if_one_was_dropped() -> None:
    together, one = np.full(600, 0.8, np.float32), np.full((600, 1), 0.85, np.float32)
    assert len(together_of(Activity(one, one, np.ones(600, np.int64), together), 10_000)) == 1
