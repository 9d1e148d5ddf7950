"""What a person's edits make of a plan."""

from __future__ import annotations

import pytest

from bodyworn.domain.errors import InputError, NotFound
from bodyworn.domain.redaction import HiddenClass, Reason, SoundAction, SoundSpan
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.track import Box, Track
from bodyworn.redactions.editing import PlanEdits, edited
from bodyworn.redactions.history import ChangeKind, PlanChange
from tests.redactions.plans import utterances

TRACK = Track("face-1", HiddenClass.FACE, (Box(0, 4, 4, 9, 9),), 900_000, Reason.FACE, "test@1")
BLEEP = SoundSpan("sound-1", 0, 50_000, SoundAction.BLEEP, Reason.OTHER, "test@1")
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
