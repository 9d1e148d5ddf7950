"""Speakers whom a person joins: chains end, circles are left alone, and what is measured is measured together."""

from __future__ import annotations

import pytest

from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.speakers import SpeakersArtifact, VoiceMeasures, VoiceTurn
from bodyworn.findings.voices.same_voice import same_voices, with_same_voices


def measures(speech_ms: int, pitch_hz: float) -> VoiceMeasures:
    return VoiceMeasures(speech_ms, -20.0, 30.0, 0.5, 0.0, pitch_hz)


HEARD = SpeakersArtifact(
    turns=(
        VoiceTurn(Span(0, 2_000), "S1", 0.9),
        VoiceTurn(Span(1_500, 3_000), "S2", 0.8),
        VoiceTurn(Span(5_000, 6_000), "S3", 0.7),
        VoiceTurn(Span(5_500, 6_500), "S1", 0.7),
    ),
    overlap=(Span(1_500, 2_000), Span(5_500, 6_000)),
    speakers={"S1": measures(3_000, 100.0), "S2": measures(1_000, 200.0), "S3": measures(1_000, 150.0)},
)


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ({}, {}),
        ({"S2": "community"}, {}),
        ({"S2": "S1", "S3": "officer"}, {"S2": "S1"}),
        ({"S2": "S3", "S3": "S1"}, {"S2": "S1", "S3": "S1"}),
        ({"S1": "S2", "S2": "S1"}, {}),
        ({"S2": "S2"}, {}),
        ({"S2": "S9", "S9": "S1"}, {}),
    ],
)
def test_a_speaker_is_the_last_of_its_chain(said: dict[str, str], same: dict[str, str]) -> None:
    assert same_voices(said, HEARD) == same


def test_turns_overlap_and_measures_are_those_of_the_people_who_are_left() -> None:
    joined = with_same_voices(HEARD, {"S2": "S1"})
    assert [turn.speaker for turn in joined.turns] == ["S1", "S1", "S3", "S1"]
    assert joined.overlap == (Span(5_500, 6_000),)
    assert joined.speakers == {"S1": measures(4_000, 125.0), "S3": measures(1_000, 150.0)}
    assert with_same_voices(HEARD, {}) is HEARD


def test_the_last_voice_can_take_in_the_first() -> None:
    assert with_same_voices(HEARD, {"S1": "S3", "S2": "S3"}).speakers == {"S3": measures(5_000, 130.0)}
