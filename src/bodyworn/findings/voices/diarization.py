"""Who speaks when: local voices of overlapping windows, one embedding each, clustered over the whole recording.

The scheme is that of Bredin, "pyannote.audio 2.1 speaker diarization pipeline", Interspeech 2023: segment ten seconds
at a time, embed each local voice where it speaks alone, cluster, and add the windows up again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from bodyworn.findings.voices.clustering import ClusteringSettings, centroids, cluster
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

    from bodyworn.domain.progress import Progress

    Array = NDArray[np.float32]

#: Most frames from one window to the next: 5.0 s, so that each instant is seen twice.
STEP_FRAMES = 296
FRAME_MS = FRAME_STEP * 1000 / RATE
#: Lengths in mel frames (10 ms) at which pieces are embedded; a shorter one is repeated up to the first.
_LENGTHS = (75, 110, 160, 240)
#: Pieces of speech, in frames: the longest, the shortest, and the pause that still is inside one.
_LONGEST, _SHORTEST, _PAUSE = 148, 30, 12
#: A voice without any piece is embedded as a whole, if it speaks for so many frames.
_LEAST = 12
_GROUP = 16


@dataclass(frozen=True)
class Activity:
    """How present each speaker is at each frame of 16.875 ms: ``level`` ``(frames, speakers)`` 0..1, and the number of
    voices ``count`` ``(frames,)``. ``sureness`` ``(frames, speakers)`` is how clearly the voice is that speaker's, and
    ``together`` ``(frames,)`` 0..1 how likely two speak at once, whoever they are."""

    level: Array
    sureness: Array
    count: NDArray[np.int64]
    together: Array

    @property
    def speaking(self) -> NDArray[np.bool_]:
        """Whether each speaker speaks, ``(frames, speakers)``: the ``count`` most present ones."""
        import numpy as np

        rank = np.argsort(np.argsort(-self.level, axis=1, kind="stable"), axis=1, kind="stable")
        chosen: NDArray[np.bool_] = (rank < self.count[:, None]) & (self.level > 0.05)
        return chosen


@dataclass(frozen=True)
class _Piece:
    """A stretch of one local voice alone: ``frames`` of its window, seconds of clear speech, its level in dB (full
    scale = 0), its embedding."""

    window: int
    voice: int
    frames: tuple[int, int]
    seconds: float
    level_db: float
    embedding: Array


@dataclass
class _Local:
    """Voices of all windows: presence of each ``(FRAMES, VOICES)``, how likely two speak at once ``(FRAMES,)``, and the
    pieces that were embedded."""

    presence: list[Array] = field(default_factory=list)
    together: list[Array] = field(default_factory=list)
    pieces: list[_Piece] = field(default_factory=list)


def diarize(
    wave: Wave, segmenter: Segmenter, embedder: Embedder, settings: ClusteringSettings, progress: Progress
) -> Activity:
    """The speakers of ``wave`` and when they speak."""
    import numpy as np

    local = _Local()
    starts = window_starts(len(wave))
    for first, sound in _windows(wave, starts):
        presence, together = segmenter.run(sound)
        zones = [_zone(starts, first + number) for number in range(len(sound))]
        _embed(local, first, sound, presence, zones, embedder)
        local.presence.extend(presence.astype(np.float16))
        local.together.extend(together.astype(np.float16))
        done = (starts[first + len(sound) - 1] + FRAMES) * FRAME_MS
        progress(min(wave.duration_ms, done), wave.duration_ms, "voices")
    return _stitch(local, settings, starts, -(-len(wave) // FRAME_STEP))


def window_starts(samples: int) -> list[int]:
    """Frames at which windows start: even steps of at most :data:`STEP_FRAMES`, the last window ending with the sound.

    Only sound shorter than a window is padded, as silence at an edge keeps the network from hearing what is beside it.
    """
    last = max(0, -(-(samples - WINDOW_SAMPLES) // FRAME_STEP))
    steps = -(-last // STEP_FRAMES)
    return [last * number // steps for number in range(steps + 1)] if steps else [0]


def _windows(wave: Wave, starts: Sequence[int]) -> Iterator[tuple[int, Array]]:
    """Groups of windows ``(n, 160000)`` with the number of the first."""
    import numpy as np

    for first in range(0, len(starts), _GROUP):
        group = starts[first : first + _GROUP]
        yield first, np.stack([wave.read(start * FRAME_STEP, WINDOW_SAMPLES) for start in group])


def _zone(starts: Sequence[int], number: int) -> tuple[int, int]:
    """Frames of a window that lie nearer to its middle than to that of any other, so that each is embedded once."""
    before = (starts[number - 1] + FRAMES - starts[number]) // 2 if number else 0
    after = (starts[number] + FRAMES - starts[number + 1]) // 2 if number + 1 < len(starts) else 0
    return before, FRAMES - after


def _embed(
    local: _Local, first: int, sound: Array, presence: Array, zones: Sequence[tuple[int, int]], embedder: Embedder
) -> None:
    """Embed the pieces of a group of windows, all of one length together."""
    import numpy as np

    wanted: dict[int, list[tuple[int, int, tuple[int, int], float, float, Array]]] = {size: [] for size in _LENGTHS}
    for number, (samples, here, zone) in enumerate(zip(sound, presence, zones, strict=True)):
        mel: Array | None = None
        for voice in range(VOICES):
            for frames, clear in _pieces(here, voice, zone):
                mel = log_mel(samples) if mel is None else mel
                chosen = _mel_frames(clear)
                length = max((size for size in _LENGTHS if size <= len(chosen)), default=_LENGTHS[0])
                skip = max(0, (len(chosen) - length) // 2)
                chosen = np.resize(chosen[skip : skip + length], length)
                seconds = float(clear.sum() * FRAME_MS / 1000)
                level = _level_db(samples, frames)
                wanted[length].append((first + number, voice, frames, seconds, level, mel[chosen]))
    for group in wanted.values():
        if group:
            vectors = embedder.run(np.stack([item[5] for item in group]))
            local.pieces += [_Piece(*item[:5], vector) for item, vector in zip(group, vectors, strict=True)]


def _pieces(presence: Array, voice: int, zone: tuple[int, int]) -> list[tuple[tuple[int, int], NDArray[np.bool_]]]:
    """Stretches in which ``voice`` speaks alone, cut where it pauses and where they get long, with their frames.

    A voice that has none is taken as a whole: its frames alone, or else all of them.
    """
    import numpy as np

    speaks = presence > 0.5
    inside = np.zeros(FRAMES, bool)
    inside[zone[0] : zone[1]] = True
    alone = speaks[:, voice] & (speaks.sum(axis=1) == 1) & inside
    found = []
    at = np.flatnonzero(alone)
    for run in np.split(at, np.flatnonzero(np.diff(at) > _PAUSE) + 1):
        for part in np.array_split(run, max(1, -(-len(run) // _LONGEST))):
            if len(part) >= _SHORTEST:
                found.append(_marked(part))
    if not found:
        whole = at if len(at) >= _LEAST else np.flatnonzero(speaks[:, voice] & inside)
        return [_marked(whole)] if len(whole) >= _LEAST else []
    return found


def _marked(frames: NDArray[np.int64]) -> tuple[tuple[int, int], NDArray[np.bool_]]:
    """First and last frame, and all of them as flags."""
    import numpy as np

    clear = np.zeros(FRAMES, bool)
    clear[frames] = True
    return (int(frames[0]), int(frames[-1]) + 1), clear


def _level_db(samples: Array, frames: tuple[int, int]) -> float:
    """Level of the louder half of a piece, in steps of 10 ms."""
    import numpy as np

    piece = samples[frames[0] * FRAME_STEP : frames[1] * FRAME_STEP]
    steps = len(piece) // HOP
    power = np.sort(np.square(piece[: steps * HOP].reshape(steps, HOP)).mean(axis=1))[steps // 2 :]
    return float(10 * np.log10(power.mean() + 1e-10)) if len(power) else -100.0


def _mel_frames(clear: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Numbers of the mel frames whose centers lie in the frames chosen."""
    import numpy as np

    centers = np.arange((WINDOW_SAMPLES - 400) // HOP + 1) * HOP + 200
    index = np.clip(np.rint((centers - FRAME_CENTER) / FRAME_STEP).astype(int), 0, FRAMES - 1)
    return np.flatnonzero(clear[index])


def _stitch(local: _Local, settings: ClusteringSettings, starts: Sequence[int], frames: int) -> Activity:
    """Name the local voices and add the windows up, each weighted by a hat that trusts its middle most."""
    import numpy as np

    hat = np.minimum(np.arange(1, FRAMES + 1), np.arange(FRAMES, 0, -1)).astype(np.float32)
    named = _name_pieces(local, settings)
    speakers = 1 + max((speaker for speaker, _ in named), default=-1)
    length = max(frames, starts[-1] + FRAMES)
    level = np.zeros((length, speakers), np.float32)
    sureness = np.zeros((length, speakers), np.float32)
    count, together, weight = (np.zeros(length, np.float32) for _ in range(3))
    for number, (start, presence) in enumerate(zip(starts, local.presence, strict=True)):
        here = slice(start, start + FRAMES)
        weight[here] += hat
        count[here] += hat * (presence > 0.5).sum(axis=1)
        together[here] += hat * local.together[number]
        for voice, (names, sure) in _timelines(local, named, number).items():
            share = hat * presence[:, voice]
            at = np.arange(start, start + FRAMES)
            level[at, names] += share
            sureness[at, names] += share * sure
    weight = np.maximum(weight, 1e-6)
    clear = (sureness / np.maximum(level, 1e-6)).astype(np.float32)
    level = (level / weight[:, None]).astype(np.float32)
    voices = np.rint(count / weight).astype(np.int64)
    return Activity(level[:frames], clear[:frames], voices[:frames], (together / weight)[:frames])


def _name_pieces(local: _Local, settings: ClusteringSettings) -> list[tuple[int, float]]:
    """Speaker of each piece, and how sure that is (0..1)."""
    import numpy as np

    if not local.pieces:
        return []
    vectors = np.stack([piece.embedding for piece in local.pieces])
    seconds = np.array([piece.seconds for piece in local.pieces], np.float32)
    origins = [(piece.window, piece.voice) for piece in local.pieces]
    levels = np.array([piece.level_db for piece in local.pieces], np.float32)
    labels = cluster(vectors, seconds, origins, settings, levels)
    likeness = vectors @ centroids(vectors, seconds, labels).T
    belief = np.exp((likeness - likeness.max(axis=1, keepdims=True)) / 0.1)
    belief /= belief.sum(axis=1, keepdims=True)
    return [(int(label), float(belief[item, label])) for item, label in enumerate(labels)]


def _timelines(
    local: _Local, named: Sequence[tuple[int, float]], window: int
) -> dict[int, tuple[NDArray[np.int64], Array]]:
    """Speaker and sureness of each local voice of a window, frame by frame: those of the piece nearest in time."""
    import numpy as np

    found = {}
    own = [(piece, name) for piece, name in zip(local.pieces, named, strict=True) if piece.window == window]
    for voice in sorted({piece.voice for piece, _ in own}):
        pieces = sorted(((p.frames, name) for p, name in own if p.voice == voice), key=lambda item: item[0])
        ends = [(one[1] + other[0]) // 2 for (one, _), (other, _) in pairwise(pieces)]
        which = np.searchsorted(np.array(ends, np.int64), np.arange(FRAMES), side="right")
        names = np.array([name for _, (name, _) in pieces], np.int64)[which]
        found[voice] = (names, np.array([sure for _, (_, sure) in pieces], np.float32)[which])
    return found
