"""Small pictures for tests of sight: a busy street that sways, and what gets in the way of it. All drawn, RGB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
SIZE = (320, 180)


def world(seed: int = 0, size: tuple[int, int] = (960, 540)) -> Rgb:
    """A wide still of boxes, lines and lettering in focus."""
    rng = np.random.default_rng(seed)
    picture = np.full((size[1], size[0], 3), 120, np.uint8)
    for _ in range(260):
        x, y = int(rng.integers(0, size[0])), int(rng.integers(0, size[1]))
        wide, high = int(rng.integers(8, 90)), int(rng.integers(8, 90))
        color = tuple(int(c) for c in rng.integers(10, 245, 3))
        cv2.rectangle(picture, (x, y), (x + wide, y + high), color, -1 if rng.random() < 0.6 else 2)
    for _ in range(40):
        at = (int(rng.integers(0, size[0] - 60)), int(rng.integers(20, size[1])))
        cv2.putText(picture, "MAIN ST", at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (240, 240, 240), 1)
    return picture


def street(count: int, rate: int = 10, seed: int = 0, size: tuple[int, int] = SIZE) -> Iterator[Rgb]:
    """``count`` pictures of the world as a camera on a chest sees it."""
    wide = world(seed)
    for index in range(count):
        time = index / rate
        x = int(300 + 90 * np.sin(0.7 * time) + 12 * np.sin(6 * time))
        y = int(170 + 40 * np.sin(0.5 * time + 1) + 9 * np.sin(12 * time))
        yield np.ascontiguousarray(wide[y : y + size[1], x : x + size[0]])


def cloth(size: tuple[int, int] = SIZE, level: int = 50, seed: int = 1) -> Rgb:
    """Cloth at the glass: soft folds, nothing in focus."""
    rng = np.random.default_rng(seed)
    folds = cv2.resize(rng.standard_normal((4, 6)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    shade = np.clip(level * (1 + 0.25 * folds), 0, 255)
    return np.repeat(shade.astype(np.uint8)[:, :, None], 3, axis=2)


def noisy(picture: Rgb, sigma: float, rng: np.random.Generator) -> Rgb:
    """The picture with sensor noise."""
    return np.asarray(np.clip(picture + rng.normal(0, sigma, picture.shape), 0, 255), np.uint8)


def film(
    path: Path, pictures: Iterable[Rgb], rate: int = 10, codec: str = "libx264", options: dict[str, str] | None = None
) -> Path:
    """The pictures as a video file at a constant rate, no sound."""
    if options is None:
        options = {"preset": "ultrafast", "crf": "20"} if codec == "libx264" else {}
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate, options=options)
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for index, picture in enumerate(pictures):
            if index == 0:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
