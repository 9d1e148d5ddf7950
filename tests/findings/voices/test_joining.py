"""Words and turns become utterances."""

from __future__ import annotations

from dataclasses import replace

from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.speakers import VoiceTurn
from bodyworn.findings.artifacts.transcript import TimedWord
from bodyworn.findings.voices.joining import join


def word(start_ms: int, text: str, length_ms: int = 300) -> TimedWord:
    return TimedWord(Span(start_ms, start_ms + length_ms), text, 0.9)


def turn(speaker: str, start_ms: int, end_ms: int) -> VoiceTurn:
    return VoiceTurn(Span(start_ms, end_ms), speaker, 0.9)


def told(words: list[TimedWord], turns: list[VoiceTurn]) -> list[tuple[str | None, str]]:
    return [(item.speaker, " ".join(w.text for w in item.words)) for item in join(words, turns, [])]


def test_splits_where_the_speaker_changes() -> None:
    words = [word(0, "License"), word(350, "please."), word(800, "Here"), word(1150, "you"), word(1500, "go.")]
    assert told(words, [turn("S1", 0, 700), turn("S2", 750, 1900)]) == [
        ("S1", "License please."),
        ("S2", "Here you go."),
    ]


def test_a_word_whose_time_is_a_little_off_stays_in_its_sentence() -> None:
    words = [word(0, "Turn"), word(300, "the"), word(600, "engine"), word(950, "off."), word(1600, "Okay.")]
    turns = [turn("S1", 0, 1000), turn("S2", 1050, 2000)]
    assert told(words, turns) == [("S1", "Turn the engine off."), ("S2", "Okay.")]


def test_splits_at_a_pause_of_the_same_speaker() -> None:
    assert told([word(0, "Wait"), word(1500, "here")], [turn("S1", 0, 2000)]) == [("S1", "Wait"), ("S1", "here")]


def test_words_far_from_any_turn_have_no_speaker() -> None:
    assert told([word(0, "Hello"), word(20_000, "you")], [turn("S1", 0, 400)]) == [("S1", "Hello"), (None, "you")]


def test_words_near_a_turn_take_its_speaker() -> None:
    assert told([word(1000, "Hello")], [turn("S1", 0, 400)]) == [("S1", "Hello")]


def test_without_turns_words_are_kept_without_speaker() -> None:
    assert told([word(0, "Hello")], []) == [(None, "Hello")]
    assert join([], [], []) == []


def test_overlapped_words_are_marked_and_nothing_else_is_changed() -> None:
    words = [word(0, "No"), word(400, "wait")]
    joined = join(words, [turn("S1", 0, 700), turn("S2", 380, 720)], [Span(380, 700)])
    got = [w for item in joined for w in item.words]
    assert got == [words[0], replace(words[1], overlap=True)]


def test_long_speech_ends_at_a_sentence() -> None:
    words = [word(i * 320, "word." if i == 24 else "word") for i in range(40)]
    assert [len(item.words) for item in join(words, [turn("S1", 0, 20_000)], [])] == [25, 15]


def test_every_word_is_kept_once_and_in_order() -> None:
    words = [word(i * 137 % 9000, f"w{i}") for i in range(60)]
    turns = [turn(f"S{i % 3}", i * 700, i * 700 + 900) for i in range(12)]
    got = [w.text for item in join(words, turns, []) for w in item.words]
    assert got == [w.text for w in sorted(words, key=lambda w: w.span)]
