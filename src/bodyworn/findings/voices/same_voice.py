"""Voices that a person says are one: the speakers of a recording with some of them joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from bodyworn.findings.artifacts.speakers import SpeakersArtifact, VoiceMeasures


def same_voices(corrections: Mapping[str, str], speakers: SpeakersArtifact) -> dict[str, str]:
    """Those of ``corrections`` that name another speaker instead of a role: each with the one it is in the end.

    A speaker who would in the end be themselves again (two that name each other) stays alone.
    """
    named = {
        one: other for one, other in corrections.items() if one in speakers.speakers and other in speakers.speakers
    }
    return {one: last for one in named if (last := _last(named, one)) is not None}


def _last(named: Mapping[str, str], speaker: str) -> str | None:
    """Where the chain from ``speaker`` ends; ``None`` where it goes in a circle."""
    seen = [speaker]
    while (after := named.get(seen[-1])) is not None:
        if after in seen:
            return None
        seen.append(after)
    return seen[-1]


def with_same_voices(heard: SpeakersArtifact, same: Mapping[str, str]) -> SpeakersArtifact:
    """``heard`` with the turns of each speaker in ``same`` as those of the other one.

    Measures are the mean of both by how long each speaks. Where the two alone were heard at once there is no overlap.
    """
    if not same:
        return heard
    turns = tuple(replace(turn, speaker=same.get(turn.speaker, turn.speaker)) for turn in heard.turns)
    overlap = tuple(
        span for span in heard.overlap if len({turn.speaker for turn in turns if turn.span.overlap_ms(span)}) > 1
    )
    speakers: dict[str, VoiceMeasures] = {}
    for name, measures in sorted(heard.speakers.items(), key=lambda item: item[0] in same):
        who = same.get(name, name)
        speakers[who] = _together(speakers[who], measures) if who in speakers else measures
    left = {name: speakers[name] for name in heard.speakers if name in speakers}
    return SpeakersArtifact(turns, overlap, left, heard.together)


def _together(one: VoiceMeasures, other: VoiceMeasures) -> VoiceMeasures:
    speech_ms = one.speech_ms + other.speech_ms
    part = one.speech_ms / speech_ms if speech_ms else 0.5
    means = {
        each.name: part * getattr(one, each.name) + (1 - part) * getattr(other, each.name)
        for each in fields(VoiceMeasures)
        if each.name != "speech_ms"
    }
    return VoiceMeasures(speech_ms=speech_ms, **means)
