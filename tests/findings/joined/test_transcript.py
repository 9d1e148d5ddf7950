"""One transcript of several recordings: each utterance from the one that hears it best, nothing twice, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.utterances import Utterance
from bodyworn.findings.joined.joining import JoinedTalk, join_talk
from bodyworn.findings.joined.pieces import RecordingHeard
from tests.makers.talk import Heard, heard

OFFICER = "I am giving you a warning today"
ANSWER = "thank you so much officer I appreciate it"


def texts(talk: JoinedTalk) -> list[tuple[str, str]]:
    return [(one.recording.removeprefix("rec_"), one.text) for one in talk.utterances]


def moved(lines: Sequence[Heard], by_s: float) -> list[Heard]:
    return [(start + by_s, *rest) for start, *rest in lines]  # type: ignore[misc]


def test_each_utterance_is_taken_from_the_recording_that_hears_it_best_and_says_which() -> None:
    front = heard("front", 0, [(5, "S1", OFFICER, 0.95), (9, "S2", "thank use so much office I appreciate", 0.4)])
    rear = heard("rear", 3, [(2, "S3", "I am giving you a morning to day", 0.45), (6, "S1", ANSWER, 0.93)])
    talk = join_talk([front, rear])
    assert texts(talk) == [("front", OFFICER), ("rear", ANSWER)]
    first, second = talk.utterances
    assert (first.span.start_ms, first.at.start_ms) == (5000, 5000)
    assert (second.span.start_ms, second.at.start_ms) == (9000, 6000), "its time in the encounter and in the recording"
    (other,) = second.also
    assert (other.recording, other.text) == ("rec_front", "thank use so much office I appreciate")
    assert other.from_utterances == (1,)


def test_what_one_recording_alone_heard_is_not_lost() -> None:
    front = heard("front", 0, [(2, "S1", "step out of the car", 0.9), (20, "S2", "where are we going", 0.3)])
    rear = heard("rear", 0, [(2, "S1", "step out of the car", 0.6), (30, "S1", "he has a knife", 0.8)])
    assert texts(join_talk([front, rear])) == [
        ("front", "step out of the car"),
        ("front", "where are we going"),
        ("rear", "he has a knife"),
    ]


def test_words_that_the_better_recording_missed_stay_beside_its_own() -> None:
    """One long utterance of the other recording, of which the better one has only the first half."""
    front = heard("front", 0, [(2, "S1", "put your hands on the wheel", 0.95)])
    rear = heard("rear", 0, [(2, "S1", "put your hands on the wheel and do not move", 0.5)])
    assert [text for _, text in texts(join_talk([front, rear]))] == ["put your hands on the wheel", "and do not move"]


def test_the_same_words_at_slightly_other_times_are_not_there_twice() -> None:
    lines = [(2.0, "S1", OFFICER, 0.9), (6.0, "S2", ANSWER, 0.9)]
    early = heard("early", 0, lines)
    late = heard("late", 0, [(start + 0.45, who, text, 0.8) for start, who, text, _ in lines])
    assert texts(join_talk([early, late])) == [("early", OFFICER), ("early", ANSWER)]


def test_two_who_speak_at_once_are_both_there_once_it_is_known_that_they_are_two() -> None:
    """Each camera hears its own wearer over the other one; what they said before tells who is who."""
    before = [
        (2.0, "S1", "dispatch this is unit five on the scene now", 0.9),
        (6.0, "S3", "I have the back door covered for you", 0.9),
    ]
    front = heard("front", 0, [*before, (10, "S1", "come out with your hands up", 0.9)])
    rear = heard("rear", 0, [*before, (10, "S3", "drop the bag right there sir", 0.9)])
    said = [text for _, text in texts(join_talk([front, rear]))]
    assert said[2:] == ["come out with your hands up", "drop the bag right there sir"]


def test_three_recordings_and_a_clock_that_drifts() -> None:
    front = heard("front", 0, [(2, "S1", OFFICER, 0.9), (50, "S2", ANSWER, 0.5)])
    rear = heard("rear", 1, [(1, "S1", OFFICER, 0.6), (49, "S2", ANSWER, 0.6)], drift_ppm=40.0)
    phone = heard("phone", 2, [(48, "S2", ANSWER, 0.95)])
    talk = join_talk([front, rear, phone])
    assert texts(talk) == [("front", OFFICER), ("phone", ANSWER)]
    assert [one.recording for one in talk.utterances[1].also] == ["rec_front", "rec_rear"]


def test_two_voices_are_believed_one_where_both_hear_the_same_words_of_them() -> None:
    front = heard("front", 0, [(2, "S1", OFFICER, 0.9), (6, "S2", ANSWER, 0.9)])
    rear = heard("rear", 0, [(2, "S3", OFFICER, 0.5), (6, "S1", ANSWER, 0.5), (20, "S2", "hello", 0.9)])
    talk = join_talk([front, rear])
    named = {one.name: {(each.recording, each.speaker) for each in one.called} for one in talk.voices}
    assert named == {
        "V1": {("rec_front", "S1"), ("rec_rear", "S3")},
        "V2": {("rec_front", "S2"), ("rec_rear", "S1")},
        "V3": {("rec_rear", "S2")},
    }
    assert [(one.words, one.roles_disagree) for one in talk.voices] == [(7, True), (8, True), (0, False)]
    assert [one.voice for one in talk.utterances] == ["V1", "V2", "V3"]


def test_a_recording_that_only_a_clock_places_is_joined_by_the_same_words_alone() -> None:
    lines = [(2.0, "S1", OFFICER, 0.9), (6.0, "S2", ANSWER, 0.9), (20.0, "S1", "you are free to go now sir", 0.9)]
    front = heard("front", 0, lines)
    off = heard("off", 0, [(start + 7.3, who, text, 0.7) for start, who, text, _ in lines], by_clock=True)
    assert [where for where, _ in texts(join_talk([front, off]))] == ["front"] * 3

    other = heard(
        "other", 0, [(2, "S1", "he went down the alley", 0.9), (6, "S2", "no I did not see", 0.9)], by_clock=True
    )
    assert len(join_talk([front, other]).utterances) == 5, "at the same time by a clock is not the same moment"

    once = heard("once", 0, [(9.3, "S1", OFFICER, 0.9)], by_clock=True)
    assert len(join_talk([front, once]).utterances) == 4, "one sentence alone does not tell how far clocks are apart"


def test_lines_without_times_of_words_are_joined_too() -> None:
    front = heard("front", 0, [(2, "S1", OFFICER, 0.9)])
    whole = heard("whole", 0, [(2, "S1", OFFICER, 0.5)])
    (said,) = whole.utterances
    line = Utterance(0, said.span, "S1", "officer", 0.8, said.text, 0.5, ())
    assert texts(join_talk([front, RecordingHeard(whole.placed, (line,), whole.roles)])) == [("front", OFFICER)]


def test_a_recording_alone_is_its_own_transcript() -> None:
    lines = [(2.0, "S1", OFFICER, 0.9), (6.0, "S2", ANSWER, 0.2)]
    talk = join_talk([heard("one", 0, lines)])
    assert [one.text for one in talk.utterances] == [text for _, _, text, _ in lines]
    assert join_talk([]) == JoinedTalk((), ())


WORDS = st.lists(
    st.sampled_from(["stop", "car", "hands", "now", "please", "door", "left", "sir"]), min_size=1, max_size=6
)
LINES = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from(("S1", "S2")), WORDS, st.sampled_from((0.2, 0.6, 0.9))), max_size=8
)


@given(st.lists(LINES, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_every_word_stands_once_or_beside_what_stands_for_it(
    cameras: list[list[tuple[int, str, list[str], float]]],
) -> None:
    """Of each recording each word is either taken, or in what another one's utterance stands for; none is in both."""
    every = [
        heard(str(at), 0, [(start / 10, who, " ".join(words), sure) for start, who, words, sure in sorted(lines)])
        for at, lines in enumerate(cameras)
    ]
    talk = join_talk(every)
    told: dict[str, int] = {}
    for one in talk.utterances:
        told[one.recording] = told.get(one.recording, 0) + len(one.text.split())
        for other in one.also:
            assert other.recording != one.recording
            told[other.recording] = told.get(other.recording, 0) + len(other.text.split())
    assert told == {one.recording: sum(len(each.words) for each in one.utterances) for one in every if one.utterances}
    assert all(one.span <= other.span for one, other in pairwise(talk.utterances))
    assert all(isinstance(one.span, Span) for one in talk.utterances)
