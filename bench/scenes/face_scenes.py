"""Clips with faces in known places: real faces laid over real backgrounds that pan, shake, darken and bend.

Everything follows from a seed. A face moves by itself (path, size, roll, turn of the head as a squeeze in width, bow as
a squeeze in height) and with the camera (pan, shake, roll); boxes go through the same mapping as the pixels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
#: x0, y0, x1, y1 in pixels.
Rect = tuple[float, float, float, float]


@dataclass(frozen=True)
class Person:
    """A picture of head and shoulders and the face's box in it."""

    pixels: Image
    face: Rect


@dataclass(frozen=True)
class Scene:
    """What to compose. ``sizes`` are face heights in pixels from..to; amplitudes in pixels or degrees."""

    name: str
    width: int = 1280
    height: int = 720
    frames: int = 66
    faces: int = 3
    sizes: tuple[int, int] = (40, 160)
    shake: float = 0.0
    pan: float = 0.0
    roll: float = 0.0
    speed: float = 1.0
    turn: float = 0.0
    bow: float = 0.0
    dark: float = 1.0
    bend: float = 0.0
    edge: bool = False
    rate: int = 30


def cut_out(picture: Image, face: Rect) -> Person:
    """Head and shoulders around ``face`` (x0, y0, x1, y1)."""
    x0, y0, x1, y1 = face
    w, h = x1 - x0, y1 - y0
    left, top = max(0, round(x0 - 0.7 * w)), max(0, round(y0 - 0.55 * h))
    right, bottom = min(picture.shape[1], round(x1 + 0.7 * w)), min(picture.shape[0], round(y1 + 0.9 * h))
    return Person(picture[top:bottom, left:right].copy(), (x0 - left, y0 - top, x1 - left, y1 - top))


class Wave:
    """A smooth wandering value in -1..1: three sines of random frequency and phase."""

    def __init__(self, random: np.random.Generator, hertz: float) -> None:
        self._f = hertz * random.uniform(0.4, 1.2, 3)
        self._p = random.uniform(0, 2 * np.pi, 3)

    def __call__(self, seconds: float) -> float:
        return float(np.sin(2 * np.pi * self._f * seconds + self._p).sum() / 3)


@dataclass
class _Moves:
    """Waves of one face."""

    x: Wave
    y: Wave
    size: Wave
    roll: Wave
    turn: Wave
    bow: Wave
    home: tuple[float, float]

    @classmethod
    def of(cls, random: np.random.Generator, speed: float, home: tuple[float, float]) -> _Moves:
        fast = [0.35 * speed, 0.35 * speed, 0.15, 0.4, 0.35, 0.3]
        waves = [Wave(random, hertz) for hertz in fast]
        return cls(waves[0], waves[1], waves[2], waves[3], waves[4], waves[5], home)


def compose(
    scene: Scene, people: Sequence[Person], background: Image, seed: int
) -> Iterator[tuple[Image, dict[int, Rect]]]:
    """``(BGR picture, boxes by person)`` frame by frame; a box is there when half of the face is in the picture."""
    import cv2

    random = np.random.default_rng([seed, sum(scene.name.encode())])
    chosen = [people[i] for i in random.permutation(len(people))[: scene.faces]]
    homes = _homes(scene, len(chosen), random)
    moves = [_Moves.of(random, scene.speed, home) for home in homes]
    camera = [Wave(random, 2.5) for _ in range(3)]
    slow = [Wave(random, 0.25) for _ in range(2)]
    ground = cv2.resize(background, (round(scene.width * 1.6), round(scene.height * 1.6)))
    lens = _Lens(scene)
    last = np.eye(3)
    for index in range(scene.frames):
        seconds = index / scene.rate
        view = _camera(scene, camera, slow, seconds)
        canvas = cv2.warpAffine(
            ground,
            (view @ _shift(-0.3 * scene.width, -0.3 * scene.height))[:2],
            (scene.width, scene.height),
            borderMode=1,
        )
        boxes: dict[int, Rect] = {}
        for number, (person, move) in enumerate(zip(chosen, moves, strict=True)):
            place = view @ _place(scene, person, move, seconds)
            canvas = _paste(canvas, person, place)
            box = lens.box(_corners(person.face, place))
            if (inside := _inside(box, scene)) is not None:
                boxes[number] = inside
        canvas = lens.picture(canvas)
        canvas = blurred(canvas, view, last) if index else canvas
        last = view
        yield _darkened(canvas, scene.dark, random), boxes


