"""A camera that is struck, or falls: a short violent shift of the whole picture out of calmer movement.

Struck: the picture is thrown about for 0.2 to 1.2 s, far faster than in the seconds before. Fallen: and afterwards the
camera that was moving with its wearer lies still. Conservative on purpose: running, turning and cuts in edited footage
are neither.
"""

from __future__ import annotations

import numpy as np

from bodyworn.domain.span import Span, runs
from bodyworn.findings.observers.observer import Observation
from bodyworn.findings.observers.spans import Series, bridged

#: Picture widths per second that no walk or turn reaches,
VIOLENT = 1.5
#: and that nine tenths of the seconds before must stay under.
CALM = 0.6
BEFORE_S = 3.0
#: Below this certainty of the shift, with this much change of luma, the picture is torn: too fast to follow.
TORN_SURE = 0.06
TORN_CHANGE = 12.0
#: A knock lasts this long; a shorter calm inside it does not end it.
SHORTEST_S = 0.15
LONGEST_S = 1.25
GAP_S = 0.25
#: Lying still: slower than this for this long, after a camera that moved at least ``WORN``.
STILL = 0.012
STILL_S = 4.0
WORN = 0.02


def proposals(times: Series, speed: Series, sure: Series, changed: Series, end: float) -> list[Observation]:
    """Knocks and falls from the camera's way (see ``CameraTrack``); ``end`` of the recording in seconds."""
    if len(times) < 8:
        return []
    torn = (sure < TORN_SURE) & (changed > TORN_CHANGE)
    violent = (speed >= VIOLENT) | torn
    found = []
    for first, after in runs(bridged(violent, times, GAP_S).tolist()):
        start, until = times[max(first - 1, 0)], times[after - 1]
        before = (times >= start - BEFORE_S) & (times < start)
        if before.sum() < 8 or not SHORTEST_S <= until - start <= LONGEST_S or after - first < 2:
            continue
        peak = float(speed[first:after].max())
        if peak < VIOLENT or np.percentile(speed[before], 90) > CALM or torn[before].any():
            continue
        usual = float(np.median(speed[before]))
        lies_until = _lies_still(times, speed, after, end) if usual >= WORN else None
        measures = {"peak_widths_per_s": round(peak, 2), "before_widths_per_s": round(usual, 3)}
        if lies_until is not None:
            measures["still_s"] = round(lies_until - until, 1)
        found.append(
            Observation(
                kind="camera_struck" if lies_until is None else "camera_fallen",
                span=Span(round(start * 1_000), round((until if lies_until is None else lies_until) * 1_000)),
                score=round(float(min(0.95, 0.5 + 0.1 * (peak - VIOLENT) + (0.2 if lies_until is not None else 0))), 3),
                measures=measures,
            )
        )
    return found


def _lies_still(times: Series, speed: Series, after: int, end: float) -> float | None:
    """Until when the camera lies still from shortly after ``after``; ``None`` if it does not for long enough."""
    settled = np.flatnonzero(times >= times[after - 1] + 1.0)
    if not len(settled):
        return None
    first = int(settled[0])
    moving = np.flatnonzero(speed[first:] >= STILL * 4)
    until = float(times[first + moving[0]]) if len(moving) else end
    span = speed[first : first + int(moving[0])] if len(moving) else speed[first:]
    return until if until - times[first] >= STILL_S and np.percentile(span, 80) < STILL else None
