"""Who speaks when: local voices of overlapping windows, one embedding each, clustered over the whole recording.

The scheme is that of Bredin, "pyannote.audio 2.1 speaker diarization pipeline", Interspeech 2023: segment ten seconds
at a time, embed each local voice where it speaks alone, cluster, and add the windows up again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations
from typing import TYPE_CHECKING, Any

from bodyworn.findings.voices.clustering import Settings, centroids, cluster
from bodyworn.findings.voices.embedding import HOP, Embedder, log_mel
from bodyworn.findings.voices.segmentation import (
    FRAME_CENTER,
    FRAME_STEP,
    FRAMES,
    RATE,
    VOICES,
    WINDOW_SAMPLES,
    Segmenter,
)
from bodyworn.findings.voices.wave_file import Wave

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bodyworn.engine.stage import Progress

    Array = NDArray[np.float32]

#: Frames from one window to the next: 5.0 s, so that each instant is seen twice.
STEP_FRAMES = 296
FRAME_MS = FRAME_STEP * 1000 / RATE
#: Lengths in mel frames (10 ms) of which stretches are embedded; a shorter one is repeated up to the first.
_LENGTHS = (75, 150, 300)
_GROUP = 16


@dataclass(frozen=True)
class Activity:
    """How present each speaker is at each frame of 16.875 ms: ``level`` ``(frames, speakers)`` 0..1, and the number of
    voices ``count`` ``(frames,)``. ``sureness`` ``(frames, speakers)`` is how clearly the voice is that speaker's."""

    level: Array
    sureness: Array
    count: NDArray[np.int64]

    @property
    def speaking(self) -> NDArray[np.bool_]:
        """Whether each speaker speaks, ``(frames, speakers)``: the ``count`` most present ones."""
        import numpy as np

        rank = np.argsort(np.argsort(-self.level, axis=1, kind="stable"), axis=1, kind="stable")
        chosen: NDArray[np.bool_] = (rank < self.count[:, None]) & (self.level > 0.05)
        return chosen


@dataclass
class _Local:
    """Voices of all windows: presence ``(windows, FRAMES, VOICES)``, and an embedding for those that speak enough."""

    presence: list[Array] = field(default_factory=list)
    window: list[int] = field(default_factory=list)
    voice: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    embedding: list[Array] = field(default_factory=list)


