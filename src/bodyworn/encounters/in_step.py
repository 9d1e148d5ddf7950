"""How the recordings of an encounter lie in time: by the sound they share, as a person says, or by their clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bodyworn.domain.encounter import MemberOffset, OffsetSource
from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress
from bodyworn.domain.recording import Recording
from bodyworn.domain.span import length
from bodyworn.encounters import clocks

if TYPE_CHECKING:
    from bodyworn.encounters.alignment.align import Alignment
    from bodyworn.encounters.alignment.envelopes import Samples

#: ``listen(recordings, progress)``: the 16 kHz mono sound of each by id, for as long as the context is open; those
#: without sound, or that the actor may not hear, are not in it.
Listen = Callable[[Sequence[Recording], Progress], "AbstractContextManager[Mapping[str, Samples]]"]
#: A person may say at most so many seconds: a week.
_MOST_S = 7 * 86_400
_BY_CLOCK = "by the clocks of the cameras, beside one whose place is known"


@contextmanager
def no_sound(_recordings: Sequence[Recording], _progress: Progress) -> Iterator[Mapping[str, Samples]]:
    """Where nothing hands in sound."""
    yield {}


def with_clocks(members: Sequence[Recording], known: Mapping[str, MemberOffset]) -> dict[str, MemberOffset]:
    """What is known, and for the others where the clocks put them beside it; the earliest is at 0.

    A recording without a clock, or beside none that has one, is left out.
    """
    if not known:
        return clocks.offsets_by_clock(members)
    placed = dict(known)
    starts = {one.id: clock.starts_at for one in members if (clock := clocks.clock_of(one)) is not None}
    anchor = next((one.id for one in members if one.id in known and one.id in starts), None)
    for one in members:
        if anchor is not None and one.id not in placed and one.id in starts:
            after = round((starts[one.id] - starts[anchor]).total_seconds() * 1000)
            offset = known[anchor].offset_ms + after
            placed[one.id] = MemberOffset(offset, OffsetSource.CLOCK, None, _BY_CLOCK)
    return from_zero(placed)


def from_zero(offsets: Mapping[str, MemberOffset]) -> dict[str, MemberOffset]:
    """The same with the earliest at 0."""
    zero = min((one.offset_ms for one in offsets.values()), default=0)
    return {key: replace(one, offset_ms=one.offset_ms - zero) for key, one in offsets.items()}


def by_sound(
    members: Sequence[Recording], fixed: Mapping[str, MemberOffset], sounds: Mapping[str, Samples], progress: Progress
) -> dict[str, MemberOffset]:
    """Where each recording that shares sound with another lies, beside those that are ``fixed``.

    Each is compared with those that have a place already, until one tells. The first place is that of the fixed ones,
    or of the longest recording. Empty where no two share sound and nothing is fixed.
    """
    longest = max(members, key=lambda one: one.duration_ms)
    placed = dict(fixed) or {longest.id: MemberOffset(0, OffsetSource.SOUND, None, "the others are heard beside it")}
    names = {one.id: one.name for one in members}
    left = [one.id for one in members if one.id not in placed and one.id in sounds]
    tried, pairs = 0, max(1, len(members) * (len(members) - 1) // 2)
    asked = [key for key in placed if key in sounds]
    while asked and left:
        beside = asked.pop(0)
        for key in tuple(left):
            progress(min(tried, pairs), pairs, "Comparing sound")
            tried += 1
            found = _compared(sounds[beside], sounds[key], placed[beside], names[beside])
            if found is not None:
                placed[key] = found
                left.remove(key)
                asked.append(key)
    progress(pairs, pairs, "Comparing sound")
    told = sum(one.source is OffsetSource.SOUND for one in placed.values())
    return placed if fixed or told > 1 else {}


def _compared(first: Samples, second: Samples, beside: MemberOffset, name: str) -> MemberOffset | None:
    from bodyworn.encounters.alignment.align import align

    found = align(first, second)
    return None if found is None else _offset(found, beside, name)


def _offset(found: Alignment, beside: MemberOffset, name: str) -> MemberOffset:
    """Where the second one lies, from where the first one lies and what tells between them."""
    rate = 1 + (beside.drift_ppm or 0.0) * 1e-6
    sure = found.confidence if beside.confidence is None else round(found.confidence * beside.confidence, 2)
    because = f"hears the same as {name} for {length(round(found.shared_s * 1000))}"
    drift = None
    if found.drift_ppm is not None:
        drift = round(found.drift_ppm + (beside.drift_ppm or 0.0), 1)
    return MemberOffset(
        beside.offset_ms + round(found.offset_s * 1000 / rate), OffsetSource.SOUND, sure, because, drift
    )


def as_said(said: Mapping[str, str]) -> dict[str, int | None]:
    """Offsets in milliseconds that a person gives in seconds; ``None`` for ``sound``: it is measured again."""
    return {key: None if text.strip().lower() == OffsetSource.SOUND else _said_ms(text) for key, text in said.items()}


def _said_ms(text: str) -> int:
    try:
        seconds = float(text)
    except ValueError:
        seconds = float("nan")
    if not abs(seconds) <= _MOST_S:
        what = f"{text!r} is no number of seconds after the start of the encounter"
        raise InputError(what, "Give seconds such as 12.5, at most a week, or the word sound to measure it again")
    return round(seconds * 1000)


def by_person(offset_ms: int) -> MemberOffset:
    """Where a person says that a recording lies."""
    return MemberOffset(offset_ms, OffsetSource.PERSON, None, "set by a person")