def _homes(scene: Scene, count: int, random: np.random.Generator) -> list[tuple[float, float]]:
    xs = (np.arange(count) + 0.5) / count
    if scene.edge:
        xs = np.where(np.arange(count) % 2 == 0, 0.02, 0.98)
    return [(float(x), float(y)) for x, y in zip(xs, random.uniform(0.35, 0.65, count), strict=True)]


def _shift(x: float, y: float) -> NDArray[np.float64]:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], float)


def _camera(scene: Scene, fast: list[Wave], slow: list[Wave], seconds: float) -> NDArray[np.float64]:
    dx = scene.shake * fast[0](seconds) + scene.pan * slow[0](seconds)
    dy = scene.shake * fast[1](seconds) + 0.4 * scene.pan * slow[1](seconds)
    angle = np.deg2rad(scene.roll * fast[2](seconds))
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    center = _shift(scene.width / 2, scene.height / 2)
    return _shift(dx, dy) @ center @ turn @ np.linalg.inv(center)


def _place(scene: Scene, person: Person, move: _Moves, seconds: float) -> NDArray[np.float64]:
    """Map from the person's picture to the scene before the camera."""
    x0, y0, x1, y1 = person.face
    low, high = scene.sizes
    height = float(low * (high / low) ** (0.5 + 0.5 * move.size(seconds)))
    scale = height / (y1 - y0)
    squeeze = 1 - scene.turn * (0.5 + 0.5 * move.turn(seconds))
    bow = 1 - scene.bow * (0.5 + 0.5 * move.bow(seconds))
    angle = np.deg2rad((12 + scene.roll * 3) * move.roll(seconds))
    rotation = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    x = scene.width * move.home[0] + 0.16 * scene.width * move.x(seconds)
    y = scene.height * move.home[1] + 0.2 * scene.height * move.y(seconds)
    size = np.diag([scale * squeeze, scale * bow, 1.0])
    return _shift(x, y) @ rotation @ size @ _shift(-(x0 + x1) / 2, -(y0 + y1) / 2)


