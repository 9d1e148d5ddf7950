"""Roles from made-up speakers, cue by cue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.speakers import VoiceMeasures
from bodyworn.findings.voices.role_words import weigh
from bodyworn.findings.voices.roles import Speaker, assign_roles

OFFICER = ["Good evening, sir.", "The reason I stopped you is your speed.", "License and registration please."]
DRIVER = ["I'm so sorry, officer.", "I was just trying to get home to my kids.", "Am I getting a ticket?"]
RADIO = ["Two fourteen, copy.", "Plate comes back valid, no wants."]


def speaker(name: str, texts: list[str] = [], start: int = 0, end: int = 60_000, **measures: Any) -> Speaker:  # noqa: B006
    usual = VoiceMeasures(
        speech_ms=20_000, level_db=-25.0, clarity_db=25.0, steadiness=0.6, band_limited=0.0, pitch_hz=120.0
    )
    return Speaker(name, replace(usual, **measures), Span(start, end), weigh(texts))


def roles(*speakers: Speaker, **corrections: str) -> dict[str, str]:
    return {name: verdict.role for name, verdict in assign_roles(speakers, corrections).items()}


def test_the_loudest_is_the_wearer_whatever_is_said() -> None:
    near, far = speaker("S1"), speaker("S2", level_db=-38.0, clarity_db=15.0, steadiness=0.4, pitch_hz=200.0)
    verdicts = assign_roles([near, far], {})
    assert verdicts["S1"].role == "officer"
    assert verdicts["S2"].role == "community"
    assert "the loudest voice, 13 dB above the next" in verdicts["S1"].because


def test_the_words_decide_where_the_sound_does_not() -> None:
    assert roles(speaker("S1", DRIVER), speaker("S2", OFFICER, pitch_hz=200.0)) == {"S1": "community", "S2": "officer"}


def test_words_show_in_the_reasons() -> None:
    verdict = assign_roles([speaker("S1", OFFICER), speaker("S2", DRIVER, level_db=-36.0, pitch_hz=210.0)], {})["S1"]
    assert any("words typical of an officer" in reason for reason in verdict.because)


def test_a_loud_radio_is_dispatch_and_not_the_wearer() -> None:
    given = roles(
        speaker("S1", OFFICER, level_db=-24.0),
        speaker("S2", RADIO, level_db=-18.0, band_limited=0.95, pitch_hz=200.0),
    )
    assert given == {"S1": "officer", "S2": "dispatch"}


def test_a_far_voice_that_talks_like_an_officer_is_a_further_officer() -> None:
    partner = ["Step out of the car.", "Put your hands behind your back.", "Dispatch, show us code four.", *OFFICER]
    given = roles(
        speaker("S1", OFFICER, level_db=-22.0),
        speaker("S2", partner, level_db=-36.0, pitch_hz=180.0),
        speaker("S3", DRIVER, level_db=-34.0, pitch_hz=150.0),
    )
    assert given == {"S1": "officer", "S2": "officer_2", "S3": "community"}


def test_an_officer_who_arrives_late_and_says_little_is_told_by_the_words() -> None:
    given = roles(
        speaker("S1", OFFICER, level_db=-22.0),
        speaker("S2", DRIVER, level_db=-34.0, pitch_hz=210.0),
        speaker("S3", ["Hey, what do we have?", "Ma'am, come out here for me."], 40_000, speech_ms=6_000,
                level_db=-33.0, pitch_hz=150.0),
    )  # fmt: skip
    assert given == {"S1": "officer", "S2": "community", "S3": "officer_2"}


def test_what_is_said_to_a_colleague_tells_a_further_officer_better_than_what_officers_say() -> None:
    spoken = weigh(["You want me to take the passenger?", "I'll go talk to her."])
    assert spoken.evidence["officer_2"] > weigh(OFFICER).evidence["officer_2"]


def test_a_further_officer_never_counts_for_more_than_any_officer() -> None:
    for texts in (OFFICER, DRIVER, RADIO, ["You want me to take the passenger?"]):
        evidence = weigh(texts).evidence
        assert evidence["officer_2"] <= evidence["officer"]


def test_people_of_the_community_are_numbered_by_how_much_they_speak() -> None:
    given = roles(
        speaker("S1", OFFICER * 2, level_db=-20.0),
        speaker("S2", DRIVER, level_db=-36.0, pitch_hz=150.0, speech_ms=8_000),
        speaker("S3", DRIVER, level_db=-38.0, pitch_hz=230.0, speech_ms=15_000),
    )
    assert given == {"S1": "officer", "S2": "community_2", "S3": "community"}


def test_a_correction_overrules_and_moves_the_wearer() -> None:
    loud, soft = speaker("S1", OFFICER, level_db=-20.0), speaker("S2", DRIVER, level_db=-36.0, pitch_hz=190.0)
    corrected = assign_roles([loud, soft], {"S2": "officer"})
    assert corrected["S2"].role == "officer"
    assert corrected["S2"].confidence == 1.0
    assert corrected["S1"].role != "officer"
    assert roles(loud, soft, S1="community")["S1"] == "community"


def test_two_equal_voices_without_words_leave_doubt() -> None:
    alike = assign_roles([speaker("S1"), speaker("S2", pitch_hz=190.0)], {})
    assert max(verdict.confidence for verdict in alike.values()) < 0.7


@pytest.mark.parametrize("count", [0, 1, 5])
def test_every_speaker_gets_one_verdict_with_a_reason(count: int) -> None:
    speakers = [speaker(f"S{n}", level_db=-20.0 - 3 * n) for n in range(count)]
    verdicts = assign_roles(speakers, {})
    assert set(verdicts) == {s.name for s in speakers}
    assert all(0 <= v.confidence <= 1 and v.because for v in verdicts.values())


def test_role_of_the_wearer_can_be_set() -> None:
    verdicts = assign_roles(
        [speaker("S1", OFFICER, level_db=-20.0), speaker("S2", DRIVER, level_db=-38.0)], {}, "officer_2"
    )
    assert verdicts["S1"].role == "officer_2"
