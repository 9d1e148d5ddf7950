"""Mute, bleep or disguise spans of sound, with short ramps so that no click tells where."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import SoundAction, SoundSpan
from bodyworn.media.sound_out import SoundEdit
from bodyworn.redactions.voice_disguise import CONTEXT, Disguise

_RAMP_MS = 5
BLEEP_HERTZ, _BLEEP_LEVEL = 1000.0, 0.12


def hiding(spans: Sequence[SoundSpan]) -> SoundEdit | None:
    """An edit that hides ``spans`` (those that nobody kept), or ``None`` if there is nothing to hide.

    The ramps lie outside the span: within it nothing of the sound (of the voice, where it is disguised) is left. Where
    spans overlap, what is muted or bleeped is no longer heard as a voice.
    """
    kept = [span for span in spans if span.kept_by is None]
    return _Hiding(kept) if kept else None


class _Hiding:
    def __init__(self, spans: Sequence[SoundSpan]) -> None:
        disguised = [span for span in spans if span.action is SoundAction.DISGUISE]
        others = [span for span in spans if span.action is not SoundAction.DISGUISE]
        self._spans = [*disguised, *sorted(others, key=lambda span: span.start_ms)]
        self._disguise = Disguise() if disguised else None
        self.context = CONTEXT if disguised else Fraction(0)

    def __call__(self, samples: NDArray[np.float32], start: Fraction, rate: int) -> NDArray[np.float32]:
        length = samples.shape[1]
        first_ms, last_ms = float(start * 1000), float(start * 1000) + length * 1000 / rate
        near = [s for s in self._spans if s.start_ms - _RAMP_MS < last_ms and s.end_ms + _RAMP_MS > first_ms]
        if not near:
            return samples
        ms = first_ms + np.arange(length) * 1000 / rate
        out, strange = samples, None
        if self._disguise is not None and near[0].action is SoundAction.DISGUISE:
            strange = self._disguise(samples, round(start * rate), rate)
        for span in near:
            out = _one(out, ms, span, strange)
        return out.astype(np.float32)


def _one(
    samples: NDArray[np.float32], ms: NDArray[np.float64], span: SoundSpan, strange: NDArray[np.float32] | None
) -> NDArray[np.float32]:
    outside = np.maximum(span.start_ms - ms, ms - span.end_ms)
    gain = np.clip(outside / _RAMP_MS, 0, 1)
    out = samples * gain
    if span.action is SoundAction.BLEEP:
        out = out + (1 - gain) * _BLEEP_LEVEL * np.sin(2 * np.pi * BLEEP_HERTZ * ms / 1000)
    elif span.action is SoundAction.DISGUISE and strange is not None:
        out = out + (1 - gain) * strange
    return np.asarray(out, np.float32)
