"""When frames are shown: strictly rising times from the stamps of a file, whatever they are.

The rule, for pictures in order of showing. A stamp is right if it lies after the picture before. Without a stamp, a
picture is shown one step after the one before. At the same time as the one before or up to a second earlier (two
pictures with one stamp, stamps in order of decoding), it is shown half a step after it. More than a second earlier a
new clock has begun, in joined files: it goes on one step after the picture before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import floor

from bodyworn.domain.errors import DamagedMedia
from bodyworn.media.limits import MOST_SECONDS

#: From this many seconds backwards on, a stamp is of another clock.
NEW_CLOCK = 1
_USUAL_STEP = Fraction(1, 25)


class PresentationClock:
    """Feed stamps in order of showing. ``zero`` is the start of the recording on the container's clock, in seconds."""

    def __init__(self, zero: Fraction, step: Fraction | None = None) -> None:
        self._shift = -zero
        self._step = step or _USUAL_STEP
        self._last: Fraction | None = None

    @property
    def shift(self) -> Fraction:
        """What is added to stamps now, in seconds; another value for each new clock."""
        return self._shift

    def time(self, stamp: Fraction | None) -> tuple[Fraction, bool]:
        """Seconds from the start of the recording, never below 0, and whether they are what the stamp says.

        :class:`~bodyworn.domain.errors.DamagedMedia` where that is longer than any recording lasts.
        """
        told = self._time(stamp)
        if told[0] > MOST_SECONDS:
            raise DamagedMedia(
                f"the recording lasts longer than the {MOST_SECONDS // 3600} hours that are read",
                "Cut it into shorter files, or copy it again if it does not",
            )
        return told

    def _time(self, stamp: Fraction | None) -> tuple[Fraction, bool]:
        last = self._last
        at = None if stamp is None else stamp + self._shift
        if last is None:
            self._last = max(at if at is not None else Fraction(0), Fraction(0))
            return self._last, at == self._last
        if at is not None and at > last:
            self._last = at
            return at, True
        if at is None or last - at > NEW_CLOCK:
            self._last = last + self._step
            self._shift += 0 if at is None else self._last - at
        else:
            self._last = last + self._step / 2
        return self._last, False


def in_microseconds(seconds: Fraction) -> int:
    """Whole microseconds, rounded down: how frames are named everywhere."""
    return floor(seconds * 1_000_000)


def times_of(
    stamps: Iterable[tuple[Fraction | None, Fraction | None]], zero: Fraction, step: Fraction | None
) -> list[int]:
    """Microseconds at which the pictures of packets are shown, rising.

    ``stamps`` are times of showing and of decoding, in order of decoding, which tell where a new clock begins. Within
    one clock pictures are put in order of showing.
    """
    return list(_times(PresentationClock(zero, step), stamps))


def shifts_of(
    stamps: Iterable[tuple[Fraction | None, Fraction | None]], zero: Fraction, step: Fraction | None
) -> list[Fraction]:
    """What is added to the stamps of each clock in turn, in seconds; ``stamps`` as for :func:`times_of`."""
    clock = PresentationClock(zero, step)
    shifts = [clock.shift]
    for _ in _times(clock, stamps):
        if clock.shift != shifts[-1]:
            shifts.append(clock.shift)
    return shifts


def _times(clock: PresentationClock, stamps: Iterable[tuple[Fraction | None, Fraction | None]]) -> Iterator[int]:
    piece: list[Fraction] = []
    before: Fraction | None = None
    for shown, decoded in stamps:
        new = decoded is not None and before is not None and before - decoded > NEW_CLOCK
        if new or shown is None:
            yield from (in_microseconds(clock.time(one)[0]) for one in sorted(piece))
            piece = []
        if shown is None:
            yield in_microseconds(clock.time(None)[0])
        else:
            piece.append(shown)
        before = decoded
    yield from (in_microseconds(clock.time(one)[0]) for one in sorted(piece))
