"""Findings of several recordings that are one moment of the encounter, and what the other recordings have of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bodyworn.domain.finding import FAMILY_OF, SPEECH_KINDS, Family, Finding
from bodyworn.domain.role import Role, role_kind
from bodyworn.domain.span import Span
from bodyworn.findings.joined.groups import Groups, at_once
from bodyworn.findings.joined.placing import PlacedMember, in_encounter
from bodyworn.findings.joined.told import EncounterFinding, RecordingDoesNotTell, RecordingTells
from bodyworn.findings.joined.transcript import JoinedUtterance, JoinedVoice
from bodyworn.findings.joined.unknowns import HEARING, RecordingKnown

#: Findings by sound are one where they share so much of the shorter one's time.
_SHARED_TIME = 0.3
NOT_PROPOSED = "not_proposed"


@dataclass(frozen=True, eq=False)
class PlacedFinding:
    """A finding of a recording, and when it is in the encounter."""

    recording: str
    finding: Finding
    span: Span
    by_clock: bool


def placed_findings(placed: PlacedMember, findings: Sequence[Finding]) -> list[PlacedFinding]:
    """The findings of a recording in the time of its encounter."""
    recording, offset = placed.member.recording, placed.offset
    return [PlacedFinding(recording, one, in_encounter(offset, one.span), placed.by_clock) for one in findings]


class SameTalk:
    """Which utterances of recordings are the same talk, and which voices one person, as the transcript has it."""

    def __init__(self, utterances: Sequence[JoinedUtterance], voices: Sequence[JoinedVoice]) -> None:
        self._utterances = utterances
        self._voices = {(one.recording, one.speaker): voice for voice in voices for one in voice.called}
        self._in: dict[tuple[str, int], set[int]] = defaultdict(set)
        for at, one in enumerate(utterances):
            self._in[one.recording, one.from_utterance].add(at)
            for other in one.also:
                for number in other.from_utterances:
                    self._in[other.recording, number].add(at)

    def differ(self, one: PlacedFinding, other: PlacedFinding) -> bool:
        """Whether they are of two persons, as far as both are known in several recordings."""
        voices = [self._voices.get((each.recording, each.finding.speaker or "")) for each in (one, other)]
        return all(voice is not None and voice.words for voice in voices) and voices[0] is not voices[1]

    def places(self, one: PlacedFinding) -> set[int]:
        """The utterances of the encounter that a finding rests on."""
        number = one.finding.evidence.i
        return set() if number is None else self._in[one.recording, number]

    def text_in(self, places: set[int], recording: str) -> tuple[str, bool]:
        """What a recording made of these utterances, and whether any is taken from it."""
        texts, taken = [], False
        for at in sorted(places):
            one = self._utterances[at]
            taken |= one.recording == recording
            texts += [one.text] if one.recording == recording else []
            texts += [other.text for other in one.also if other.recording == recording]
        return " ".join(texts), taken


def told_once(
    findings: Sequence[PlacedFinding], talk: SameTalk, known: Mapping[str, RecordingKnown]
) -> list[EncounterFinding]:
    """Each moment once, by start. ``known`` are the recordings that may be compared by time."""
    every = sorted(findings, key=lambda one: (one.span, one.recording))
    groups = Groups(every)
    by_kind: dict[str, list[PlacedFinding]] = defaultdict(list)
    for one in every:
        by_kind[one.finding.kind].append(one)
    for kind, some in by_kind.items():
        pairs = _same_words(some, talk) if kind in SPEECH_KINDS else _same_time(kind, some, talk)
        for one, other in pairs:
            groups.join(one, other)
    told = [_told(group, talk, known) for group in groups.all()]
    return sorted(told, key=lambda one: (one.span, one.kind))


def _same_words(some: Sequence[PlacedFinding], talk: SameTalk) -> Iterator[tuple[PlacedFinding, PlacedFinding]]:
    first: dict[int, list[PlacedFinding]] = defaultdict(list)
    for one in some:
        for place in talk.places(one):
            for other in first[place]:
                if other.recording != one.recording:
                    yield other, one
            first[place].append(one)


def _same_time(
    kind: str, some: Sequence[PlacedFinding], talk: SameTalk
) -> Iterator[tuple[PlacedFinding, PlacedFinding]]:
    if is_of_camera(kind):
        return
    for one, other in at_once(some, _SHARED_TIME):
        by_time = not (one.recording == other.recording or one.by_clock or other.by_clock)
        if by_time and not talk.differ(other, one):
            yield one, other


def is_of_camera(kind: str) -> bool:
    """Whether it is true of one camera, and not of the scene before it."""
    return FAMILY_OF[kind] is Family.SIGHT


def _told(group: Sequence[PlacedFinding], talk: SameTalk, known: Mapping[str, RecordingKnown]) -> EncounterFinding:
    best = max(group, key=lambda one: one.finding.score)
    span = Span(min(one.span.start_ms for one in group), max(one.span.end_ms for one in group))
    kind = best.finding.kind
    kinds = {role_kind(one.finding.role) for one in group} - {Role.UNKNOWN}
    by_clock = all(one.by_clock for one in group)
    silent = () if by_clock or is_of_camera(kind) else tuple(_silent(group, span, talk, known))
    return EncounterFinding(
        kind=kind,
        span=span,
        score=best.finding.score,
        role=best.finding.role,
        told_by=tuple(RecordingTells(one.recording, one.finding) for one in group),
        not_told_by=silent,
        roles_disagree=len(kinds) > 1,
        of_camera=is_of_camera(kind),
        by_clock=by_clock,
    )


def _silent(
    group: Sequence[PlacedFinding], span: Span, talk: SameTalk, known: Mapping[str, RecordingKnown]
) -> Iterator[RecordingDoesNotTell]:
    """The other recordings that ran, and why each does not tell it."""
    telling = {one.recording for one in group}
    places = {place for one in group for place in talk.places(one)}
    for name, one in known.items():
        if name in telling or not one.ran.overlap_ms(span):
            continue
        missing = [*one.missing(HEARING), *one.not_understood]
        states = sorted({state for state, there in missing if there.overlap_ms(span)})
        text, best = talk.text_in(places, name)
        yield RecordingDoesNotTell(name, states[0] if states and not text else NOT_PROPOSED, text, best)
