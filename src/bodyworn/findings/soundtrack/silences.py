"""Silence that no room has: the pre-event buffer, muting and dropouts, distinguished by fixed rules.

- *Digital silence*: 20 ms blocks with a root mean square of at most 3 and a peak of at most 12 (of 32768). That is 81
  dB below full scale, under the noise of any microphone, over the residue that lossy codecs leave in silence.
- *Pre-event buffer*: digital silence from 0 for at least 1 s. Never called muted. A late sound track counts.
- *No audio*: digital silence from end to end.
- *Muted*: later digital silence of at least 2 s with an abrupt edge: within 60 ms of it the level was above -50 dB.
  Silence that fades in and out at both ends is a noise gate or a quiet place and is not marked.
- *Audio dropout*: time stamps with no sound behind them (packets missing or not decodable), and sound that ends more
  than 1 s before the recording does.
"""

from __future__ import annotations

from dataclasses import dataclass

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.span import Span, merge, minus, runs
from bodyworn.findings.soundtrack.levels import FINE_STEP_MS, Levels

QUIET_RMS = 3.0
QUIET_PEAK = 12.0
#: A click of the codec of up to 40 ms does not end a silence if it stays below this peak.
CLICK_PEAK = 100.0
CLICK_BLOCKS = 2
LEAD_IN_MS = 1000
MUTED_MS = 2000
EDGE_BLOCKS = 3
EDGE_RMS = 32768 * 10 ** (-50 / 20)
EARLY_END_MS = 1000
#: Dropouts this close together are one.
DROPOUT_JOIN_MS = 300


def quiet_runs(levels: Levels) -> list[tuple[int, int]]:
    """Runs of digital silence as ``[first, last + 1)`` of 20 ms blocks, tiny codec clicks bridged."""
    quiet = (levels.fine_rms <= QUIET_RMS) & (levels.fine_peak <= QUIET_PEAK)
    found: list[tuple[int, int]] = []
    for first, stop in runs(quiet.tolist()):
        between = levels.fine_peak[found[-1][1] : first] if found else levels.fine_peak[:first]
        start = found[-1][0] if found else 0
        if len(between) <= CLICK_BLOCKS and float(between.max(initial=0)) <= CLICK_PEAK:
            found[-1:] = [(start, stop)]
        else:
            found.append((first, stop))
    return found


@dataclass(frozen=True)
class SoundHoles:
    """Length of a silent lead-in in milliseconds, and the spans of sound that cannot be judged."""

    lead_in_ms: int
    unknown: tuple[Unknown, ...]


def find(levels: Levels, gaps: list[Span], duration_ms: int, sound_ends_ms: int) -> SoundHoles:
    """What is silent and should not be; ``gaps`` are holes in the time stamps that were filled with silence."""
    silent = quiet_runs(levels)
    if silent and silent[0] == (0, len(levels.fine_rms)):
        return SoundHoles(0, (Unknown(UnknownState.NO_AUDIO, Span(0, duration_ms)),))
    dropouts = merge(gaps + _early_end(duration_ms, sound_ends_ms), DROPOUT_JOIN_MS)
    lead_in = 0
    muted: list[Span] = []
    for first, stop in silent:
        span = Span(first * FINE_STEP_MS, min(stop * FINE_STEP_MS, duration_ms))
        if first == 0:
            lead_in = span.end_ms if span.length_ms >= LEAD_IN_MS else 0
        elif _abrupt(levels, first, stop):
            muted += [part for part in minus([span], dropouts) if part.length_ms >= MUTED_MS]
    unknown = [Unknown(UnknownState.AUDIO_DROPOUT, span) for span in dropouts if span.end_ms > lead_in]
    unknown += [Unknown(UnknownState.MUTED, span) for span in muted]
    if lead_in:
        unknown.append(Unknown(UnknownState.PRE_EVENT_BUFFER, Span(0, lead_in)))
    return SoundHoles(lead_in, tuple(sorted(unknown, key=lambda u: (u.span, u.state))))


def _early_end(duration_ms: int, sound_ends_ms: int) -> list[Span]:
    early = duration_ms - sound_ends_ms > EARLY_END_MS
    return [Span(sound_ends_ms, duration_ms)] if early else []


def _abrupt(levels: Levels, first: int, stop: int) -> bool:
    """Whether sound above -50 dB stands right before or right after the blocks ``[first, stop)``."""
    edges = (levels.fine_rms[max(0, first - EDGE_BLOCKS) : first], levels.fine_rms[stop : stop + EDGE_BLOCKS])
    return any(float(edge.max(initial=0)) > EDGE_RMS for edge in edges)
