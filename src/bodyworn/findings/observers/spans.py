"""From a yes or no per sample to spans of time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.span import runs

Flags = NDArray[np.bool_]
Series = NDArray[np.float64]


def bridged(flags: Flags, times: Series, gap: float) -> Flags:
    """``flags`` with false stretches shorter than ``gap`` (in the unit of ``times``) between true ones made true."""
    joined = flags.copy()
    for first, after in runs((~flags).tolist()):
        if first > 0 and after < len(flags) and times[after] - times[first] < gap:
            joined[first:after] = True
    return joined


def lasting(flags: Flags, times: Series, dwell: float, end: float) -> list[tuple[int, int]]:
    """The true stretches that last at least ``dwell``; the last sample lasts until ``end``."""
    until = np.append(times, end)
    return [(a, b) for a, b in runs(flags.tolist()) if until[b] - times[a] >= dwell]


def resampled(times: Series, values: Series, step: float, end: float) -> list[float]:
    """Mean of ``values`` in each ``step`` from 0 to ``end``; a step without a sample repeats the one before."""
    count = max(1, int(np.ceil(end / step)))
    place = np.minimum((times / step).astype(np.int64), count - 1)
    number = np.bincount(place, minlength=count)[:count]
    total = np.bincount(place, weights=values, minlength=count)[:count]
    latest = np.maximum.accumulate(np.where(number > 0, np.arange(count), 0))
    means = np.divide(total, number, out=np.zeros(count), where=number > 0)
    return [round(float(value), 3) for value in means[latest]]
