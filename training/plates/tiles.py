"""Tiles to learn from: cut from photos at any scale, turned and lit by chance, with drawn plates laid over some."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from bench.scenes.plate_scenes import (
    Random,
    body,
    draw_page,
    draw_plate,
    lay,
    mapped,
    night,
    place_of,
    squeezed,
    washed,
)
from numpy.typing import NDArray

from bodyworn.redactions.detectors.plates_network import STRIDE, UNIT, planes_in
from training.plates.photos import Box, Image, Photo, planes_of

SIDE = 192
#: Sizes (see :func:`size_of`) that the network answers for, and those about which it is neither praised nor blamed.
SMALLEST, LARGEST = 6.5, 32.0
#: Boxes of other proportions are groups, or cut off: neither a plate nor none.
_SLIMMEST, _LONGEST = 0.9, 6.5
_HARD_KEPT = 800


@dataclass(frozen=True)
class Source:
    """Where a tile comes from: ``photo`` about ``x``, ``y`` at ``scale``; ``drawn`` if something was laid over it."""

    photo: Photo
    x: float
    y: float
    scale: float
    drawn: bool


def size_of(w: float, h: float) -> float:
    """One figure for a plate's size, near its height for one twice as wide as high."""
    return float((w * h / 2.5) ** 0.5)


