"""From measures of the picture to covers of the lens.

The picture is *flat* when its sharpness is low in itself and far below what it was in the seconds before. A flat
stretch of 0.8 s and more is a cover, unless something else explains it: the same layout out of focus, the view turned
to something even (the whole picture moved there), glare, or the light gone out. Flat without anything before to fall
from is ``no_picture``: a lens covered from the first frame cannot be told from a dark room.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.finding import UnknownState
from bodyworn.domain.span import Span
from bodyworn.findings.observers.motion import CameraTrack
from bodyworn.findings.observers.observer import Observation
from bodyworn.findings.observers.spans import Series, bridged, lasting

#: Flat: sharpness (luma steps of 255) under the first, or under the second where the picture is equally busy all over.
FLAT, FLAT_EVEN, EVEN = 5.5, 14.0, 0.30
#: And under this share of what it was before; it ends above the second share.
FALL, RISE = 0.42, 0.50
#: A cover may leave a strip free: this percentile of the blocks must be flat, after having been sharp.
MOST_BLOCKS, PARTLY, PARTLY_SHARE, PARTLY_FROM = 80, 4.8, 0.6, 8.0
#: Inside a cover noise may grow with the exposure up to here, while the picture changes less than that (luma steps).
STAYS, UNCOVERED = 9.0, 8.0
MEMORY_S, DWELL_S, GAP_S, TRANSITION_S = 3.0, 0.8, 0.7, 2.5
#: What else explains flatness: layout of light that stays (correlation), contrast that stays (share), burnt-out share
#: of the picture, net shift in widths, and speed in widths per second.
SAME_LAYOUT, CONTRAST, GLARE, GLARE_RISEN, TURNED, FAST = 0.75, 0.70, 0.35, 0.08, 0.30, 1.4
#: Correlation of the layout when it may have moved.
MOVED_LAYOUT = 0.62
#: Smaller shifts from one sample to the next, in widths, are sway or things that move, not turning.
TURNING = 0.03
#: Light goes out: brightness falls under this share with the layout still there, or without sweeping over the picture.
GONE, GONE_LAYOUT = 0.20, 0.35
#: ``Measures.blocks`` are in quarters of a luma step.
QUARTERS = 4
ROWS, COLUMNS = 9, 16
#: Mean luma under which nothing at all is shown; and sharpness for a picture that was flat from the start.
BLACK, BLANK = 10.0, 2.6


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


def proposals_and_unknown(
    seen: CoverMeasures, track: CameraTrack, end: float
) -> tuple[list[Observation], list[tuple[UnknownState, Span]]]:
    """Covers of the lens and spans that cannot be judged, in a recording whose pictures end at ``end`` seconds."""
    found: list[Observation] = []
    unknown: list[tuple[UnknownState, Span]] = []
    for flat in flats(seen, track, end):
        start, until = edges(seen, flat, end)
        span = Span(round(start * 1_000), round(until * 1_000))
        median = float(np.median(seen.luma[flat.first : flat.after]))
        reason = explained(seen, track, flat) if flat.before else "no picture before"
        if reason is None:
            found.append(_cover(seen, flat, span))
            unknown.append((UnknownState.OBSCURED, span))
        elif median < BLACK or flat.before == 0.0:
            unknown.append((UnknownState.NO_PICTURE, span))
    return found, unknown


def flats(seen: CoverMeasures, track: CameraTrack, end: float) -> list[Flat]:
    """Flat stretches in order."""
    most = np.percentile(seen.blocks, MOST_BLOCKS, axis=1) / QUARTERS
    low = np.zeros(len(seen.times), bool)
    before = np.zeros(len(seen.times))
    memory: deque[tuple[float, float, float]] = deque()
    was = False
    usual = usual_most = 0.0
    for i, time in enumerate(seen.times):
        sharp, even = float(seen.sharpness[i]), bool(seen.unevenness[i] < EVEN)
        if not was:
            while memory and time - memory[0][0] > MEMORY_S:
                memory.popleft()
            usual, usual_most = np.median([m[1:] for m in memory], axis=0) if len(memory) >= 5 else (0.0, 0.0)
        if usual:
            low[i] = _is_flat(sharp, float(most[i]), even, usual, usual_most, RISE if was else FALL)
            if was and not low[i]:
                settled = float(track.changed[max(0, i - 2) : i + 1].max()) < UNCOVERED
                low[i] = settled and sharp < min(STAYS, usual * RISE) and most[i] < STAYS
        else:
            low[i] = sharp < BLANK
        before[i] = usual
        was = bool(low[i]) and (usual > 0 or was)
        if not low[i]:
            memory.append((float(time), sharp, float(most[i])))
    joined = bridged(low, seen.times, GAP_S)
    return [Flat(a, b, float(before[a])) for a, b in lasting(joined, seen.times, DWELL_S, end)]


def _is_flat(sharp: float, most: float, even: bool, usual: float, usual_most: float, share: float) -> bool:
    """Whether a picture is flat, wholly or but for a strip, beside what was usual before."""
    limit = FLAT_EVEN if even else FLAT
    whole = sharp < limit and sharp < usual * share and most < limit * PARTLY / FLAT
    partly = usual_most >= PARTLY_FROM and most < min(PARTLY, usual_most * share * PARTLY_SHARE)
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
    reach = [j for j in near if 0 <= j < len(times) and abs(times[j] - times[at]) <= TRANSITION_S]
    if len(reach) < 3:
        return float(times[min(max(at, 0), len(times) - 1)])
    settled = float(np.median(visible[reach[len(reach) // 2 :]]))
    inner = float(visible[min(max(at - way, 0), len(times) - 1)])
    middle = (settled + inner) / 2
    for j in reach:
        if visible[j] >= middle:
            return float(times[j] if way > 0 else times[min(j + 1, len(times) - 1)])
    return float(times[at])


def explained(seen: CoverMeasures, track: CameraTrack, flat: Flat) -> str | None:
    """What other than a cover makes this stretch flat, or ``None``."""
    inside = slice(flat.first, flat.after)
    whole = float(np.median(seen.sharpness[inside])) < FALL * flat.before
    kept, moved, contrast = layout_kept(seen, flat)
    light = _light_kept(seen, flat)
    luma, clipped = float(np.median(seen.luma[inside])), float(np.median(seen.clipped[inside]))
    reasons = {
        "the light went out": light < GONE and (kept > GONE_LAYOUT or (luma < BLACK and not swept(seen, flat))),
        "glare": clipped > GLARE or (clipped > GLARE_RISEN and luma > 180 and light > 1.8),
        "out of focus": kept > SAME_LAYOUT and contrast > 0.4,
        "a blurred scene": whole and contrast > CONTRAST and moved > MOVED_LAYOUT,
        "turned away": turned_away(seen, track, flat) > TURNED,
        "moving fast": _moving(track, flat) > FAST,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


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


def layout_kept(seen: CoverMeasures, flat: Flat) -> tuple[float, float, float]:
    """How the layout of light just before the change lives on just after: correlation in place, the best correlation
    when the picture may have moved by up to two blocks, and the share of contrast; zeros if there is nothing before.

    Only the moments on both sides count: the world goes on moving, in focus or out of it.
    """
    sharp = np.flatnonzero(seen.sharpness[: flat.first] >= 0.8 * flat.before)
    if not len(sharp) or seen.times[flat.first] - seen.times[sharp[-1]] > TRANSITION_S:
        return 0.0, 0.0, 0.0
    last = int(sharp[-1])
    a = np.median(seen.layout[max(0, last - 2) : last + 1], axis=0).reshape(ROWS, COLUMNS)
    b = np.median(seen.layout[flat.first : min(flat.first + 3, flat.after)], axis=0).reshape(ROWS, COLUMNS)
    if a.std() < 1e-6 or b.std() < 1e-6:
        return 0.0, 0.0, 0.0
    best = max(_matched(a, b, x, y) for x in range(-2, 3) for y in range(-1, 2))
    return _matched(a, b, 0, 0), best, float(b.std() / a.std())


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
    held = (track.sure[first : flat.first + 3] > 0.25) & (np.hypot(across, down) > TURNING)
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
            "layout_kept": round(layout_kept(seen, flat)[0], 3),
        },
    )
