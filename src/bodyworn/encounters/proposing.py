"""Which encounters may be one, why, and how sure that is. It only proposes: a person confirms or declines.

Two recordings are compared where they share a dispatch number or are near in time; a pair of an agency's thousands that
shares neither is never looked at. Time alone says little where many cameras run at once, so it proposes nothing there.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bodyworn.domain.encounter import JoinProposal, JoinReason, ReasonToJoin
from bodyworn.domain.media_facts import GeoPoint
from bodyworn.domain.recording import Recording
from bodyworn.domain.span import length
from bodyworn.encounters import clocks
from bodyworn.encounters.membership import Membership
from bodyworn.encounters.sounds import KnownSounds

#: Recordings further apart in time than this are not compared by place.
NEAR_S = 1800
#: How far apart places are that are near each other, and that cannot be one scene.
NEAR_M, FAR_M = 300.0, 2000.0
#: So many degrees of latitude are further than that everywhere.
_FAR_DEGREES = FAR_M / 110_000
#: With more recordings than this at the same time, time alone says nothing.
MOST_AT_ONCE = 5
#: More recordings of one number than this are compared with the next one only.
MOST_PAIRS_OF = 12
LEAST_CONFIDENCE = 0.25
_BY_NUMBER, _BY_CLOCKS = 0.9, 0.3
#: What is left of the confidence where something speaks against it, and where it does although a number is shared.
_OTHER_NUMBER, _FAR, _FAR_WITH_NUMBER = 0.3, 0.1, 0.7

Pair = tuple[str, str]


@dataclass(frozen=True)
class Stated:
    """What a recording says of itself that can be compared."""

    recording: Recording
    clock: clocks.StatedClock | None
    place: GeoPoint | None
    number: str


def stated(recording: Recording, number: str = "") -> Stated:
    """Clock, place and number of a recording; ``number`` where a person states it and the sidecar does not."""
    named = clocks.number_of(recording) or number
    return Stated(recording, clocks.clock_of(recording), clocks.place_of(recording), named)


def proposals(
    recordings: Sequence[Stated],
    membership: Membership,
    declined: Mapping[Pair, frozenset[str]],
    sounds: KnownSounds | None = None,
) -> list[JoinProposal]:
    """Proposals between encounters, the surest first. ``declined`` are the tokens of reasons by pair of recordings."""
    best: dict[Pair, JoinProposal] = {}
    for one, other, crowded in _pairs(recordings, sounds):
        first, second = sorted((membership.of(one.recording.id), membership.of(other.recording.id)))
        if first == second:
            continue
        reasons = reasons_to_join(one, other, sounds)
        speaking = [reason for reason in reasons if not reason.against]
        if crowded and all(reason.kind is JoinReason.CLOCKS for reason in speaking):
            continue
        before = declined.get(pair_of(one.recording.id, other.recording.id), frozenset())
        if all(reason.token in before for reason in speaking):
            continue
        found = JoinProposal(first, second, confidence_of(reasons), tuple(reasons), bool(before))
        known = best.get((first, second))
        if found.confidence >= LEAST_CONFIDENCE and (known is None or found.confidence > known.confidence):
            best[first, second] = found
    return sorted(best.values(), key=lambda one: (-one.confidence, one.one, one.other))


def pair_of(one: str, other: str) -> Pair:
    """Two ids in their order."""
    return (one, other) if one < other else (other, one)


def _pairs(every: Sequence[Stated], sounds: KnownSounds | None) -> Iterator[tuple[Stated, Stated, bool]]:
    """The pairs worth comparing, each once, and whether many others run at the same time."""
    seen: set[Pair] = set()
    near = list(_near_in_time(every))
    at_once: dict[str, int] = defaultdict(int)
    for one, other in near:
        if one.clock and other.clock and one.clock.overlap_s(other.clock) > 0:
            at_once[one.recording.id] += 1
            at_once[other.recording.id] += 1
    for one, other in itertools.chain(_of_one_number(every), near, _heard_alike(every, sounds)):
        pair = pair_of(one.recording.id, other.recording.id)
        if pair not in seen:
            seen.add(pair)
            yield one, other, max(at_once[pair[0]], at_once[pair[1]]) > MOST_AT_ONCE


def _of_one_number(every: Iterable[Stated]) -> Iterator[tuple[Stated, Stated]]:
    groups: dict[str, list[Stated]] = defaultdict(list)
    for one in every:
        if one.number:
            groups[one.number].append(one)
    for group in groups.values():
        yield from itertools.combinations(group, 2) if len(group) <= MOST_PAIRS_OF else itertools.pairwise(group)


def _heard_alike(every: Iterable[Stated], sounds: KnownSounds | None) -> Iterator[tuple[Stated, Stated]]:
    known = {one.recording.id: one for one in every} if sounds is not None else {}
    for one, other in sounds.pairs() if sounds is not None else ():
        if one in known and other in known:
            yield known[one], known[other]


def _near_in_time(every: Iterable[Stated]) -> Iterator[tuple[Stated, Stated]]:
    """Pairs that overlap or lie at most :data:`NEAR_S` apart: one walk in order of their starts."""
    timed = [(one.clock, one) for one in every if one.clock is not None]
    timed.sort(key=lambda item: (item[0].starts_at, item[1].recording.id))
    active: list[tuple[clocks.StatedClock, Stated]] = []
    for clock, one in timed:
        active = [item for item in active if (clock.starts_at - item[0].ends_at).total_seconds() <= NEAR_S]
        for other_clock, other in active:
            placed = one.place is not None and other.place is not None
            if (placed or clock.overlap_s(other_clock) > 0) and not _elsewhere(one.place, other.place):
                yield other, one
        active.append((clock, one))


def _elsewhere(one: GeoPoint | None, other: GeoPoint | None) -> bool:
    """Whether two places are known and far apart; most are by their latitude alone, which costs nothing to compare."""
    if one is None or other is None:
        return False
    return abs(one.lat - other.lat) > _FAR_DEGREES or clocks.apart_m(one, other) > FAR_M


def reasons_to_join(one: Stated, other: Stated, sounds: KnownSounds | None = None) -> list[ReasonToJoin]:
    """All that speaks for and against, in words."""
    found = [*_numbers(one, other), *_clocks(one, other), *_places(one, other)]
    heard = sounds.shared(one.recording.id, other.recording.id) if sounds is not None else None
    if heard is not None:
        first, second = (one, other) if heard.offset_ms >= 0 else (other, one)
        after = f"{second.recording.name} begins {abs(heard.offset_ms) / 1000:.1f} s after {first.recording.name}"
        says = f"both hear the same sound: {after}"
        found.append(ReasonToJoin(JoinReason.SOUND, says, heard.confidence, "sound"))
    return found


def _numbers(one: Stated, other: Stated) -> Iterator[ReasonToJoin]:
    if not (one.number and other.number):
        return
    if one.number == other.number:
        says = f"both have the dispatch number {one.number}"
        yield ReasonToJoin(JoinReason.NUMBER, says, _BY_NUMBER, f"number:{one.number}")
    else:
        says = f"their dispatch numbers differ: {one.number} and {other.number}"
        yield ReasonToJoin(JoinReason.NUMBER, says, 1 - _OTHER_NUMBER, "other number", against=True)


def _clocks(one: Stated, other: Stated) -> Iterator[ReasonToJoin]:
    shared = one.clock.overlap_s(other.clock) if one.clock and other.clock else 0.0
    if shared > 0:
        says = f"by their clocks they overlap for {length(round(shared * 1000))}"
        yield ReasonToJoin(JoinReason.CLOCKS, says, _BY_CLOCKS, "clocks")


def _places(one: Stated, other: Stated) -> Iterator[ReasonToJoin]:
    if one.place is None or other.place is None or one.clock is None or other.clock is None:
        return
    if one.clock.overlap_s(other.clock) < -NEAR_S:
        return
    meters = clocks.apart_m(one.place, other.place)
    says = f"they were recorded {_distance(meters)} apart"
    if meters <= NEAR_M:
        yield ReasonToJoin(
            JoinReason.PLACES, f"{says} at about the same time", round(0.65 - meters / 1500, 2), "places"
        )
    elif meters > FAR_M:
        shared = bool(one.number) and one.number == other.number
        left = _FAR_WITH_NUMBER if shared else _FAR
        yield ReasonToJoin(JoinReason.PLACES, says, round(1 - left, 2), "far", against=True)


def _distance(meters: float) -> str:
    return f"{meters:.0f} m" if meters < 1000 else f"{meters / 1000:.1f} km"


def confidence_of(reasons: Iterable[ReasonToJoin]) -> float:
    """The confidence of all reasons together, 0..1: each is one more chance to be right, or takes its share away."""
    every = list(reasons)
    doubt = math.prod(1 - reason.confidence for reason in every if not reason.against)
    left = math.prod(1 - reason.confidence for reason in every if reason.against)
    return round((1 - doubt) * left, 2)
