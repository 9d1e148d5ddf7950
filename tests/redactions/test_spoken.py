"""What is proposed for hiding in the sound: said as people say it, written as a recognizer writes it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from bodyworn.domain.codec import to_json
from bodyworn.domain.redaction import Reason, SoundAction
from bodyworn.redactions import speech
from bodyworn.redactions.sound_masking import hiding
from bodyworn.redactions.spoken.proposing import propose_words
from bodyworn.redactions.spoken.words import transcript_of


def said(*lines: str, pause_ms: int = 500) -> list[dict[str, object]]:
    """Utterances from ``O: words`` lines: 300 ms a word, 20 ms apart."""
    clock, rows = 1000, []
    roles = {"O": "officer", "C": "community", "D": "dispatch"}
    for i, line in enumerate(lines):
        words = []
        for text in line[3:].split():
            words.append({"start_ms": clock, "end_ms": clock + 300, "text": text, "confidence": 0.9})
            clock += 320
        rows.append(
            {
                "i": i,
                "role": roles[line[0]],
                "start_ms": words[0]["start_ms"],
                "end_ms": clock,
                "text": line[3:],
                "words": words,
            }
        )
        clock += pause_ms
    return rows


def hidden(*lines: str, officers_too: bool = False) -> list[tuple[str, str]]:
    talk = transcript_of(said(*lines))
    return [
        (item.reason.value, talk.plain(item.first, item.last + 1))
        for item in propose_words(talk, officers_too=officers_too)
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["C: call me at nine one three five five five oh one four two"], ("pii.phone", 10)),
        (["C: Call me at 913 -555 -0142."], ("pii.phone", 3)),
        (["O: phone number", "C: it's five five five oh one nine one"], ("pii.phone", 7)),
        (["O: date of birth", "C: march third eighty four"], ("pii.birth_date", 4)),
        (["O: Date of birth?", "C: March 3rd, 1984."], ("pii.birth_date", 3)),
        (["O: birthday", "C: three seventeen ninety"], ("pii.birth_date", 3)),
        (["C: he was born the fifth of june nineteen seventy"], ("pii.birth_date", 6)),
        (["C: i live at twelve forty maple ridge drive apartment four b"], ("pii.address", 8)),
        (["C: I live at 1240 Maple Ridge Drive, Apartment 4B."], ("pii.address", 6)),
        (["O: last four of your social", "C: two oh eight six"], ("pii.social_security", 4)),
        (["C: my license number is k one one four two nine eight three oh"], ("pii.license", 9)),
        (["O: run adam boy charlie four five seven"], ("pii.plate", 6)),
        (["D: kansas plate kilo four four seven tango xray"], ("pii.plate", 6)),
        (["C: the plate was RTK 814"], ("pii.plate", 2)),
        (["C: it's t dot smithers at gmail dot com"], ("pii.email", 7)),
        (["C: my name is marisol vega"], ("pii.name", 2)),
        (["O: spell your last name", "C: V -E -G -A"], ("pii.name", 4)),
        (["O: step over here mr abernathy"], ("pii.name", 1)),
        (["C: i got the plate ktw9"], ("pii.plate", 1)),
        (["C: call me at 913 555 0142 five zero one four two"], ("pii.phone", 8)),
        (["C: i was born in february of sixty three"], ("pii.birth_date", 4)),
    ],
)
def test_an_item_is_hidden_whole_and_for_its_reason(lines: list[str], expected: tuple[str, int]) -> None:
    found = hidden(*lines)
    assert [(reason, len(text.split())) for reason, text in found] == [expected], found


@pytest.mark.parametrize(
    "line",
    [
        "O: i had you at seventy eight in a sixty five",
        "D: ten four time is twenty three seventeen",
        "C: i was on highway sixty nine by the casino",
        "C: it cost me a hundred and eighty dollars",
        "O: it's may the twenty first about eleven fifteen",
        "C: he may go if you mark the map i hope it will do",
        "O: the case number is twenty four zero zero one seven eight three",
        "C: i've had this car since two thousand nine",
        "O: take main street to the light",
        "O: pulse is ninety eight she is twenty six years old",
    ],
)
def test_other_numbers_and_plain_words_are_heard(line: str) -> None:
    assert hidden(line) == []


def test_a_number_goes_on_over_a_pause_and_a_nod() -> None:
    rows = said("O: phone number", "C: nine one three five five five", "O: okay", "C: oh one four two")
    spans = speech.from_utterances(rows)
    assert [span.reason for span in spans] == [Reason.PHONE, Reason.PHONE]
    nod = rows[2]["words"][0]  # type: ignore[index]
    assert all(span.end_ms <= nod["start_ms"] or span.start_ms >= nod["end_ms"] for span in spans)


def test_an_officers_name_is_public_unless_asked_for() -> None:
    line = "O: i'm officer halloran with the city police"
    assert hidden(line) == []
    assert hidden(line, officers_too=True) == [("pii.name", "halloran")]
    assert hidden("C: officer halloran told me to wait") == []
    assert hidden("C: i'm halloran") == [("pii.name", "halloran")]


def test_a_name_is_hidden_wherever_it_comes_back() -> None:
    lines = ["C: my name is oleg barinov", "O: okay", "O: so what did barinov do then"]
    assert ("pii.name", "barinov") in hidden(*lines)[1:]


def test_masks_reach_beyond_the_words_and_far_into_a_pause() -> None:
    rows = said("C: call me at nine one three five five five oh one four two please")
    (span,) = speech.from_utterances(rows)
    words = rows[0]["words"]
    assert span.start_ms == words[3]["start_ms"] - 200  # type: ignore[index]
    assert span.end_ms == words[12]["end_ms"] + 120  # type: ignore[index]
    assert span.action is SoundAction.BLEEP
    (alone,) = speech.from_utterances(said("O: date of birth", "C: march third eighty four", pause_ms=3000))
    assert alone.end_ms - alone.start_ms >= 4 * 300 + 3 * 20 + 2 * 900


@pytest.mark.parametrize(("late_ms", "early_ms"), [(0, 0), (180, 0), (0, 110), (150, 100)])
def test_no_figure_stays_audible_where_the_recognizer_places_words_wrongly(late_ms: int, early_ms: int) -> None:
    rate, rows = 8000, said("O: phone", "C: it's nine one three five five five oh one four two okay")
    sound = np.zeros((1, 8 * rate), np.float32)
    figures = rows[1]["words"][1:-1]  # type: ignore[index]
    for word in figures:
        sound[:, word["start_ms"] * rate // 1000 : word["end_ms"] * rate // 1000] = 0.3
    for word in figures:
        word["start_ms"], word["end_ms"] = word["start_ms"] + late_ms, word["end_ms"] - early_ms
    edit = hiding([replace(span, action=SoundAction.MUTE) for span in speech.from_utterances(rows)])
    assert edit is not None
    assert not edit(sound, Fraction(0), rate).any()


def test_spans_do_not_hold_the_words() -> None:
    rows = said(
        "C: my name is marisol vega i live at twelve forty maple ridge drive", "C: my social is five oh eight 7213"
    )
    spans = speech.from_utterances(rows)
    assert len(spans) == 3
    for word in ("marisol", "vega", "maple", "ridge", "7213", "forty"):
        assert word not in json.dumps([to_json(span) for span in spans]).lower()


def test_a_transcript_without_word_times_is_read_too() -> None:
    rows = [{"start_ms": 0, "end_ms": 4000, "text": "My name is Marisol Vega.", "confidence": 0.8}]
    (span,) = speech.from_utterances(rows)
    assert span.start_ms <= 2400
    assert span.end_ms >= 4000
