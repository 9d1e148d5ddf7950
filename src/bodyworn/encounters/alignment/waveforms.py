"""The waveforms of two sounds near a lag: correlation in pieces, and the line of time that the pieces agree on.

Each piece gives the generalized cross-correlation with a partly whitened spectrum (Knapp and Carter 1976; whitened in
full it is GCC-PHAT) in the band that a telephone passes, as the height of its envelope above the noise of the piece.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bodyworn.encounters.alignment.envelopes import RATE, Samples

#: Correlations have this many values a second: nothing above half of it is compared.
FINE = 8_000
_LOW_HZ, _HIGH_HZ = 250, 3400
#: How much of the spectrum's own shape is taken out: 0 none of it, 1 all of it.
_WHITENED = 1.0
#: Seconds of a piece at least and at most, a third of the shared time in between; and at most so many pieces.
_LEAST_PIECE_S, _PIECE_S, _PARTS, _MOST_PIECES = 2.0, 6.0, 3, 36
#: Lags are looked at so far around the one that the envelopes tell, in seconds, and more for clocks that drift.
AROUND_S = 0.5
#: Powers below this are noise, and one piece can say at most so much (units of the mean noise power).
_NOISE, _MOST_OF_ONE = 4.5, 25.0
#: Within the milliseconds that count as one lag lie so many independent values.
_VALUES = 10
#: Echoes come this soon after; a peak farther away is another answer.
_BESIDE_S = 0.04
#: People who speak by turns, nearer to one camera and to the other, and echoes: so far from the line pieces still
#: tell of the same offset, which is in the middle of them.
_HEARD_S = 0.025
#: Peaks of two pieces this near tell the same time.
_SPREAD = round(0.001 * FINE)


@dataclass(frozen=True)
class Piece:
    """The correlation of one piece: ``power`` for each lag in units of its noise.

    Its middle is ``at_s`` of the first sound.
    """

    at_s: float
    length_s: float
    power: NDArray[np.float32]


@dataclass(frozen=True)
class TimeLine:
    """``lag_s + slope * t`` is the lag at ``t`` of the first sound.

    ``evidence`` is by how many powers of e it is likelier than chance at one lag, ``rival`` the same of the best lag
    beside it; ``spread_s`` is the mean distance of the ``pieces`` that speak for it. ``span`` is from
    the first to the last of them, in lengths of a piece: from 1 on these two share no sound.
    """

    lag_s: float
    slope: float
    evidence: float
    rival: float
    spread_s: float
    pieces: int
    span: float


def pieces_near(first: Samples, second: Samples, lag_s: float, around_s: float) -> list[Piece]:
    """Correlations of pieces of the shared time, for lags up to ``around_s`` from ``lag_s``."""
    start, end = max(0.0, lag_s), min(len(first) / RATE, len(second) / RATE + lag_s)
    length = min(_PIECE_S, max(_LEAST_PIECE_S, (end - start) / _PARTS), end - start)
    if length < 1.0:
        return []
    count = int(min(_MOST_PIECES, max(1, round((end - start - length) / (length / 2)) + 1)))
    starts = np.linspace(start, end - length, count)
    found = (_piece(first, second, float(at), length, lag_s, around_s) for at in starts)
    return [one for one in found if one is not None]


def _piece(
    first: Samples, second: Samples, at_s: float, length_s: float, lag_s: float, around_s: float
) -> Piece | None:
    size = 1 << math.ceil(math.log2((length_s + 2 * around_s) * RATE))
    count = round(length_s * RATE)
    one = _cut(first, round(at_s * RATE), count)
    other = _cut(second, round((at_s - lag_s) * RATE), count)
    if not one.any() or not other.any():
        return None
    # Without it the abrupt ends of both pieces are a sound that they share.
    faded = np.hanning(count).astype(np.float32) ** np.float32(0.5)
    cross = np.fft.rfft(one * faded, size) * np.conj(np.fft.rfft(other * faded, size))
    power = band_power(cross, size, _WHITENED)
    kept = len(power)
    reach = round(around_s * FINE)
    power = np.concatenate([power[kept - reach :], power[: reach + 1]])
    noise = max(float(np.median(power)) / math.log(2), float(np.quantile(power, 0.99)) / math.log(100))
    return Piece(at_s + length_s / 2, length_s, np.asarray(power / max(noise, 1e-30), np.float32))


def band_power(cross: NDArray[np.complexfloating], size: int, whitened: float) -> NDArray[np.float64]:
    """The power of the correlation with the cross spectrum ``cross`` of ``size`` samples, :data:`FINE` values a second.

    Only the band that a telephone passes counts; ``whitened`` (0..1) is how much of the spectrum's shape is taken out.
    """
    low, high, kept = (round(hz * size / RATE) for hz in (_LOW_HZ, _HIGH_HZ, FINE))
    analytic = np.zeros(kept, np.complex128)
    analytic[low:high] = cross[low:high] / np.maximum(np.abs(cross[low:high]) ** whitened, 1e-20)
    return np.asarray(np.abs(np.fft.ifft(analytic)) ** 2, np.float64)


def _cut(samples: Samples, start: int, count: int) -> NDArray[np.float32]:
    out = np.zeros(count, np.float32)
    low, high = max(0, start), min(len(samples), start + count)
    if high > low:
        part = np.asarray(samples[low:high], np.float32)
        out[low - start : high - start] = part - part.mean()
    return out


def best_line(pieces: Sequence[Piece], lag_s: float, drift: float) -> TimeLine:
    """The line that most pieces speak for, among clocks that differ by at most ``drift`` (a share)."""
    times = np.array([one.at_s for one in pieces])
    middle = float(times.mean())
    strength = np.stack([_smeared(_strength(one.power)) for one in pieces])
    reach = float(np.ptp(times)) / 2
    steps = math.ceil(drift * reach * FINE / (2 * _SPREAD)) if reach > LEAST_REACH_S else 0
    best, total, slope = np.zeros(strength.shape[1]), -1.0, 0.0
    for tried in np.linspace(-drift, drift, 2 * steps + 1) if steps else (0.0,):
        summed = _summed(strength, np.rint(tried * (times - middle) * FINE).astype(int))
        if summed.max() > total:
            best, total, slope = summed, float(summed.max()), float(tried)
    at, center, beside = int(best.argmax()), len(best) // 2, round(_BESIDE_S * FINE)
    fitted, tilt, spread, count, span = _fitted(pieces, (at - center) / FINE, slope, middle, center)
    best[max(0, at - beside) : at + beside + 1] = 0.0
    rival = evidence(float(best.max()), len(pieces))
    return TimeLine(
        lag_s + fitted - tilt * middle,
        tilt,
        evidence(total, len(pieces)),
        rival,
        spread,
        count,
        span / pieces[0].length_s,
    )


def _summed(strength: NDArray[np.float32], moves: NDArray[np.int_]) -> NDArray[np.float64]:
    """The strength of all pieces at each lag, where each is moved by so many values."""
    summed = np.zeros(strength.shape[1])
    for row, moved in zip(strength, moves, strict=True):
        summed += _moved(row, int(moved))
    return summed


def _strength(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """What is above noise; what one piece says beyond its share counts by its logarithm, so that its peak stays one."""
    above = np.maximum(power - _NOISE, 0)
    beyond = _MOST_OF_ONE * (1 + 0.1 * np.log(np.maximum(above, _MOST_OF_ONE) / _MOST_OF_ONE))
    return np.asarray(np.where(above > _MOST_OF_ONE, beyond, above), np.float32)


def _smeared(row: NDArray[np.float32]) -> NDArray[np.float32]:
    """The highest within 1 ms on either side."""
    padded = np.pad(row, _SPREAD)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * _SPREAD + 1).max(axis=1), np.float32)


def _moved(row: NDArray[np.float32], by: int) -> NDArray[np.float32]:
    """``row[i + by]``, zeros from outside."""
    out = np.zeros_like(row)
    if abs(by) < len(row):
        out[max(0, -by) : len(row) - max(0, by)] = row[max(0, by) : len(row) - max(0, -by)]
    return out


def _fitted(
    pieces: Sequence[Piece], rough: float, slope: float, middle: float, center: int
) -> tuple[float, float, float, int, float]:
    """The line through the peaks of the pieces near the rough one, by reweighted least squares.

    Lag in the middle, slope, mean distance in seconds, how many pieces speak for it, and over which time in seconds.
    """
    reach = round(_HEARD_S * FINE)
    times, lags, weights = list[float](), list[float](), list[float]()
    for one in pieces:
        expected = center + round((rough + slope * (one.at_s - middle)) * FINE)
        low, high = max(0, expected - reach), min(len(one.power), expected + reach + 1)
        if high <= low:
            continue
        at = low + int(one.power[low:high].argmax())
        if one.power[at] > 2 * _NOISE:
            times.append(one.at_s - middle)
            lags.append((at - center) / FINE)
            weights.append(min(float(one.power[at]), 4 * _MOST_OF_ONE))
    if not times:
        return rough, slope, 0.0, 0, 0.0
    return _line(np.array(times), np.array(lags), np.array(weights), (rough, slope))


def _line(
    times: NDArray[np.float64], lags: NDArray[np.float64], weights: NDArray[np.float64], start: tuple[float, float]
) -> tuple[float, float, float, int, float]:
    lag, slope = start
    scale = 0.002
    for _ in range(8):
        off = np.abs(lags - lag - slope * times)
        trust = weights / (1 + (off / scale) ** 2)
        center = float((trust * times).sum() / trust.sum())
        reach = times - center
        if float((trust * reach**2).sum() / trust.sum()) > LEAST_REACH_S**2 and len(times) >= 4:
            slope = float((trust * reach * lags).sum() / (trust * reach**2).sum())
        lag = float((trust * (lags - slope * times)).sum() / trust.sum())
    off = np.abs(lags - lag - slope * times)
    near = off <= 3 * scale
    middle = lag + float(np.average(lags - lag - slope * times, weights=weights))
    if not near.any():
        return middle, slope, float(off.mean()), 0, 0.0
    return middle, slope, float(off[near].mean()), int(near.sum()), float(np.ptp(times[near]))


#: The drift of clocks is fitted where pieces lie at least so far apart (standard deviation in seconds).
LEAST_REACH_S = 15.0


def evidence(total: float, count: int) -> float:
    """By how many powers of e a sum of strengths at one lag is likelier than by chance (Chernoff's bound).

    By chance the power of a value is exponential with mean 1, and of ``_VALUES`` the highest counts.
    """
    above = _VALUES * math.exp(-_NOISE)
    return max(
        theta * total - count * math.log(1 + above * theta / (1 - theta)) for theta in (0.2, 0.35, 0.5, 0.65, 0.8)
    )
