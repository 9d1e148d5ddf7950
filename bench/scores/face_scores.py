"""Score masks against known face boxes: recall, frames with a leak, and how much more than faces is hidden."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.scenes.face_scenes import Rect

#: A face counts as hidden if at least this share of its box is.
HIDDEN_SHARE = 0.8


@dataclass(frozen=True)
class Score:
    """Counts of one clip. ``masked`` is the sum over scored frames of the share of the picture that is masked."""

    faces: int
    hidden: int
    frames: int
    leaks: int
    masked: float

    def __add__(self, other: Score) -> Score:
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Score(*(a + b for a, b in pairs))

    @property
    def recall(self) -> float:
        """Share of faces that are hidden."""
        return self.hidden / self.faces if self.faces else 1.0

    @property
    def leak_share(self) -> float:
        """Share of the scored frames in which at least one face shows."""
        return self.leaks / self.frames if self.frames else 0.0

    @property
    def area(self) -> float:
        """Mean share of the picture that is masked."""
        return self.masked / self.frames if self.frames else 0.0


def read_truth(path: Path) -> dict[int, list[Rect]]:
    """Faces by frame from a ``*.faces.json``."""
    frames = json.loads(path.read_text())["frames"]
    return {int(index): [tuple(face["box"]) for face in faces] for index, faces in frames.items()}


def score(truth: Mapping[int, Sequence[Rect]], masks: Mapping[int, Sequence[Rect]], width: int, height: int) -> Score:
    """Compare ``masks`` with ``truth`` on the frames that ``truth`` has; rectangles in pixels."""
    faces = hidden = leaks = 0
    masked = 0.0
    for index, known in truth.items():
        canvas = np.zeros((height, width), bool)
        for x0, y0, x1, y1 in masks.get(index, ()):
            canvas[max(0, round(y0)) : max(0, round(y1)), max(0, round(x0)) : max(0, round(x1))] = True
        seen = [_share(canvas, box) < HIDDEN_SHARE for box in known]
        faces += len(known)
        hidden += len(known) - sum(seen)
        leaks += any(seen)
        masked += float(canvas.mean())
    return Score(faces, hidden, len(truth), leaks, masked)


def _share(canvas: np.ndarray, box: Rect) -> float:
    x0, y0, x1, y1 = (round(v) for v in box)
    area = canvas[max(0, y0) : max(y0 + 1, y1), max(0, x0) : max(x0 + 1, x1)]
    return float(area.mean()) if area.size else 1.0
