"""Where one recording begins after another, from the sound that both hear; or that this cannot be told."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bodyworn.encounters.alignment import envelopes, waveforms, wholes
from bodyworn.encounters.alignment.envelopes import RATE, Samples

#: Clocks of cameras differ by at most this share: 80 parts in a million.
DRIFT = 80e-6
#: So many lags are looked at in the waveform.
_MOST_LAGS = 10
#: Of short sounds the waveforms tell so many more.
_WHOLE_LAGS = 5
#: Evidence (powers of e) from which two recordings hear the same, and by how much it must beat any other lag.
LEAST_EVIDENCE, _BEATS = 20.0, 1.4
#: So many pieces must tell the same, and not only ones that overlap: a bang in both would be in two of these.
LEAST_PIECES, _LEAST_SPAN = 2, 0.99
#: From this evidence on so many lags are enough: of a siren, which is alike at many, they show that none is clear.
_CLEAR, _LAGS_IF_CLEAR = 150.0, 3
#: Lags nearer than this are not two answers.
_SAME_S = 0.08


@dataclass(frozen=True)
class Alignment:
    """The second recording begins ``offset_s`` after the first, by the first one's clock.

    ``drift_ppm`` is how much faster the second one's clock runs, ``None`` where the shared time is too short to tell;
    ``confidence`` is 0..1; ``shared_s`` is how long both run.
    """

    offset_s: float
    drift_ppm: float | None
    confidence: float
    shared_s: float
    spread_s: float


def align(first: Samples, second: Samples) -> Alignment | None:
    """Compare two sounds of 16 kHz mono; ``None`` where nothing tells how they lie beside each other.

    They may be mapped from files: sound is read in pieces, and what is kept are envelopes, ten values each 10 ms.
    """
    likely = envelopes.candidates(envelopes.envelopes(first), envelopes.envelopes(second), DRIFT, _MOST_LAGS)
    lags = [one.lag_s for one in likely]
    for lag_s in wholes.whole_lags(first, second, _WHOLE_LAGS):
        if all(abs(lag_s - known) > wholes.BESIDE_S for known in lags):
            lags.append(lag_s)
    around = waveforms.AROUND_S + DRIFT * max(len(first), len(second)) / RATE
    lines = list[waveforms.TimeLine]()
    for lag_s in lags:
        pieces = waveforms.pieces_near(first, second, lag_s, around)
        if pieces:
            lines.append(waveforms.best_line(pieces, lag_s, DRIFT))
        if len(lines) >= _LAGS_IF_CLEAR and max(line.evidence for line in lines) >= _CLEAR:
            break
    return judged(lines, len(first) / RATE, len(second) / RATE)


def judged(lines: list[waveforms.TimeLine], first_s: float, second_s: float) -> Alignment | None:
    """The line that clearly beats all others, if there is one."""
    if not lines:
        return None
    best = max(lines, key=lambda line: line.evidence)
    others = [line.evidence for line in lines if abs(line.lag_s - best.lag_s) > _SAME_S]
    if best.pieces < LEAST_PIECES or best.span < _LEAST_SPAN:
        return None
    if best.evidence < max(LEAST_EVIDENCE, _BEATS * max(best.rival, *others, 0.0)):
        return None
    # The lag at t of the first is lag_s + slope * t: the second's zero is where t equals its own lag.
    offset = best.lag_s / (1 - best.slope)
    shared = min(first_s, second_s + offset) - max(0.0, offset)
    confidence = 1 - math.exp(-(best.evidence - LEAST_EVIDENCE + 9) / 9) / 2
    drift = best.slope * -1e6 if best.slope else None
    return Alignment(offset, drift, round(min(0.99, confidence), 2), shared, best.spread_s)
