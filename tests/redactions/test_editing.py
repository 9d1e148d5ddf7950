"""What a person's edits make of a plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bodyworn.domain.errors import InputError, NotFound
from bodyworn.domain.redaction import Clip, HiddenClass, Reason, SoundAction, SoundSpan
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.track import Box, Track
from bodyworn.redactions.editing import PlanEdits, edited
from bodyworn.redactions.history import ChangeKind, PlanChange
from tests.redactions.plans import utterances

TRACK = Track("face-1", HiddenClass.FACE, (Box(0, 4, 4, 9, 9),), 900_000, Reason.FACE, "test@1")
BLEEP = SoundSpan("sound-1", 0, 50_000, SoundAction.BLEEP, Reason.OTHER, "test@1")
PLATES = tuple(
    Track(f"plate-{i}", HiddenClass.PLATE, (Box(i, 4, 4, 9, 9),), 900_000, Reason.PLATE, "test@1") for i in (1, 2)
)
PLAN = Plan(PlanSource("ab" * 32, 320, 240, 3_000_000), tracks=(TRACK,), sound=(BLEEP,))


def test_words_are_bleeped_wherever_they_are_said_with_their_reason() -> None:
    said = [*utterances(), {**utterances()[1], "start_ms": 9000}]
    made = edited(PLAN, PlanEdits(say=("marisol vega:pii.name",)), "os:ana", said)
    added = made.sound[1:]
    assert [(span.id, span.reason, span.action) for span in added] == [
        ("words-1", Reason.NAME, SoundAction.BLEEP),
        ("words-2", Reason.NAME, SoundAction.BLEEP),
    ]
    assert {span.added_by for span in added} == {"os:ana"}
    assert PlanChange.between(PLAN, made) == PlanChange(ChangeKind.EDITED, (), ("words-1", "words-2"))


def test_a_colon_that_names_no_reason_belongs_to_the_words() -> None:
    with pytest.raises(InputError, match="'vega:why' was not found"):
        edited(PLAN, PlanEdits(say=("vega:why",)), "os:ana", utterances())


@pytest.mark.parametrize("who", ["S2", "community"])
def test_a_voice_is_picked_by_name_or_role(who: str) -> None:
    made = edited(PLAN, PlanEdits(disguise=(who,)), "os:ana", utterances())
    start, end = int(str(utterances()[1]["start_ms"])), int(str(utterances()[1]["end_ms"]))
    assert [(span.action, span.start_ms, span.end_ms) for span in made.sound[1:]] == [
        (SoundAction.DISGUISE, start - 200, end + 200)
    ]


def test_a_speaker_who_is_not_there_is_answered_with_those_who_are() -> None:
    with pytest.raises(InputError) as refused:
        edited(PLAN, PlanEdits(disguise=("S9",)), "os:ana", utterances())
    assert "S1, S2, community, officer" in refused.value.advice


def test_new_spans_never_take_an_id_that_is_in_use() -> None:
    made = edited(PLAN, PlanEdits(sound=("mute:60-70", "mute:80-90")), "os:ana")
    assert [span.id for span in made.sound] == ["sound-1", "sound-2", "sound-3"]


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(NotFound, match="face-2"):
        edited(PLAN, PlanEdits(keep=("face-2",)), "os:ana")


def test_a_track_or_a_span_is_left_open_by_the_person() -> None:
    made = edited(PLAN, PlanEdits(keep=("face-1", "sound-1")), "os:ana")
    assert (made.tracks[0].kept_by, made.sound[0].kept_by) == ("os:ana", "os:ana")
    assert PlanChange.between(PLAN, made).kept == ("face-1", "sound-1")


def test_what_was_kept_is_hidden_again_by_its_id() -> None:
    kept = edited(PLAN, PlanEdits(keep=("face-1", "sound-1"), show=("0,0,9,9",)), "os:ana")
    again = edited(kept, PlanEdits(hide=("face-1", "sound-1", "region-1")), "os:ana")
    assert again == PLAN
    assert PlanChange.between(kept, again).taken_back == ("region-1", "face-1", "sound-1")


def test_all_tracks_of_a_class_are_left_open_at_once_and_one_of_them_hidden_again() -> None:
    plan = replace(PLAN, tracks=(TRACK, *PLATES))
    made = edited(plan, PlanEdits(drop_class=("plates",), hide=("plate-2",)), "os:ana")
    assert [track.kept_by for track in made.tracks] == [None, "os:ana", None]
    with pytest.raises(InputError, match="no tracks of the class 'screens'"):
        edited(plan, PlanEdits(drop_class=("screens",)), "os:ana")


def test_what_lies_outside_of_the_clip_is_refused_and_of_words_only_those_inside_are_taken() -> None:
    said = [*utterances(), {**utterances()[1], "start_ms": 9000}]
    spans = edited(PLAN, PlanEdits(say=("marisol vega",)), "os:ana", said).sound[1:]
    short = replace(PLAN, clip=Clip(0, spans[0].end_us + 1))
    assert len(edited(short, PlanEdits(say=("marisol vega",)), "os:ana", utterances()).sound) == 2
    early = replace(PLAN, clip=Clip(0, 60_000), sound=())
    for edits in (PlanEdits(say=("marisol vega",)), PlanEdits(disguise=("S2",)), PlanEdits(sound=("mute:90-99",))):
        with pytest.raises(InputError, match="outside of the clip"):
            edited(early, edits, "os:ana", utterances())
