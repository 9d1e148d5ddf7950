"""What recordings of one encounter heard, made by hand: lines with a time for each word."""

from __future__ import annotations

from collections.abc import Sequence

from bodyworn.domain.encounter import EncounterMember, MemberOffset, OffsetSource
from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.transcript import TimedWord
from bodyworn.findings.artifacts.utterances import AssignedRole, Utterance
from bodyworn.findings.joined.pieces import RecordingHeard
from bodyworn.findings.joined.placing import PlacedMember

#: Seconds after the start of the recording, speaker, text, confidence of its words.
Heard = tuple[float, str, str, float]
#: So long is each word, with a short break after it.
WORD_MS, STEP_MS = 220, 250
ROLES = {"S1": "officer", "S2": "community", "S3": "officer_2"}


def utterance(i: int, start_s: float, speaker: str, text: str, confidence: float = 0.9) -> Utterance:
    """One utterance, its words one after the other."""
    start = round(start_s * 1000)
    words = tuple(
        TimedWord(Span(start + at * STEP_MS, start + at * STEP_MS + WORD_MS), word, confidence)
        for at, word in enumerate(text.split())
    )
    span = Span(start, words[-1].span.end_ms)
    return Utterance(i, span, speaker, ROLES[speaker], 0.8, text, confidence, words)


def utterances(lines: Sequence[Heard]) -> tuple[Utterance, ...]:
    """Utterances by start."""
    return tuple(utterance(i, *line) for i, line in enumerate(lines))


def member(name: str, offset: MemberOffset | None, seconds: float = 60.0) -> EncounterMember:
    """A recording of an encounter, without a clock of its own."""
    return EncounterMember(f"rec_{name}", name, round(seconds * 1000), None, "", offset)


def offset(seconds: float, source: OffsetSource = OffsetSource.SOUND, drift_ppm: float | None = None) -> MemberOffset:
    """A place in time."""
    return MemberOffset(round(seconds * 1000), source, 0.9, "a test", drift_ppm)


def heard(
    name: str, after_s: float, lines: Sequence[Heard], *, by_clock: bool = False, drift_ppm: float | None = None
) -> RecordingHeard:
    """What a recording heard that begins ``after_s`` after the start of its encounter."""
    source = OffsetSource.CLOCK if by_clock else OffsetSource.SOUND
    place = offset(after_s, source, drift_ppm)
    roles = {speaker: AssignedRole(ROLES[speaker], 0.8, ("a test",)) for speaker in sorted({line[1] for line in lines})}
    return RecordingHeard(PlacedMember(member(name, place), place, by_clock), utterances(lines), roles)
