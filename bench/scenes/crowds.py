"""The same footage under worse conditions: a camera that shakes, a smaller picture, a stronger compression.

Made of a real clip whose faces are boxed; boxes go through the same mapping as the pixels. Everything follows from a
seed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from bench.scenes.face_scenes import Image, Rect, Wave, blurred
from bench.scores.face_scores import read_truth
from bodyworn.media.clip import write_clip


@dataclass(frozen=True)
class Variant:
    """What is done to a clip: ``shake`` in pixels at up to 3 Hz, ``roll`` in degrees, size, quality (CRF, 0..51)."""

    name: str
    shake: float = 0.0
    roll: float = 0.0
    scale: float = 1.0
    quality: int = 23


VARIANTS = (
    Variant("shaken", shake=40, roll=1.5),
    Variant("encoded again", quality=36),
    Variant("half size", scale=0.5),
)


def pictures(clip: Path) -> Iterator[Image]:
    """The pictures of a clip, BGR."""
    import av

    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def vary(variant: Variant, clip: Path, truth: Path, seed: int, folder: Path) -> tuple[Path, Path]:
    """Write the variant of ``clip`` and its boxes (the form of ``*.faces.json``) to ``folder``."""
    import av
    import cv2

    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        rate, count = Fraction(stream.average_rate or 25), stream.frames
        wide, high = (2 * round(side * variant.scale / 2) for side in (stream.width, stream.height))
    random = np.random.default_rng(seed)
    waves = [Wave(random, 2.5) for _ in range(3)]
    known = read_truth(truth)
    boxes: dict[str, list[dict[str, list[float]]]] = {}

    def drawn() -> Iterator[Image]:
        last = np.eye(3)
        for index, picture in enumerate(pictures(clip)):
            view = _view(variant, [wave(float(index / rate)) for wave in waves], wide, high)
            shown = np.asarray(cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
            if variant.shake:
                shown = np.asarray(cv2.warpAffine(shown, view[:2], (wide, high), borderMode=1), np.uint8)
                shown = blurred(shown, view, last) if index else shown
            last = view
            if index in known:
                moved = (_moved(box, view, variant.scale, wide, high) for box in known[index])
                boxes[str(index)] = [{"box": box} for box in moved if box is not None]
            yield np.asarray(cv2.cvtColor(shown, cv2.COLOR_BGR2YUV_I420), np.uint8)

    out, out_truth = folder / f"{clip.stem} {variant.name}.mp4", folder / f"{clip.stem} {variant.name}.faces.json"
    sound = np.zeros(round(8000 * count / rate), np.float32)
    write_clip(out, drawn(), sound, size=(wide, high), rate=rate, sample_rate=8000, tags={}, quality=variant.quality)
    out_truth.write_text(json.dumps({"frames": boxes}))
    return out, out_truth


def _view(variant: Variant, waves: list[float], wide: int, high: int) -> np.ndarray[Any, Any]:
    """The map from the steady picture to the shaken one."""
    angle = np.deg2rad(variant.roll * waves[2])
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    to_middle, back = np.eye(3), np.eye(3)
    to_middle[:2, 2], back[:2, 2] = (-wide / 2, -high / 2), (wide / 2, high / 2)
    shift = np.eye(3)
    shift[:2, 2] = variant.shake * waves[0], variant.shake * waves[1]
    return shift @ back @ turn @ to_middle


def _moved(box: Rect, view: np.ndarray[Any, Any], scale: float, wide: int, high: int) -> list[float] | None:
    """``box`` in the variant, upright around its moved middle; ``None`` if less than half of it is in the picture."""
    x0, y0, x1, y1 = (value * scale for value in box)
    x, y, _ = view @ [(x0 + x1) / 2, (y0 + y1) / 2, 1]
    w, h = x1 - x0, y1 - y0
    left, top = max(0.0, x - w / 2), max(0.0, y - h / 2)
    right, bottom = min(float(wide), x + w / 2), min(float(high), y + h / 2)
    if right <= left or bottom <= top or (right - left) * (bottom - top) < 0.5 * w * h:
        return None
    return [round(float(value), 1) for value in (left, top, right, bottom)]