def diarize(wave: Wave, segmenter: Segmenter, embedder: Embedder, settings: Settings, progress: Progress) -> Activity:
    """The speakers of ``wave`` and when they speak."""
    import numpy as np

    local = _Local()
    for first, sound in _windows(wave):
        presence = segmenter.run(sound)
        _embed(local, first, sound, presence, embedder)
        local.presence.extend(presence.astype(np.float16))
        progress(min(wave.duration_ms, (first + len(sound)) * STEP_FRAMES * FRAME_MS), wave.duration_ms, "voices")
    return _stitch(local, settings, -(-len(wave) // FRAME_STEP))


def _windows(wave: Wave) -> Iterator[tuple[int, Array]]:
    """Groups of windows ``(n, 160000)`` with the number of the first."""
    import numpy as np

    step = STEP_FRAMES * FRAME_STEP
    count = 1 + max(0, -(-(len(wave) - WINDOW_SAMPLES) // step))
    for first in range(0, count, _GROUP):
        numbers = range(first, min(count, first + _GROUP))
        yield first, np.stack([wave.read(number * step, WINDOW_SAMPLES) for number in numbers])


def _embed(local: _Local, first: int, sound: Array, presence: Array, embedder: Embedder) -> None:
    """Embed the local voices of a group of windows, all stretches of one length together."""
    import numpy as np

    wanted: dict[int, list[tuple[int, int, float, Array]]] = {length: [] for length in _LENGTHS}
    for number, (samples, here) in enumerate(zip(sound, presence, strict=True)):
        mel: Array | None = None
        for voice in range(VOICES):
            frames, seconds = _clear_frames(here, voice)
            if len(frames) == 0:
                continue
            mel = log_mel(samples) if mel is None else mel
            length = max((size for size in _LENGTHS if size <= len(frames)), default=_LENGTHS[0])
            start = max(0, (len(frames) - length) // 2)
            chosen = np.resize(frames[start : start + length], length)
            wanted[length].append((first + number, voice, seconds, mel[chosen]))
    for group in wanted.values():
        if group:
            vectors = embedder.run(np.stack([item[3] for item in group]))
            local.window += [item[0] for item in group]
            local.voice += [item[1] for item in group]
            local.seconds += [item[2] for item in group]
            local.embedding += list(vectors)


def _clear_frames(presence: Array, voice: int) -> tuple[NDArray[np.int64], float]:
    """Mel frames in which ``voice`` speaks alone (or speaks, if it hardly ever does), and seconds alone."""
    import numpy as np

    speaks = presence > 0.5
    alone = speaks[:, voice] & (speaks.sum(axis=1) == 1)
    seconds = float(alone.sum() * FRAME_MS / 1000)
    chosen = alone if seconds >= 0.4 else speaks[:, voice]
    if chosen.sum() * FRAME_MS < 200:
        return np.zeros(0, np.int64), 0.0
    centers = np.arange((WINDOW_SAMPLES - 400) // HOP + 1) * HOP + 200
    index = np.clip(np.rint((centers - FRAME_CENTER) / FRAME_STEP).astype(int), 0, FRAMES - 1)
    return np.flatnonzero(chosen[index]), seconds


def _stitch(local: _Local, settings: Settings, frames: int) -> Activity:
    """Name the local voices and add the windows up, each weighted by a hat that trusts its middle most."""
    import numpy as np

    hat = np.minimum(np.arange(1, FRAMES + 1), np.arange(FRAMES, 0, -1)).astype(np.float32)
    names, sure, speakers = _name_voices(local, settings)
    length = max(frames, (len(local.presence) - 1) * STEP_FRAMES + FRAMES)
    level = np.zeros((length, speakers), np.float32)
    sureness = np.zeros((length, speakers), np.float32)
    count, weight = np.zeros(length, np.float32), np.zeros(length, np.float32)
    for number, presence in enumerate(local.presence):
        here = slice(number * STEP_FRAMES, number * STEP_FRAMES + FRAMES)
        weight[here] += hat
        count[here] += hat * (presence > 0.5).sum(axis=1)
        for voice in range(VOICES):
            if (speaker := names[number, voice]) >= 0:
                level[here, speaker] += hat * presence[:, voice]
                sureness[here, speaker] += hat * presence[:, voice] * sure[number, voice]
    weight = np.maximum(weight, 1e-6)
    clear = (sureness / np.maximum(level, 1e-6)).astype(np.float32)
    level = (level / weight[:, None]).astype(np.float32)
    voices = np.rint(count / weight).astype(np.int64)
    return Activity(level[:frames], clear[:frames], voices[:frames])


def _name_voices(local: _Local, settings: Settings) -> tuple[NDArray[np.int64], Array, int]:
    """Speaker of each ``(window, voice)`` (-1: none), how sure that is (0..1), and the number of speakers.

    In one window no speaker is given to two voices if another choice exists.
    """
    import numpy as np

    shape = (len(local.presence), VOICES)
    names, sure = np.full(shape, -1, np.int64), np.zeros(shape, np.float32)
    if not local.embedding:
        return names, sure, 0
    vectors, seconds = np.stack(local.embedding), np.array(local.seconds, np.float32)
    labels = cluster(vectors, seconds, local.window, settings)
    likeness = vectors @ centroids(vectors, seconds, labels).T
    belief = np.exp((likeness - likeness.max(axis=1, keepdims=True)) / 0.1)
    belief /= belief.sum(axis=1, keepdims=True)
    order: dict[int, list[int]] = {}
    for item, window in enumerate(local.window):
        order.setdefault(window, []).append(item)
    for window, items in order.items():
        for item, speaker in zip(items, _assign(likeness[items]), strict=True):
            names[window, local.voice[item]] = speaker
            sure[window, local.voice[item]] = belief[item, speaker]
    return names, sure, int(labels.max()) + 1


def _assign(likeness: Any) -> tuple[int, ...]:
    """The speakers of up to three voices, all different where there are enough, with the highest likeness in sum."""
    voices, speakers = likeness.shape
    if speakers < voices:
        return tuple(int(best) for best in likeness.argmax(axis=1))
    nearest = sorted({int(k) for row in likeness for k in (-row).argsort(kind="stable")[:voices]})
    choices = permutations(nearest, voices)
    return max(choices, key=lambda pick: sum(likeness[voice, speaker] for voice, speaker in enumerate(pick)))
