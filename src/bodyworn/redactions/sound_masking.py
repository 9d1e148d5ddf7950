"""Mute or bleep spans of sound, with short ramps so that no click tells where."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import SoundAction, SoundSpan
from bodyworn.media.sound_out import Edit

_RAMP_MS = 5
_BLEEP_HERTZ, _BLEEP_LEVEL = 1000.0, 0.12


def hiding(spans: Sequence[SoundSpan]) -> Edit | None:
    """An edit that hides ``spans`` (those that nobody kept), or ``None`` if there is nothing to hide.

    The ramps lie outside the span: within it nothing of the sound is left.
    """
    kept = sorted((span for span in spans if span.kept_by is None), key=lambda span: span.start_ms)
    if not kept:
        return None

    def edit(samples: NDArray[np.float32], start: Fraction, rate: int) -> NDArray[np.float32]:
        length = samples.shape[1]
        first_ms, last_ms = float(start * 1000), float(start * 1000) + length * 1000 / rate
        near = [s for s in kept if s.start_ms - _RAMP_MS < last_ms and s.end_ms + _RAMP_MS > first_ms]
        if not near:
            return samples
        ms = first_ms + np.arange(length) * 1000 / rate
        out = samples
        for span in near:
            out = _one(out, ms, span)
        return out.astype(np.float32)

    return edit


def _one(samples: NDArray[np.float32], ms: NDArray[np.float64], span: SoundSpan) -> NDArray[np.float32]:
    outside = np.maximum(span.start_ms - ms, ms - span.end_ms)
    gain = np.clip(outside / _RAMP_MS, 0, 1)
    out = samples * gain
    if span.action is SoundAction.BLEEP:
        out = out + (1 - gain) * _BLEEP_LEVEL * np.sin(2 * np.pi * _BLEEP_HERTZ * ms / 1000)
    return np.asarray(out, np.float32)
