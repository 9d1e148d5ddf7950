"""Moving backgrounds for composed clips, from the real footage beside the checkout: linear light, 0..1, 15 a second."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from bench.places import MEDIA

WIDTH, HEIGHT, RATE = 640, 360, 15
Light = NDArray[np.float32]
Picture = NDArray[np.uint8]
VIDEO = MEDIA / "video"

_LINEAR = np.power(np.arange(256, dtype=np.float32) / 255, 2.2).astype(np.float32)
_STEPS = 1 << 14
_CODED = (np.power(np.arange(_STEPS + 1) / _STEPS, 1 / 2.2) * 255 + 0.5).astype(np.uint8)


def to_light(picture: Picture) -> Light:
    """Linear light of 8-bit RGB."""
    return _LINEAR[picture]


def to_picture(light: Light) -> Picture:
    """8-bit RGB of linear light."""
    return np.asarray(_CODED[(np.clip(light, 0, 1) * _STEPS).astype(np.int32)])


def soften(light: Light, sigma: float) -> Light:
    """Gaussian blur; a wide one is worked out at a smaller size."""
    shrink = max(1, int(sigma / 4))
    if shrink == 1:
        return np.asarray(cv2.GaussianBlur(light, (0, 0), max(sigma, 0.1)), np.float32)
    height, width = light.shape[:2]
    small = cv2.resize(light, (max(4, width // shrink), max(4, height // shrink)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / shrink)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


@lru_cache(maxsize=4)
def _frames(path: Path, first: int, count: int) -> tuple[Picture, ...]:
    with av.open(str(path)) as container:
        frames: list[NDArray[Any]] = []
        for index, frame in enumerate(container.decode(video=0)):
            if index >= first + count:
                break
            if index >= first:
                frames.append(frame.to_ndarray(format="rgb24"))
    return tuple(frames)


def sway(count: int, rng: np.random.Generator, amount: float) -> NDArray[np.float64]:
    """Smooth wander of a body-worn camera: (count, 3) of x and y in shares of the picture, roll in radians."""
    steps = rng.standard_normal((count + 60, 3))
    kernel = np.hanning(31) / np.hanning(31).sum()
    slow = np.stack([np.convolve(np.cumsum(steps[:, k]) * 0.15, kernel, "same") for k in range(3)], axis=1)[30:-30]
    time = np.arange(count)[:, None] / RATE
    walk = np.sin(2 * np.pi * time * np.array([0.95, 1.9, 0.95]) + rng.uniform(0, 6.28, 3)) * [0.3, 0.4, 0.2]
    path = np.tanh(slow * 0.6) + 0.25 * walk
    return np.asarray(path * amount * [1.0, 0.6, 0.4])


def _view(frame: Picture, zoom: float, place: NDArray[np.float64], size: tuple[int, int]) -> Picture:
    """The part of a frame that a camera looking at x, y sees, rolled and scaled to ``size``."""
    x, y, roll = place
    height, width = frame.shape[:2]
    scale = max(size[0] / width, size[1] / height) * zoom
    turn = cv2.getRotationMatrix2D((width * (0.5 + x), height * (0.5 + y)), np.degrees(roll), scale)
    turn[0, 2] += size[0] / 2 - width * (0.5 + x)
    turn[1, 2] += size[1] / 2 - height * (0.5 + y)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(frame, turn, size, flags=how, borderMode=cv2.BORDER_REFLECT), np.uint8)


def worn(
    path: Path, count: int, rng: np.random.Generator, size: tuple[int, int] = (WIDTH, HEIGHT), rate: int = RATE
) -> Iterator[Picture]:
    """``count`` RGB pictures of the clip at ``path`` as a camera on a chest would see them, ``rate`` a second.

    A clip of few frames is wandered over as a still world, frame by frame forth and back; the others run at their own
    speed from a random place.
    """
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        own, total = float(stream.average_rate or 10), stream.frames
    needed = min(total, int(count * own / rate) + 2)
    first = int(rng.integers(0, total - needed + 1))
    frames = _frames(path, first, needed)
    few = total < 60
    places = sway(count, rng, 0.18 if few else 0.05)
    zoom = rng.uniform(1.6, 2.2) if few else rng.uniform(1.15, 1.35)
    for index in range(count):
        at = int(index * own / rate)
        turn = at % (2 * len(frames) - 2) if len(frames) > 1 else 0
        frame = frames[turn if turn < len(frames) else 2 * len(frames) - 2 - turn]
        yield _view(frame, zoom, places[index], size)


def footage(name: str, count: int, rng: np.random.Generator, media: Path | None = None) -> Iterator[Light]:
    """``count`` pictures of the clip ``name`` as linear light; see :func:`worn`."""
    for picture in worn((media or VIDEO) / f"{name}.mp4", count, rng):
        yield to_light(picture)
