"""Units in which the times of a clip are told."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

_FINE, _COARSE = Fraction(1, 1000), Fraction(1, 12_000)


def fine_base(base: Fraction, seconds: Fraction) -> Fraction:
    """A unit of time in which all times in ``base`` are whole and times between them can be told apart.

    A coarser one where a pause in a recording of ``seconds`` might not be told in it.
    """
    fine = base / max(1, ceil(base / _FINE))
    return _COARSE if is_too_fine(fine, seconds) else fine


def is_too_fine(base: Fraction, seconds: Fraction) -> bool:
    """Whether a pause of ``seconds`` is more than MP4 can tell in that unit: 31 bits."""
    return seconds / base >= 1 << 31
