"""What no recording of an encounter tells: unknown is only what is unknown in all of them that ran.

What is missing in the sound or picture of one is lifted by any other that has it. Words that one hears and cannot
understand are lifted only where another has words: that it heard nothing there does not tell what was said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bodyworn.domain.finding import UNHEARD, UnknownState
from bodyworn.domain.span import Span, clipped, in_all, merge, minus
from bodyworn.findings.joined.told import EncounterUnknown, WhyUnknown

HEARING, SEEING = "hearing", "seeing"
#: The state of a recording of which nothing was made.
NOT_MADE = "not_made"
_NOT_UNDERSTOOD = frozenset({UnknownState.UNINTELLIGIBLE.value, UnknownState.NOT_SEARCHED.value})
_UNHEARD = frozenset(state.value for state in UNHEARD)


@dataclass(frozen=True)
class RecordingKnown:
    """A recording in the time of the encounter: when it ran, what is unknown in it by state, when it has words.

    ``not_heard`` and ``not_seen`` tell that sound or picture are not analyzed, or may not be read.
    """

    recording: str
    ran: Span
    unknown: Sequence[tuple[str, Span]]
    words: Sequence[Span]
    not_heard: bool = False
    not_seen: bool = False

    def missing(self, sense: str) -> list[tuple[str, Span]]:
        """Where it has no sound or picture that tells, with the state."""
        if self.not_heard if sense == HEARING else self.not_seen:
            return [(NOT_MADE, self.ran)]
        ours = [one for one in self.unknown if (one[0] in _UNHEARD) == (sense == HEARING)]
        return [one for one in ours if one[0] not in _NOT_UNDERSTOOD]

    @property
    def not_understood(self) -> list[tuple[str, Span]]:
        """Where it hears words that it cannot tell."""
        return [] if self.not_heard else [one for one in self.unknown if one[0] in _NOT_UNDERSTOOD]


def not_told(recordings: Sequence[RecordingKnown], *, by_clock: bool = False) -> list[EncounterUnknown]:
    """What none of these recordings tells, which lie in one time; by start."""
    found = []
    for sense in (HEARING, SEEING):
        reasons = {one.recording: one.missing(sense) for one in recordings}
        dark = in_all([_dark(one, reasons[one.recording], recordings) for one in recordings])
        if sense == HEARING:
            dark = merge([*dark, *_not_understood(recordings)])
            reasons = {one.recording: [*reasons[one.recording], *one.not_understood] for one in recordings}
        found += [EncounterUnknown(sense, span, why, by_clock) for span, why in _with_reasons(dark, reasons)]
    return sorted(found, key=lambda one: (one.span, one.sense))


def not_recorded(recordings: Sequence[RecordingKnown]) -> list[Span]:
    """The time between the first start and the last end in which none of them ran."""
    ran = merge(one.ran for one in recordings)
    return minus([Span(ran[0].start_ms, ran[-1].end_ms)], ran) if ran else []


def _dark(one: RecordingKnown, missing: Sequence[tuple[str, Span]], every: Sequence[RecordingKnown]) -> list[Span]:
    """Where a recording does not tell: while it does not run, and where it is unknown; within what was recorded."""
    whole = merge(other.ran for other in every)
    told = minus([one.ran], [span for _, span in missing])
    return minus(whole, told)


def _not_understood(recordings: Sequence[RecordingKnown]) -> list[Span]:
    found: list[Span] = []
    for one in recordings:
        others = [span for other in recordings if other is not one for span in _told_words(other)]
        found += minus(merge(span for _, span in one.not_understood), others)
    return found


def _told_words(one: RecordingKnown) -> list[Span]:
    return minus(one.words, [span for _, span in one.not_understood])


def _with_reasons(
    dark: Sequence[Span], reasons: Mapping[str, Sequence[tuple[str, Span]]]
) -> Iterator[tuple[Span, tuple[WhyUnknown, ...]]]:
    """Each stretch cut where the reasons change, with what each recording that ran has there."""
    for span in dark:
        inside = {name: [one for one in some if one[1].overlap_ms(span)] for name, some in reasons.items()}
        cuts = {span.start_ms, span.end_ms}
        for some in inside.values():
            cuts |= {edge for _, one in some for part in clipped([one], span) for edge in (part.start_ms, part.end_ms)}
        edges = sorted(cuts)
        for start, end in pairwise(edges):
            part = Span(start, end)
            why = [WhyUnknown(name, state) for name, some in inside.items() for state in _states(some, part)]
            if why:
                yield part, tuple(why)


def _states(some: Sequence[tuple[str, Span]], part: Span) -> list[str]:
    return sorted({state for state, span in some if span.overlap_ms(part)})