class Tiles:
    """Draws tiles; what the network took for plates and are none it draws again and again."""

    def __init__(self, real: list[Photo], plain: list[Photo], random: Random) -> None:
        self._real, self._plain, self._random = real, plain, random
        self._boxed = [(photo, box) for photo in real for box in photo.plates if _plausible(box)]
        self._hard: deque[Source] = deque(maxlen=_HARD_KEPT)
        self._plates = [_long(draw_plate(random), random) for _ in range(400)]
        self._pages = [draw_page(random, bool(i % 2))[0] for i in range(40)]

    def hard(self, source: Source, x: float, y: float) -> None:
        """At ``x``, ``y`` of a tile something was taken for a plate that is none."""
        if not source.drawn:
            away_x, away_y = (x - SIDE / 2) / source.scale, (y - SIDE / 2) / source.scale
            self._hard.append(Source(source.photo, source.x + away_x, source.y + away_y, source.scale, False))

    def sample(self) -> tuple[Any, Any, Any, Source]:
        """Luma (2, side, side), chroma (2, side / 2, side / 2), goal (6, cells, cells) and where it comes from.

        The goal's planes are 1 for a plate's middle and -1 for what is ignored; then the network's five.
        """
        random, kind = self._random, self._random.random()
        if kind < 0.52:
            photo, box = self._boxed[random.integers(len(self._boxed))]
            goal_size = float(np.exp(random.uniform(np.log(SMALLEST), np.log(LARGEST * 0.9))))
            scale = min(2.0, goal_size / size_of(box[2], box[3]))
            away = random.uniform(-0.45, 0.45, 2) * SIDE / scale
            at = (box[0] + box[2] / 2 + away[0], box[1] + box[3] / 2 + away[1])
        elif kind < 0.7 and len(self._hard) > 50:
            chosen = self._hard[random.integers(len(self._hard))]
            photo, scale = chosen.photo, chosen.scale * float(random.uniform(0.75, 1.3))
            away = random.uniform(-0.4, 0.4, 2) * SIDE / scale
            at = (chosen.x + away[0], chosen.y + away[1])
        else:
            some = self._plain if random.random() < 0.55 else self._real
            photo = some[random.integers(len(some))]
            least = min(1.2, SIDE / max(photo.size))
            scale = float(np.exp(random.uniform(np.log(max(0.12, least)), np.log(1.3))))
            at = (float(random.uniform(0, photo.size[0])), float(random.uniform(0, photo.size[1])))
        return self._cut(photo, at, scale, real=kind < 0.52)

    def _cut(self, photo: Photo, at: tuple[float, float], scale: float, *, real: bool) -> tuple[Any, Any, Any, Source]:
        random = self._random
        move = _movement(at, scale, random)
        canvas = _warped(photo, move, scale)
        goal = np.zeros((6, SIDE // STRIDE, SIDE // STRIDE), np.float32)
        for box in photo.unsure:
            _mark(goal, _moved(box, move), known=False)
        replace = real and random.random() < 0.3
        for box in photo.plates:
            seen = _moved(box, move)
            if replace and _plausible(box):
                seen = self._over(canvas, seen)
            _mark(goal, seen, known=_plausible(box))
        more = not real and random.random() < 0.25
        if more:
            self._lay_some(canvas, goal)
        if random.random() < 0.12:
            self._distract(canvas)
            more = True
        luma, chroma = self._lit(canvas)
        return luma, chroma, goal, Source(photo, *at, scale, drawn=replace or more)

    def _over(self, canvas: Image, box: Box) -> Box:
        """A drawn plate over a real one."""
        x, y, w, h = box
        plate = washed(self._plates[self._random.integers(len(self._plates))], self._random)
        at = (x + w / 2, y + h / 2)
        high = max(1.05 * h, 1.05 * w * plate.shape[0] / plate.shape[1])
        seen = canvas[max(0, int(y)) : int(y + h) + 1, max(0, int(x)) : int(x + w) + 1]
        light = float(np.clip(seen.mean() / 150, 0.15, 1.1)) if seen.size else 0.7
        return self._laid(canvas, plate, at, high * self._random.uniform(1.0, 1.25), light)

    def _lay_some(self, canvas: Image, goal: NDArray[np.float32]) -> None:
        """Drawn plates anywhere."""
        random = self._random
        for _ in range(int(random.integers(1, 3))):
            plate = washed(self._plates[random.integers(len(self._plates))], random)
            high = float(np.exp(random.uniform(np.log(6.5), np.log(28))))
            at = (float(random.uniform(5, SIDE - 5)), float(random.uniform(5, SIDE - 5)))
            if random.random() < 0.8:
                body(canvas, at, high, random)
            _mark(goal, self._laid(canvas, plate, at, high, float(random.uniform(0.35, 1.1))), known=True)

    def _laid(self, canvas: Image, plate: Image, at: tuple[float, float], high: float, light: float) -> Box:
        place = place_of((plate.shape[1], plate.shape[0]), high, at, self._random)
        lay(canvas, plate, place, light * float(self._random.uniform(0.8, 1.2)), high * self._random.uniform(0, 0.05))
        x0, y0, x1, y1 = mapped((0, 0, plate.shape[1], plate.shape[0]), place)
        return x0, y0, x1 - x0, y1 - y0

    def _distract(self, canvas: Image) -> None:
        """A page of text, which is no plate."""
        random = self._random
        page = self._pages[random.integers(len(self._pages))]
        at = (float(random.uniform(0, SIDE)), float(random.uniform(0, SIDE)))
        height = page.shape[0] * random.uniform(7, 20) / 24
        lay(canvas, page, place_of((page.shape[1], page.shape[0]), height, at, random), random.uniform(0.5, 1.1), 0.4)

    def _lit(self, canvas: Image) -> tuple[Any, Any]:
        """What the network sees of ``canvas`` in some light, out of focus, shaken, squeezed by an encoder."""
        random = self._random
        seen: Any = canvas
        if random.random() < 0.5:
            table = 255 * (np.arange(256) / 255) ** np.exp(random.normal(0, 0.35)) * random.uniform(0.7, 1.25)
            seen = cv2.LUT(seen, np.clip(table + random.uniform(-20, 20), 0, 255).astype(np.uint8))
        if random.random() < 0.3:
            seen = cv2.GaussianBlur(seen, (0, 0), random.uniform(0.4, 1.1))
        if random.random() < 0.12:
            seen = cv2.filter2D(seen, -1, _shake(random))
        if random.random() < 0.3:
            seen = night(seen, random.uniform(0.06, 0.6) if random.random() < 0.6 else 1.0, random)
        if random.random() < 0.7:
            seen = squeezed(seen, int(random.integers(30, 95)))
        y, u, v = planes_of(np.ascontiguousarray(seen))
        luma, chroma = planes_in(y, u, v)
        if random.random() < 0.2:
            chroma = chroma * 0
        elif random.random() < 0.4:
            chroma = chroma * random.uniform(0.3, 1.5) + random.normal(0, 0.15, (2, 1, 1)).astype(np.float32)
        return luma, chroma.astype(np.float32)


def _long(plate: Image, random: Random) -> Image:
    """Now and then as long as plates of Europe, with their band."""
    if random.random() > 0.3:
        return plate
    wide = np.asarray(cv2.resize(plate[34:128], (int(random.integers(430, 520)), 110)), np.uint8)
    if random.random() < 0.6:
        wide[:, :40] = (150, 60, 20)
    return wide


def _plausible(box: Box) -> bool:
    return _SLIMMEST * box[3] < box[2] < _LONGEST * box[3]


def _movement(at: tuple[float, float], scale: float, random: Random) -> NDArray[np.float64]:
    """From the photo to the tile (2, 3): ``at`` in the middle, a little turned and stretched, every second mirrored."""
    turn, stretch = np.deg2rad(random.normal(0, 4)), np.exp(random.normal(0, 0.1))
    across, down = scale * stretch, scale / stretch
    linear = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.diag([across, down])
    if random.random() < 0.5:
        linear = np.diag([-1.0, 1.0]) @ linear
    middle = np.array([SIDE / 2, SIDE / 2]) - linear @ np.asarray(at, np.float64)
    return np.concatenate([linear, middle[:, None]], axis=1)


def _warped(photo: Photo, move: NDArray[np.float64], scale: float) -> Image:
    """The tile (BGR), from the level of the photo that is just large enough."""
    level = int(np.clip(np.floor(-np.log2(scale) + 0.2), 0, len(photo.levels) - 1))
    y, u, v = photo.levels[level]
    linear = move.copy()
    linear[:, :2] *= 2**level
    half = linear.copy()
    half[:, 2] /= 2
    coded = np.empty((SIDE * 3 // 2, SIDE), np.uint8)
    coded[:SIDE] = cv2.warpAffine(y, linear, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    chroma = coded[SIDE:].reshape(2, SIDE // 2, SIDE // 2)
    for plane, value in enumerate((u, v)):
        chroma[plane] = cv2.warpAffine(value, half, (SIDE // 2, SIDE // 2), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(coded, cv2.COLOR_YUV2BGR_I420), np.uint8)


def _moved(box: Box, move: NDArray[np.float64]) -> Box:
    """``box`` in the tile; the corners of a turned one stand out by less than the box around them says."""
    x, y, w, h = box
    middle = move @ np.array([x + w / 2, y + h / 2, 1.0])
    wide = abs(move[0, 0]) * w + 0.7 * abs(move[0, 1]) * h
    high = abs(move[1, 1]) * h + 0.7 * abs(move[1, 0]) * w
    return float(middle[0] - wide / 2), float(middle[1] - high / 2), float(wide), float(high)


def _mark(goal: NDArray[np.float32], box: Box, *, known: bool) -> None:
    """Cells near the middle are the plate's; others inside, and all of one that is not asked for, are ignored."""
    x, y, w, h = box
    ys, xs = (np.mgrid[0 : goal.shape[1], 0 : goal.shape[2]] + 0.5) * STRIDE
    away_x, away_y = (x + w / 2 - xs), (y + h / 2 - ys)
    inside = (abs(away_x) < w / 2 + 2) & (abs(away_y) < h / 2 + 2)
    goal[:, inside] = 0
    goal[0][inside] = -1
    if known and SMALLEST * 0.9 <= size_of(w, h) <= LARGEST:
        core = (abs(away_x) < max(0.2 * w, 2.1)) & (abs(away_y) < max(0.2 * h, 2.1))
        goal[0][core] = 1
        values = (1, np.log(w / UNIT), np.log(h / UNIT), away_x[core] / UNIT, away_y[core] / UNIT)
        for plane, value in enumerate(values, 1):
            goal[plane][core] = value


def _shake(random: Random) -> NDArray[np.float32]:
    """A short line: the camera moved while the picture was taken."""
    kernel = np.zeros((7, 7), np.float32)
    turn, reach = random.uniform(0, np.pi), random.uniform(1, 3)
    away = (round(float(reach * np.cos(turn))), round(float(reach * np.sin(turn))))
    cv2.line(kernel, (3 - away[0], 3 - away[1]), (3 + away[0], 3 + away[1]), 1.0)
    return kernel / kernel.sum()