def _paste(canvas: NDArray[Any], person: Person, place: NDArray[np.float64]) -> Image:
    import cv2

    size = (canvas.shape[1], canvas.shape[0])
    shrink = float(np.sqrt(abs(np.linalg.det(place[:2, :2]))))
    pixels = person.pixels
    if shrink < 0.5:
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), 0.35 / shrink), np.uint8)
    h, w = pixels.shape[:2]
    alpha = np.zeros((h, w), np.float32)
    pad = max(2, round(0.09 * min(h, w)))
    alpha[pad : h - pad, pad : w - pad] = 1
    soft = cv2.GaussianBlur(alpha, (0, 0), pad / 2)
    corners = _corners((0, 0, w, h), place)
    x0, y0 = max(0, int(corners[:, 0].min()) - 2), max(0, int(corners[:, 1].min()) - 2)
    x1, y1 = min(size[0], int(corners[:, 0].max()) + 3), min(size[1], int(corners[:, 1].max()) + 3)
    if x1 <= x0 or y1 <= y0:
        return canvas
    matrix = (_shift(-x0, -y0) @ place)[:2]
    over = cv2.warpAffine(pixels, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
    mask = cv2.warpAffine(soft, matrix, (x1 - x0, y1 - y0))[..., None]
    canvas[y0:y1, x0:x1] = (canvas[y0:y1, x0:x1] * (1 - mask) + over * mask).astype(np.uint8)
    return canvas


def _corners(rect: Rect, place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Eight points on the ellipse inside ``rect``, mapped: heads are round, so a roll does not grow the box."""
    x0, y0, x1, y1 = rect
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    points = np.stack(
        [(x0 + x1) / 2 + (x1 - x0) / 2 * np.cos(angles), (y0 + y1) / 2 + (y1 - y0) / 2 * np.sin(angles), angles * 0 + 1]
    )
    return (place @ points)[:2].T


class _Lens:
    """Barrel distortion ``r' = r (1 + k r²)`` with r in half diagonals."""

    def __init__(self, scene: Scene) -> None:
        self._k, self._w, self._h = scene.bend, scene.width, scene.height
        if self._k:
            ys, xs = np.mgrid[0 : self._h, 0 : self._w].astype(np.float32)
            nx, ny, half = self._normal(xs, ys)
            grow = 1 + self._k * (nx**2 + ny**2)
            self._maps = ((nx * grow * half + self._w / 2), (ny * grow * half + self._h / 2))

    def _normal(self, xs: Any, ys: Any) -> tuple[Any, Any, float]:
        half = float(np.hypot(self._w, self._h) / 2)
        return (xs - self._w / 2) / half, (ys - self._h / 2) / half, half

    def picture(self, canvas: NDArray[Any]) -> Image:
        import cv2

        if not self._k:
            return canvas
        return np.asarray(cv2.remap(canvas, self._maps[0], self._maps[1], cv2.INTER_LINEAR), np.uint8)

    def box(self, points: NDArray[np.float64]) -> Rect:
        if self._k:
            nx, ny, half = self._normal(points[:, 0], points[:, 1])
            goal = np.hypot(nx, ny)
            r = goal.copy()
            for _ in range(12):
                r = goal / (1 + self._k * r**2)
            ratio = r / np.maximum(goal, 1e-9)
            points = np.stack([nx * ratio * half + self._w / 2, ny * ratio * half + self._h / 2], axis=1)
        x0, y0 = points.min(0)
        x1, y1 = points.max(0)
        return float(x0), float(y0), float(x1), float(y1)


def _inside(box: Rect, scene: Scene) -> Rect | None:
    x0, y0, x1, y1 = max(0.0, box[0]), max(0.0, box[1]), min(scene.width, box[2]), min(scene.height, box[3])
    area = (box[2] - box[0]) * (box[3] - box[1])
    if x1 <= x0 or y1 <= y0 or (x1 - x0) * (y1 - y0) < 0.5 * area:
        return None
    return x0, y0, x1, y1


def blurred(canvas: Image, view: NDArray[np.float64], last: NDArray[np.float64]) -> Image:
    """Motion blur of a half-open shutter along the camera's move since the frame before."""
    import cv2

    dx, dy = (view[:2, 2] - last[:2, 2]) / 2
    length = int(np.hypot(dx, dy))
    if length < 2:
        return canvas
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    end = (length + round(dx / 2), length + round(dy / 2))
    cv2.line(kernel, (2 * length - end[0], 2 * length - end[1]), end, 1.0)
    return np.asarray(cv2.filter2D(canvas, -1, kernel / kernel.sum()), np.uint8)


def _darkened(canvas: Image, level: float, random: np.random.Generator) -> Image:
    import cv2

    if level >= 1:
        return canvas
    noise = cv2.resize(random.normal(0, 5, (canvas.shape[0] // 2, canvas.shape[1] // 2, 3)), canvas.shape[1::-1])
    return np.asarray(np.clip(canvas * level + noise + 2, 0, 255), np.uint8)


def write(scene: Scene, people: Sequence[Person], background: Image, seed: int, folder: Path) -> tuple[Path, Path]:
    """Write the composed clip and its boxes (the form of ``*.faces.json``) to ``folder``."""
    import cv2

    from bodyworn.media.clip import write_clip

    boxes: dict[str, list[dict[str, Any]]] = {}

    def pictures() -> Iterator[NDArray[np.uint8]]:
        for index, (picture, found) in enumerate(compose(scene, people, background, seed)):
            boxes[str(index)] = [{"track": k, "box": [round(v, 1) for v in box]} for k, box in found.items()]
            yield np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)

    clip, truth = folder / f"{scene.name}.mp4", folder / f"{scene.name}.faces.json"
    size = (scene.width, scene.height)
    sound = np.zeros(scene.frames * 8000 // scene.rate, np.float32)
    write_clip(clip, pictures(), sound, size=size, rate=Fraction(scene.rate), sample_rate=8000, tags={}, quality=23)
    truth.write_text(json.dumps({"frames": boxes}))
    return clip, truth
