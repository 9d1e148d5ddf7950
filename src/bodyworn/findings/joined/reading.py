"""Transcript and findings of an encounter, put together from what was made of its recordings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bodyworn.domain.encounter import Encounter, EncounterMember
from bodyworn.domain.finding import Unknown
from bodyworn.domain.span import Span
from bodyworn.findings.document import Analysis
from bodyworn.findings.joined.joining import JoinedTalk, join_talk
from bodyworn.findings.joined.pieces import RecordingHeard
from bodyworn.findings.joined.placing import PlacedMember, in_encounter, placed_members
from bodyworn.findings.joined.same_findings import SameTalk, placed_findings, told_once
from bodyworn.findings.joined.told import ApartFindings, EncounterFindings, EncounterUnknown, ToldRecording
from bodyworn.findings.joined.transcript import ApartUtterance, JoinedRecording, JoinedTranscript
from bodyworn.findings.joined.unknowns import RecordingKnown, not_recorded, not_told

#: By recording: its analysis, ``None`` where the actor may not read it.
Made = Mapping[str, Analysis | None]
#: The stages that hear and see; while one is not made, nothing is told of its sense.
_HEARING_STAGES, _SEEING_STAGE = ("audio", "speakers", "transcript", "utterances"), "sight"
MAY_NOT = "you may not read it"


def transcript_of(encounter: Encounter, made: Made) -> JoinedTranscript:
    """The one transcript of an encounter."""
    placed = placed_members(encounter)
    talk = _talk(placed, made)
    taken = Counter(one.recording for one in talk.utterances)
    by_clock = {one.member.recording for one in placed if one.by_clock}
    return JoinedTranscript(
        encounter=encounter.id,
        recordings=tuple(
            JoinedRecording(
                recording=one.recording,
                name=one.name,
                offset=one.offset,
                by_clock=one.recording in by_clock,
                utterances=taken[one.recording],
                not_read=_not_read(made.get(one.recording)),
            )
            for one in encounter.members
        ),
        voices=talk.voices,
        utterances=talk.utterances,
        apart={one.recording: _apart(found) for one in _without_place(encounter) if (found := made[one.recording])},
    )


def findings_of(encounter: Encounter, made: Made) -> EncounterFindings:
    """The findings of an encounter."""
    placed = placed_members(encounter)
    talk = _talk(placed, made)
    read = [(one, found) for one in placed if (found := made[one.member.recording]) is not None]
    known = {one.member.recording: _known(one, made[one.member.recording]) for one in placed}
    sure = {one.member.recording: known[one.member.recording] for one in placed if not one.by_clock}
    findings = [each for one, found in read for each in placed_findings(one, found.findings)]
    return EncounterFindings(
        encounter=encounter.id,
        recordings=tuple(_told_recording(one, placed, made[one.recording]) for one in encounter.members),
        findings=tuple(told_once(findings, SameTalk(talk.utterances, talk.voices), sure)),
        unknown=tuple(_unknown(placed, known)),
        not_recorded=tuple(not_recorded(list(known.values()))),
        apart=tuple(
            ApartFindings(one.recording, found.findings, found.unknown)
            for one in _without_place(encounter)
            if (found := made[one.recording]) is not None
        ),
    )


def _talk(placed: Sequence[PlacedMember], made: Made) -> JoinedTalk:
    heard = [
        RecordingHeard(one, found.utterances, found.speakers)
        for one in placed
        if (found := made[one.member.recording]) is not None
    ]
    return join_talk(heard)


def _without_place(encounter: Encounter) -> list[EncounterMember]:
    return [one for one in encounter.members if one.offset is None]


def _not_read(analysis: Analysis | None) -> str:
    """Why there are no words of a recording; empty where there are, or where nobody speaks."""
    if analysis is None:
        return MAY_NOT
    if not analysis.recording.has("audio"):
        return "it has no sound"
    missing = [stage for stage in _HEARING_STAGES if stage in analysis.not_made]
    return f"{missing[-1]}: {analysis.not_made[missing[-1]]}" if missing else ""


def _apart(analysis: Analysis) -> tuple[ApartUtterance, ...]:
    return tuple(
        ApartUtterance(one.span, one.speaker, one.role, one.text, one.confidence, one.language)
        for one in analysis.utterances
    )


def _told_recording(
    member: EncounterMember, placed: Sequence[PlacedMember], analysis: Analysis | None
) -> ToldRecording:
    by_clock = any(one.by_clock and one.member.recording == member.recording for one in placed)
    not_made = {} if analysis is None else dict(analysis.not_made)
    not_read = MAY_NOT if analysis is None else ""
    return ToldRecording(member.recording, member.name, member.offset, by_clock, not_made, not_read)


def _known(placed: PlacedMember, analysis: Analysis | None) -> RecordingKnown:
    """What a recording can tell, in the time of the encounter."""
    member, offset = placed.member, placed.offset
    ran = in_encounter(offset, Span(0, member.duration_ms))
    if analysis is None:
        return RecordingKnown(member.recording, ran, (), (), not_heard=True, not_seen=True)
    there = analysis.recording

    def in_time(one: Unknown) -> tuple[str, Span]:
        return one.state.value, in_encounter(offset, one.span)

    return RecordingKnown(
        recording=member.recording,
        ran=ran,
        unknown=[in_time(one) for one in analysis.unknown],
        words=[in_encounter(offset, one.span) for one in analysis.utterances],
        not_heard=there.has("audio") and any(stage in analysis.not_made for stage in _HEARING_STAGES),
        not_seen=there.has("video") and _SEEING_STAGE in analysis.not_made,
    )


def _unknown(placed: Sequence[PlacedMember], known: Mapping[str, RecordingKnown]) -> list[EncounterUnknown]:
    """What the recordings do not tell together; one that only a clock places is by itself."""
    together = [known[one.member.recording] for one in placed if not one.by_clock]
    alone = [[known[one.member.recording]] for one in placed if one.by_clock]
    found = [*not_told(together), *(each for one in alone for each in not_told(one, by_clock=True))]
    return sorted(found, key=lambda one: (one.span, one.sense))
