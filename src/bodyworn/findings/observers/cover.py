"""From measures of the picture to covers of the lens.

The picture is *flat* when its sharpness is low in itself and far below what it was in the seconds before. A flat
stretch of 0.8 s and more is a cover, unless something else explains it: the same layout out of focus, the view turned
to something even (the whole picture moved there), glare, or the light gone out. Flat without anything before to fall
from is ``no_picture``: a lens covered from the first frame cannot be distinguished from a dark room.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.span import Span
from bodyworn.findings.observers.cover_limits import LIMITS
from bodyworn.findings.observers.motion import CameraTrack
from bodyworn.findings.observers.observer import Observation, Report
from bodyworn.findings.observers.spans import Series, bridged, lasting

#: ``CoverMeasures.blocks`` are in quarters of a luma step.
QUARTERS = 4
ROWS, COLUMNS = 9, 16


@dataclass(frozen=True)
class CoverMeasures:
    """One row per picture. ``times`` in s; ``sharpness`` and ``noise`` in luma steps; ``luma`` mean 0..255;
    ``unevenness`` is the spread of block deviations over their mean; ``clipped`` 0..1; ``blocks`` peak sharpness of
    16 × 9 blocks in quarters of a step; ``layout`` mean luma of the blocks times 256.
    """

    times: Series
    sharpness: Series
    luma: Series
    unevenness: Series
    clipped: Series
    noise: Series
    blocks: NDArray[np.uint8]
    layout: NDArray[np.uint16]


@dataclass(frozen=True)
class Flat:
    """A flat stretch: half-open sample range, and the sharpness before it (0 where there is no before)."""

    first: int
    after: int
    before: float


def report_of(seen: CoverMeasures, track: CameraTrack, end: float) -> Report:
    """Covers of the lens and spans that cannot be judged, in a recording whose pictures end at ``end`` seconds."""
    found: list[Observation] = []
    unknown: list[Unknown] = []
    for flat in flats(seen, track, end):
        start, until = edges(seen, flat, end)
        span = Span(round(start * 1_000), round(until * 1_000))
        median = float(np.median(seen.luma[flat.first : flat.after]))
        if flat.before and not explained(seen, track, flat):
            found.append(_cover(seen, flat, span))
            unknown.append(Unknown(UnknownState.OBSCURED, span))
        elif median < LIMITS.black or flat.before == 0.0:
            unknown.append(Unknown(UnknownState.NO_PICTURE, span))
    return Report(proposals=tuple(found), unknown=tuple(unknown))


def flats(seen: CoverMeasures, track: CameraTrack, end: float) -> list[Flat]:
    """Flat stretches in order."""
    most = np.percentile(seen.blocks, LIMITS.most_blocks, axis=1) / QUARTERS
    low = np.zeros(len(seen.times), bool)
    before = np.zeros(len(seen.times))
    memory: deque[tuple[float, float, float]] = deque()
    was = False
    usual = usual_most = 0.0
    for i, time in enumerate(seen.times):
        sharp, even = float(seen.sharpness[i]), bool(seen.unevenness[i] < LIMITS.even)
        if not was:
            while memory and time - memory[0][0] > LIMITS.memory_s:
                memory.popleft()
            usual, usual_most = np.median([m[1:] for m in memory], axis=0) if len(memory) >= 5 else (0.0, 0.0)
        if usual:
            low[i] = _is_flat(sharp, float(most[i]), even, usual, usual_most, LIMITS.rise if was else LIMITS.fall)
            if was and not low[i]:
                settled = float(track.changed[max(0, i - 2) : i + 1].max()) < LIMITS.uncovered
                low[i] = settled and sharp < min(LIMITS.stays, usual * LIMITS.rise) and most[i] < LIMITS.stays
        else:
            low[i] = sharp < LIMITS.blank
        before[i] = usual
        was = bool(low[i]) and (usual > 0 or was)
        if not low[i]:
            memory.append((float(time), sharp, float(most[i])))
    joined = bridged(low, seen.times, LIMITS.gap_s)
    return [Flat(a, b, float(before[a])) for a, b in lasting(joined, seen.times, LIMITS.dwell_s, end)]


def _is_flat(sharp: float, most: float, even: bool, usual: float, usual_most: float, share: float) -> bool:
    """Whether a picture is flat, wholly or but for a strip, beside what was usual before."""
    limit = LIMITS.flat_even if even else LIMITS.flat
    whole = sharp < limit and sharp < usual * share and most < limit * LIMITS.partly / LIMITS.flat
    partly = usual_most >= LIMITS.partly_from and most < min(LIMITS.partly, usual_most * share * LIMITS.partly_share)
    return whole or partly


def edges(seen: CoverMeasures, flat: Flat, end: float) -> tuple[float, float]:
    """Start and end in seconds, each where half of the sharp blocks are hidden rather than where the last one is."""
    threshold = max(4.0 * 4, 0.3 * 4 * flat.before) if flat.before else 16.0
    visible = np.count_nonzero(seen.blocks > threshold, axis=1)
    start = _crossing(seen.times, visible, flat.first, -1)
    if flat.after >= len(seen.times):
        return start, end
    return start, _crossing(seen.times, visible, flat.after, +1)


def _crossing(times: Series, visible: NDArray[np.intp], at: int, way: int) -> float:
    """Walk outward from ``at`` until half of what is visible beyond the change is visible."""
    near = range(at, at + way * 40, way)
    reach = [j for j in near if 0 <= j < len(times) and abs(times[j] - times[at]) <= LIMITS.transition_s]
    if len(reach) < 3:
        return float(times[min(max(at, 0), len(times) - 1)])
    settled = float(np.median(visible[reach[len(reach) // 2 :]]))
    inner = float(visible[min(max(at - way, 0), len(times) - 1)])
    middle = (settled + inner) / 2
    for j in reach:
        if visible[j] >= middle:
            return float(times[j] if way > 0 else times[min(j + 1, len(times) - 1)])
    return float(times[at])


def explained(seen: CoverMeasures, track: CameraTrack, flat: Flat) -> bool:
    """Whether something other than a cover makes this stretch flat."""
    inside = slice(flat.first, flat.after)
    whole = float(np.median(seen.sharpness[inside])) < LIMITS.fall * flat.before
    layout, light = layout_kept(seen, flat), _light_kept(seen, flat)
    luma, clipped = float(np.median(seen.luma[inside])), float(np.median(seen.clipped[inside]))
    dark = layout.in_place > LIMITS.gone_layout or (luma < LIMITS.black and not swept(seen, flat))
    light_went_out = light < LIMITS.gone and dark
    bright = luma > LIMITS.glare_luma and light > LIMITS.glare_light
    glare = clipped > LIMITS.glare or (clipped > LIMITS.glare_risen and bright)
    out_of_focus = layout.in_place > LIMITS.same_layout and layout.contrast > LIMITS.focus_contrast
    blurred = whole and layout.contrast > LIMITS.contrast and layout.moved > LIMITS.moved_layout
    turned = turned_away(seen, track, flat) > LIMITS.turned
    return light_went_out or glare or out_of_focus or blurred or turned or _moving(track, flat) > LIMITS.fast


def _light_kept(seen: CoverMeasures, flat: Flat) -> float:
    """Brightness at the start of the stretch as a share of that before the change."""
    before = seen.luma[max(0, flat.first - 12) : max(1, flat.first - 4)]
    return float(np.median(seen.luma[flat.first : flat.first + 3]) / max(float(np.median(before)), 1.0))


def _moving(track: CameraTrack, flat: Flat) -> float:
    """Upper quartile of the speed inside, in widths per second."""
    inside = slice(flat.first, flat.after)
    return float(np.percentile(track.speed[inside] * (track.sure[inside] > 0.15), 75))


def swept(seen: CoverMeasures, flat: Flat) -> bool:
    """Whether something came over the picture: its parts went dark one after the other, not all in one sample."""
    first = max(0, flat.first - 5)
    before = np.median(seen.layout[max(0, flat.first - 12) : max(1, flat.first - 4)], axis=0)
    lit = before > 20 * 256
    if lit.sum() < 20:
        return False
    dark = seen.layout[first : flat.first + 4, lit] < 0.4 * before[lit]
    steady = np.flip(np.logical_and.accumulate(np.flip(dark, axis=0), axis=0), axis=0)
    since = np.where(steady.any(axis=0), np.argmax(steady, axis=0), len(steady))
    early, late = np.percentile(since, [15, 85])
    return bool(late - early >= 1)


@dataclass(frozen=True)
class LayoutKept:
    """How the layout of light lives on: correlation ``in_place``, the best correlation when the picture may have
    ``moved`` by up to two blocks, and the share of ``contrast``."""

    in_place: float = 0.0
    moved: float = 0.0
    contrast: float = 0.0


def layout_kept(seen: CoverMeasures, flat: Flat) -> LayoutKept:
    """How the layout of light just before the change lives on just after; zeros if there is nothing before.

    Only the moments on both sides count: the world goes on moving, in focus or out of it.
    """
    sharp = np.flatnonzero(seen.sharpness[: flat.first] >= 0.8 * flat.before)
    if not len(sharp) or seen.times[flat.first] - seen.times[sharp[-1]] > LIMITS.transition_s:
        return LayoutKept()
    last = int(sharp[-1])
    a = np.median(seen.layout[max(0, last - 2) : last + 1], axis=0).reshape(ROWS, COLUMNS)
    b = np.median(seen.layout[flat.first : min(flat.first + 3, flat.after)], axis=0).reshape(ROWS, COLUMNS)
    if a.std() < 1e-6 or b.std() < 1e-6:
        return LayoutKept()
    best = max(_matched(a, b, x, y) for x in range(-2, 3) for y in range(-1, 2))
    return LayoutKept(_matched(a, b, 0, 0), best, float(b.std() / a.std()))


def _matched(a: Series, b: Series, x: int, y: int) -> float:
    """Correlation of two block maps where they overlap, ``b`` moved by (x, y) blocks."""
    rows, columns = a.shape
    one = a[max(0, y) : rows + min(0, y), max(0, x) : columns + min(0, x)].ravel()
    other = b[max(0, -y) : rows + min(0, -y), max(0, -x) : columns + min(0, -x)].ravel()
    if one.std() < 1e-6 or other.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def turned_away(seen: CoverMeasures, track: CameraTrack, flat: Flat) -> float:
    """Net shift of the whole picture, in widths, while what was sharp went out of it."""
    visible = np.count_nonzero(seen.blocks > 16, axis=1)
    earlier = visible[max(0, flat.first - 25) : max(1, flat.first - 8)]
    full = np.flatnonzero(visible[: flat.first] >= 0.8 * np.median(earlier))
    first = max(int(full[-1]) if len(full) else 0, flat.first - 15)
    across, down = track.across[first : flat.first + 3], track.down[first : flat.first + 3]
    held = (track.sure[first : flat.first + 3] > 0.25) & (np.hypot(across, down) > LIMITS.turning)
    return float(np.hypot(across[held].sum(), down[held].sum() * 16 / 9))


def _cover(seen: CoverMeasures, flat: Flat, span: Span) -> Observation:
    inside = slice(flat.first, flat.after)
    sharp = float(np.median(seen.sharpness[inside]))
    fall = 1 - sharp / max(flat.before, 1e-6)
    return Observation(
        kind="lens_obscured",
        span=span,
        score=round(float(np.clip(0.35 + 0.65 * fall, 0, 0.99)), 3),
        measures={
            "sharpness_of_255": round(sharp, 2),
            "sharpness_before_of_255": round(flat.before, 2),
            "luma_mean_of_255": round(float(np.median(seen.luma[inside])), 1),
            "layout_kept": round(layout_kept(seen, flat).in_place, 3),
        },
    )
