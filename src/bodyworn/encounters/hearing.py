"""Which recordings are worth comparing by sound, and comparing them: where a person asks, and never by itself.

Two sounds take seconds to compare, so only those pairs are that nothing else settles: clocks near each other or none,
not far apart, no different numbers, and not sure by other reasons already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.domain.encounter_events import PairCompared
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.recording import Recording
from bodyworn.encounters import clocks
from bodyworn.encounters.membership import Membership
from bodyworn.encounters.proposing import Stated, confidence_of, reasons_to_join
from bodyworn.encounters.sounds import KnownSounds

if TYPE_CHECKING:
    from bodyworn.encounters.in_step import Listen

#: So many pairs are compared at once unless a person says otherwise.
MOST_PAIRS = 20
#: Clocks are taken to be wrong by at most so many seconds.
_CLOCKS_OFF_S = 600
#: A recording without a clock is compared with so many, those that came in at about the same time.
_BESIDE = 10
#: From this confidence on other reasons are enough.
_SURE = 0.9


@dataclass(frozen=True)
class SoundSearch:
    """How many pairs were compared now, how many of them hear the same, and how many are left for another time."""

    compared: int
    alike: int
    left: int


def worth_hearing(
    every: Sequence[Stated], membership: Membership, sounds: KnownSounds
) -> list[tuple[Recording, Recording]]:
    """The pairs that only sound can tell of and that were not compared yet; those with the nearest clocks first."""
    audible = [one for one in every if one.recording.has("audio")]
    found: dict[tuple[str, str], tuple[float, Recording, Recording]] = {}
    for gap_s, one, other in (*_near_clocks(audible), *_without_clock(audible)):
        first, second = sorted((one.recording, other.recording), key=lambda each: each.id)
        if membership.of(first.id) == membership.of(second.id) or sounds.compared(first.id, second.id):
            continue
        reasons = reasons_to_join(one, other)
        if any(reason.against for reason in reasons) or confidence_of(reasons) >= _SURE:
            continue
        found.setdefault((first.id, second.id), (gap_s, first, second))
    ordered = sorted(found.items(), key=lambda item: (item[1][0], item[0]))
    return [(first, second) for _, (_, first, second) in ordered]


def _near_clocks(every: Sequence[Stated]) -> Iterator[tuple[float, Stated, Stated]]:
    """Pairs whose clocks put them at most ten minutes apart, with that time in seconds."""
    timed = [(one.clock, one) for one in every if one.clock is not None]
    timed.sort(key=lambda item: (item[0].starts_at, item[1].recording.id))
    active: list[tuple[clocks.StatedClock, Stated]] = []
    for clock, one in timed:
        active = [item for item in active if item[0].overlap_s(clock) >= -_CLOCKS_OFF_S]
        for other_clock, other in active:
            yield max(0.0, -clock.overlap_s(other_clock)), other, one
        active.append((clock, one))


def _without_clock(every: Sequence[Stated]) -> Iterator[tuple[float, Stated, Stated]]:
    """Each recording that has no clock with those that came in next before and after it; after all that have one."""
    ordered = sorted(every, key=lambda one: (one.recording.taken_in_at, one.recording.id))
    for at, one in enumerate(ordered):
        if one.clock is not None:
            continue
        beside = [*ordered[max(0, at - _BESIDE // 2) : at], *ordered[at + 1 : at + 1 + _BESIDE // 2]]
        for other in beside:
            apart = abs((one.recording.taken_in_at - other.recording.taken_in_at).total_seconds())
            yield _CLOCKS_OFF_S + apart, one, other


def compared(pairs: Sequence[tuple[Recording, Recording]], listen: Listen, progress: Progress) -> list[PairCompared]:
    """Compare each pair, in order of their ids; those whose sound cannot be had are left out."""
    from bodyworn.encounters.alignment.align import align

    found = list[PairCompared]()
    for number, (one, other) in enumerate(pairs):
        what = f"Comparing sound, pair {number + 1} of {len(pairs)}"
        progress(number, len(pairs), what)
        with listen((one, other), no_progress) as sounds:
            if one.id not in sounds or other.id not in sounds:
                continue
            heard = align(sounds[one.id], sounds[other.id])
        offset = None if heard is None else round(heard.offset_s * 1000)
        found.append(PairCompared(one.id, other.id, offset, None if heard is None else heard.confidence))
    progress(len(pairs), len(pairs), "Comparing sound")
    return found
