"""Sounds told by a linear layer on what the recognizer's encoder hears, second by second: crying, screams.

Mean, highest value and deviation over some seconds of each of the encoder's 384 outputs, weighed by the model
``sounds`` (card: ``models/sounds/card.md``). A finding says what it *sounds like*, not what a person feels.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bodyworn.domain.codec import from_json
from bodyworn.domain.span import Span, runs
from bodyworn.findings.speech.encoder import CHUNK_S, RATE, load_encoder
from bodyworn.findings.voices.wave_file import Wave
from bodyworn.models.registry import locate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

MODEL = "sounds"
#: Ten seconds in which nothing is louder than this (full scale = 1) hold nothing to hear, and are passed over.
_SILENT = 0.002
#: Seconds of a window that a sound must fill to be told; also the shortest stretch that is reported.
_PART_S = 2
#: Stretches no further apart than this are one: who cries also breathes.
_BREATH_MS = 3_000


@dataclass(frozen=True)
class SoundLayer:
    """How one kind is told: ``weights`` of a window of ``seconds``; reported from the score ``report`` on in at least
    ``windows`` windows in a row, which start a second apart."""

    kind: str
    seconds: int
    windows: int
    report: float
    bias: float
    weights: tuple[float, ...]


@dataclass(frozen=True)
class SoundLayers:
    """The file of the model ``sounds``."""

    layers: tuple[SoundLayer, ...]


@dataclass(frozen=True)
class SoundHeard:
    """A stretch that sounds like ``kind``: ``score`` 0..1 is the highest of its windows, ``mean`` their mean."""

    kind: str
    span: Span
    score: float
    mean: float


@cache
def layers() -> tuple[SoundLayer, ...]:
    """The pinned layers."""
    return from_json(SoundLayers, json.loads(locate(MODEL).read_text("utf-8"))).layers


def sounds_of(wave: Wave, progress: Callable[[int], None]) -> list[SoundHeard]:
    """All stretches of the recording that sound like one of the kinds; ``progress`` gets the milliseconds done."""
    found = []
    for layer, scores in zip(layers(), scores_of(wave, layers(), progress), strict=True):
        found += stretches(scores, layer, wave.duration_ms)
    return found


def scores_of(wave: Wave, asked: Sequence[SoundLayer], progress: Callable[[int], None]) -> list[Array]:
    """For each layer the score of the windows that end with each second. Memory does not grow, but for the scores."""
    import numpy as np

    encoder, size = load_encoder(), CHUNK_S * RATE
    longest = max(layer.seconds for layer in asked)
    recent: Array | None = None
    parts: list[list[Array]] = [[] for _ in asked]
    for start in range(0, len(wave), size):
        sound = wave.read(start, size)
        silent = float(np.abs(sound).max()) < _SILENT
        heard = None if silent else pooled(encoder.hear(sound))
        joined = heard if recent is None or heard is None else np.concatenate([recent, heard])
        for layer, own in zip(asked, parts, strict=True):
            own.append(_scores_of_chunk(joined, layer))
        recent = None if heard is None else heard[1 - longest :]
        progress(min(wave.duration_ms, (start + size) * 1000 // RATE))
    return [np.concatenate(own) if own else np.zeros(0, np.float32) for own in parts]


def pooled(encoded: Array) -> Array:
    """``(seconds, 3, 384)`` of ``(seconds, frames, 384)``: mean, highest value and mean square of each second."""
    import numpy as np

    return np.stack([encoded.mean(axis=1), encoded.max(axis=1), np.square(encoded).mean(axis=1)], axis=1)


def windowed(seconds: Array, count: int) -> Array:
    """``(windows, 3 * 384)``: mean, highest value and deviation of all windows of ``count`` seconds in a row."""
    import numpy as np

    views = np.lib.stride_tricks.sliding_window_view(seconds, count, axis=0)
    mean = views[:, 0].mean(axis=-1)
    deviation = np.sqrt(np.maximum(views[:, 2].mean(axis=-1) - np.square(mean), 1e-6))
    return np.concatenate([mean, views[:, 1].max(axis=-1), deviation], axis=1)


def stretches(scores: Array, layer: SoundLayer, duration_ms: int) -> list[SoundHeard]:
    """Where enough windows in a row are reported; ``scores[n]`` is of the window that *ends* with second ``n``.

    A window hears a sound that fills :data:`_PART_S` of it, so the sound begins so much before the first window ends,
    and ends so much after the last one begins.
    """
    found: list[SoundHeard] = []
    for first, after in runs((scores >= layer.report).tolist()):
        if after - first < layer.windows:
            continue
        start, end = float(first + 1 - _PART_S), float(after - layer.seconds + _PART_S)
        if end - start < _PART_S:
            start, end = (start + end - _PART_S) / 2, (start + end + _PART_S) / 2
        start_ms = min(max(0, round(start * 1000)), duration_ms)
        span = Span(start_ms, max(start_ms, min(round(end * 1000), duration_ms)))
        own = scores[first:after]
        one = SoundHeard(layer.kind, span, float(own.max()), float(own.mean()))
        if found and span.start_ms - found[-1].span.end_ms <= _BREATH_MS:
            found[-1] = _joined(found[-1], one)
        elif span.length_ms > 0:
            found.append(one)
    return found


def _joined(one: SoundHeard, other: SoundHeard) -> SoundHeard:
    span = Span(one.span.start_ms, max(one.span.end_ms, other.span.end_ms))
    part = one.span.length_ms / max(1, one.span.length_ms + other.span.length_ms)
    return SoundHeard(one.kind, span, max(one.score, other.score), part * one.mean + (1 - part) * other.mean)


def _scores_of_chunk(joined: Array | None, layer: SoundLayer) -> Array:
    """The scores of the windows that end with each second of the last ten; 0 where there is no whole window."""
    import numpy as np

    scores = np.zeros(CHUNK_S, np.float32)
    if joined is not None:
        weighed = windowed(joined, layer.seconds) @ np.asarray(layer.weights, np.float32) + layer.bias
        own = (1 / (1 + np.exp(-np.clip(weighed, -30, 30))))[-CHUNK_S:]
        scores[CHUNK_S - len(own) :] = own
    return scores
