"""Brushes for the drawn pictures: gradients, soft shapes, sprites with transparency, light, lens. OpenCV, own code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

#: Pixels, uint8, height x width x 3, blue-green-red.
Picture = NDArray[Any]
Color = tuple[int, int, int]
Point = tuple[float, float]


def gradient(width: int, height: int, stops: Sequence[tuple[float, Color]]) -> Picture:
    """A vertical run of colors; ``stops`` are (0..1 from the top, color)."""
    rows = np.linspace(0, 1, height)
    at = [stop for stop, _ in stops]
    columns = [np.interp(rows, at, [color[channel] for _, color in stops]) for channel in range(3)]
    column = np.stack(columns, 1)[:, None, :]
    return np.repeat(column, width, 1).astype(np.uint8)


def polygon(picture: Picture, points: Sequence[Point], color: Color) -> None:
    """A filled polygon with smooth edges, in place."""
    scaled = np.round(np.array(points, np.float64) * 16).astype(np.int32)
    cv2.fillPoly(picture, [scaled], color, cv2.LINE_AA, 4)


def ellipse(
    picture: Picture,
    center: Point,
    axes: Point,
    color: Color,
    angle: float = 0,
    *,
    width: int = -1,
    start: float = 0,
    end: float = 360,
) -> None:
    """An ellipse, filled unless ``width`` is given, or an arc of it; in place."""
    place = (round(center[0] * 16), round(center[1] * 16))
    reach = (max(1, round(axes[0] * 16)), max(1, round(axes[1] * 16)))
    cv2.ellipse(picture, place, reach, angle, start, end, color, width, cv2.LINE_AA, 4)


def curve(picture: Picture, points: Sequence[Point], color: Color, width: int = 2) -> None:
    """An open line through ``points``, in place."""
    scaled = np.round(np.array(points, np.float64) * 16).astype(np.int32)
    cv2.polylines(picture, [scaled], False, color, width, cv2.LINE_AA, 4)


def glow(width: int, height: int, color: Color, power: float = 2.0) -> Picture:
    """Light that falls off from the middle of a picture to black at its edges; to be added."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    fall = np.clip(1 - np.sqrt(x**2 + y**2), 0, 1) ** power
    light: Picture = (fall[..., None] * np.array(color)).astype(np.uint8)
    return light


def add_light(picture: Picture, light: Picture, center: Point, strength: float = 1.0) -> None:
    """Add ``light`` centered at ``center``, clipped at the picture's edges; in place."""
    window = _overlap(picture, light, round(center[0] - light.shape[1] / 2), round(center[1] - light.shape[0] / 2))
    if window is not None:
        into, part = window
        shine = part if strength >= 0.999 else cv2.convertScaleAbs(part, alpha=max(strength, 0.0))
        cv2.add(into, shine, dst=into)


@dataclass(frozen=True)
class Sprite:
    """A cut-out: ``color`` already multiplied by its opacity, ``rest`` (255 - opacity) in three channels."""

    color: Picture
    rest: Picture

    @classmethod
    def cut(cls, color: Picture, opacity: Picture) -> Sprite:
        """A cut-out of ``color`` by ``opacity`` (height x width, 0..255)."""
        solid = cv2.merge([opacity] * 3)
        return cls(cv2.multiply(color, solid, scale=1 / 255), cv2.bitwise_not(solid))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.color.shape[1], self.color.shape[0]

    def scaled(self, factor: float) -> Sprite:
        """The cut-out ``factor`` times as large."""
        size = (max(2, round(self.size[0] * factor)), max(2, round(self.size[1] * factor)))
        how = cv2.INTER_AREA if factor < 0.7 else cv2.INTER_LINEAR
        return Sprite(cv2.resize(self.color, size, interpolation=how), cv2.resize(self.rest, size, interpolation=how))

    def turned(self, degrees: float, pivot: Point) -> Sprite:
        """The cut-out turned around ``pivot`` (its own pixels), counter-clockwise."""
        matrix = cv2.getRotationMatrix2D(pivot, degrees, 1.0)
        return Sprite(
            cv2.warpAffine(self.color, matrix, self.size),
            cv2.warpAffine(self.rest, matrix, self.size, borderValue=(255, 255, 255)),
        )

    def paste(self, picture: Picture, left: float, top: float) -> None:
        """Lay the cut-out onto ``picture`` with its upper left corner at (left, top), clipped; in place."""
        window = _overlap(picture, self.color, round(left), round(top))
        if window is None:
            return
        into, part = window
        rest = _overlap(picture, self.rest, round(left), round(top))
        assert rest is not None
        cv2.multiply(into, rest[1], dst=into, scale=1 / 255)
        cv2.add(into, part, dst=into)


def _overlap(picture: Picture, part: Picture, left: int, top: int) -> tuple[Picture, Picture] | None:
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(picture.shape[1], left + part.shape[1]), min(picture.shape[0], top + part.shape[0])
    if x0 >= x1 or y0 >= y1:
        return None
    return picture[y0:y1, x0:x1], part[y0 - top : y1 - top, x0 - left : x1 - left]


def vignette(width: int, height: int, depth: float) -> Picture:
    """Factors (255 = unchanged, height x width) that darken the corners as a small wide-angle lens does."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    fall = 1 - depth * np.clip(np.sqrt(0.75 * x**2 + 0.6 * y**2) - 0.45, 0, 1) ** 1.6
    factors: Picture = (np.clip(fall, 0, 1) * 255).astype(np.uint8)
    return factors


def texture(rng: np.random.Generator, width: int, height: int, grain: float, depth: float) -> NDArray[np.float32]:
    """Smooth noise around 0 of standard deviation ``depth``; ``grain`` is the size of its blotches in pixels."""
    small = rng.standard_normal((max(2, int(height / grain) + 2), max(2, int(width / grain) + 2))).astype(np.float32)
    large: Any = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    noise: NDArray[np.float32] = (large * (depth / (large.std() + 1e-6))).astype(np.float32)
    return noise


def roughen(picture: Picture, noise: NDArray[np.float32]) -> Picture:
    """``picture`` with ``noise`` (height x width) on all its channels."""
    rough: Picture = np.clip(picture.astype(np.float32) + noise[..., None], 0, 255).astype(np.uint8)
    return rough
