"""Findings of an encounter: each moment once, with evidence of every recording; unknown only where none tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bodyworn.domain.encounter import Encounter, MemberOffset, OffsetSource
from bodyworn.domain.evidence import Evidence
from bodyworn.domain.finding import Finding, Unknown, UnknownState
from bodyworn.domain.recording import Recording
from bodyworn.domain.span import Span
from bodyworn.findings.document import Analysis, AnalyzedSpeaker
from bodyworn.findings.joined.reading import MAY_NOT, findings_of, transcript_of
from bodyworn.findings.joined.told import EncounterFindings, EncounterUnknown
from tests.makers.talk import ROLES, Heard, member, offset, utterances

OFFICER = "I am giving you a warning today"
ANSWER = "thank you so much officer I appreciate it"


def analysis(
    name: str,
    lines: Sequence[Heard] = (),
    findings: Sequence[Finding] = (),
    unknown: Sequence[Unknown] = (),
    not_made: Sequence[str] = (),
) -> Analysis:
    """The analysis of a recording of a minute with sound and picture."""
    facts = {"duration_ms": 60_000, "audio": [{}], "video": [{}]}
    recording = Recording(f"rec_{name}", name, 1, "0", "0", datetime(2026, 3, 1, tzinfo=UTC), facts)
    speakers = {who: AnalyzedSpeaker(role, 0.8, ()) for who, role in ROLES.items()}
    missing = dict.fromkeys(not_made, "not run yet")
    return Analysis("", recording, speakers, utterances(lines), tuple(findings), tuple(unknown), {}, missing)


def cue(kind: str, i: int, start_s: float, end_s: float, score: float, role: str = "officer") -> Finding:
    """A finding in utterance ``i``."""
    span = Span(round(start_s * 1000), round(end_s * 1000))
    return Finding(kind, span, score, "cues@1", role, "S1", Evidence(quote="…", i=i))


def seen(kind: str, start_s: float, end_s: float, role: str = "unknown") -> Finding:
    """A finding without words."""
    return Finding(kind, Span(round(start_s * 1000), round(end_s * 1000)), 0.8, "sight@1", role)


def unknown(state: UnknownState, start_s: float, end_s: float) -> Unknown:
    return Unknown(state, Span(round(start_s * 1000), round(end_s * 1000)))


def told(*placed: tuple[Analysis, MemberOffset | None]) -> EncounterFindings:
    """The findings of an encounter of these recordings."""
    members = tuple(member(one.recording.name, where) for one, where in placed)
    return findings_of(Encounter("enc_test", members), {one.recording.id: one for one, _ in placed})


def not_told(found: EncounterFindings, sense: str) -> list[tuple[int, int, dict[str, str]]]:
    """Start, end, and by recording why, of what is unknown of a sense."""
    return [(one.span.start_ms, one.span.end_ms, _why(one)) for one in found.unknown if one.sense == sense]


def _why(one: EncounterUnknown) -> dict[str, str]:
    return {each.recording.removeprefix("rec_"): each.state for each in one.because}


def test_the_same_words_told_by_two_cameras_are_one_moment_with_evidence_of_each() -> None:
    front = analysis("front", [(5, "S1", OFFICER, 0.9)], [cue("leniency", 0, 5, 6.7, 0.9)])
    rear = analysis("rear", [(2, "S3", OFFICER, 0.5)], [cue("leniency", 0, 2, 3.7, 0.7, "officer_2")])
    (moment,) = told((front, offset(0)), (rear, offset(3))).findings
    assert (moment.span.start_ms, moment.score, moment.role) == (5000, 0.9, "officer")
    evidence = [(one.recording, one.finding.span.start_ms, one.finding.score) for one in moment.told_by]
    assert evidence == [("rec_front", 5000, 0.9), ("rec_rear", 2000, 0.7)], "in the time of each recording"
    assert not moment.roles_disagree, "an officer and a second officer are both officers"
    assert moment.not_told_by == ()


def test_a_recording_that_heard_other_words_is_named_with_them_and_roles_may_disagree() -> None:
    front = analysis("front", [(5, "S1", "I am giving you a morning to day", 0.4)], [cue("threat", 0, 5, 7, 0.6)])
    rear = analysis("rear", [(2, "S2", OFFICER, 0.95)])
    (moment,) = told((front, offset(0)), (rear, offset(3))).findings
    (silent,) = moment.not_told_by
    assert (silent.recording, silent.why, silent.text, silent.heard_best) == ("rec_rear", "not_proposed", OFFICER, True)

    both = analysis("rear", [(2, "S2", OFFICER, 0.95)], [cue("threat", 0, 2, 4, 0.7, "community")])
    (moment,) = told((front, offset(0)), (both, offset(3))).findings
    assert moment.roles_disagree


def test_a_recording_that_could_not_hear_at_that_moment_says_why() -> None:
    front = analysis("front", [(5, "S1", OFFICER, 0.9)], [cue("leniency", 0, 5, 6.7, 0.9)])
    rear = analysis("rear", unknown=[unknown(UnknownState.MUTED, 0, 20)])
    late = analysis("late")
    (moment,) = told((front, offset(0)), (rear, offset(0)), (late, offset(30))).findings
    assert [(one.recording, one.why) for one in moment.not_told_by] == [("rec_rear", "muted")]


def test_what_is_heard_besides_words_is_one_by_its_time_and_a_covered_lens_is_each_cameras_own() -> None:
    found = [seen("raised_voice", 10, 13), seen("lens_obscured", 20, 25)]
    front, rear = analysis("front", findings=found), analysis("rear", findings=found)
    moments = told((front, offset(0)), (rear, offset(1))).findings
    assert [(one.kind, len(one.told_by), one.of_camera) for one in moments] == [
        ("raised_voice", 2, False),
        ("lens_obscured", 1, True),
        ("lens_obscured", 1, True),
    ]


def test_unknown_is_only_what_no_recording_shows_or_hears() -> None:
    front = analysis("front", unknown=[unknown(UnknownState.OBSCURED, 10, 30), unknown(UnknownState.MUTED, 0, 60)])
    rear = analysis("rear", unknown=[unknown(UnknownState.DARK, 15, 25)])
    found = told((front, offset(0)), (rear, offset(5)))
    assert not_told(found, "seeing") == [(20_000, 30_000, {"front": "obscured", "rear": "dark"})]
    assert not_told(found, "hearing") == [(0, 5000, {"front": "muted"})], "before the second one ran"
    assert found.not_recorded == ()


def test_words_that_one_could_not_understand_stay_unknown_unless_another_has_words_then() -> None:
    lost = [unknown(UnknownState.UNINTELLIGIBLE, 5, 8), unknown(UnknownState.UNINTELLIGIBLE, 40, 43)]
    front = analysis("front", unknown=lost)
    rear = analysis("rear", [(4.5, "S1", "get on the ground now please sir do it right now sir", 0.9)])
    assert not_told(told((front, offset(0)), (rear, offset(0))), "hearing") == [
        (7470, 8000, {"front": "unintelligible"}),
        (40_000, 43_000, {"front": "unintelligible"}),
    ]


def test_what_is_not_analyzed_or_may_not_be_read_tells_nothing() -> None:
    front, rear = (
        analysis("front", unknown=[unknown(UnknownState.OBSCURED, 0, 10)]),
        analysis("rear", not_made=["sight"]),
    )
    assert not_told(told((front, offset(0)), (rear, offset(0))), "seeing") == [
        (0, 10_000, {"front": "obscured", "rear": "not_made"})
    ]
    members = (member("front", offset(0)), member("shut", offset(0)))
    shut = Encounter("enc_test", members)
    found = findings_of(shut, {"rec_front": front, "rec_shut": None})
    assert [one.not_read for one in found.recordings] == ["", MAY_NOT]
    assert not_told(found, "seeing") == [(0, 10_000, {"front": "obscured", "shut": "not_made"})]
    assert transcript_of(shut, {"rec_front": front, "rec_shut": None}).recordings[1].not_read == MAY_NOT


def test_a_clock_alone_neither_joins_nor_lifts_but_the_same_words_join() -> None:
    lines = [(5.0, "S1", OFFICER, 0.9), (12.0, "S2", ANSWER, 0.9), (30.0, "S1", "you are free to go now sir", 0.9)]
    late = [(start + 7, who, text, 0.7) for start, who, text, _ in lines]
    dark = [unknown(UnknownState.OBSCURED, 0, 10)]
    sounds = [seen("raised_voice", 20, 22)]
    front = analysis("front", lines, [cue("leniency", 0, 5, 6.7, 0.9), *sounds], dark)
    rear = analysis("rear", late, [cue("leniency", 0, 12, 13.7, 0.7), *sounds])
    clock = OffsetSource.CLOCK
    found = told((front, offset(0, clock)), (rear, offset(0, clock)))
    assert [(one.kind, len(one.told_by), one.by_clock) for one in found.findings] == [
        ("leniency", 2, True),
        ("raised_voice", 1, True),
        ("raised_voice", 1, True),
    ]
    assert not_told(found, "seeing") == [(0, 10_000, {"front": "obscured"})]
    assert all(one.by_clock for one in found.unknown)
    assert [one.by_clock for one in found.recordings] == [True, True]


def test_where_a_person_set_one_recording_it_lies_beside_the_first() -> None:
    front = analysis("front", findings=[seen("raised_voice", 10, 13)])
    rear = analysis("rear", findings=[seen("raised_voice", 8, 11)])
    places = offset(0, OffsetSource.CLOCK), offset(2, OffsetSource.PERSON)
    (moment,) = told((front, places[0]), (rear, places[1])).findings
    assert len(moment.told_by) == 2


def test_a_recording_without_a_place_stands_apart() -> None:
    front = analysis("front", [(5, "S1", OFFICER, 0.9)], [cue("leniency", 0, 5, 6.7, 0.9)])
    lost = analysis("lost", [(5, "S1", OFFICER, 0.9)], [cue("leniency", 0, 5, 6.7, 0.9)])
    found = told((front, offset(0)), (lost, None))
    assert [len(one.told_by) for one in found.findings] == [1]
    assert [(one.recording, len(one.findings)) for one in found.apart] == [("rec_lost", 1)]
    encounter = Encounter("enc_test", (member("front", offset(0)), member("lost", None)))
    said = transcript_of(encounter, {"rec_front": front, "rec_lost": lost})
    assert [one.recording for one in said.utterances] == ["rec_front"]
    assert [one.text for one in said.apart["rec_lost"]] == [OFFICER]


def test_time_in_which_no_camera_ran_is_said() -> None:
    found = told((analysis("front"), offset(0)), (analysis("rear"), offset(90)))
    assert found.not_recorded == (Span(60_000, 90_000),)
