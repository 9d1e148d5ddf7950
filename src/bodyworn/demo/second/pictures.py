"""The pictures of the second camera: the stop from behind, at dusk; two people embrace beside a car. 960 x 540."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np

from bodyworn.demo import scenery, sedan
from bodyworn.demo.camera import Stamp, ease, look
from bodyworn.demo.paint import Color, Picture, Sprite, add_light, ellipse, glow, polygon, vignette
from bodyworn.demo.people import HAIR, JACKET, SKIN
from bodyworn.demo.pictures import RATE
from bodyworn.demo.second.script import LENGTH_MS, OUT_OF_CAR_MS, SECOND_UNIT

SIZE = (960, 540)
_WALK_MS = 5_500
_UNIFORM: Color = (70, 84, 92)
#: Where the cars stand on the road picture: lane, ground, scale.
_SEDAN, _PATROL = (1.25, 478, 0.17), (1.62, 560, 0.27)


@dataclass(frozen=True)
class SecondPlan:
    """When what is seen, in milliseconds of the second recording, and its camera's own clock at its start."""

    steps_out_ms: int
    embrace_ms: int
    started_at: datetime


def frames(plan: SecondPlan) -> Iterator[Picture]:
    """Every frame as I420 planes (uint8, 810 x 960), as many a second as the first camera takes."""
    artist = _Artist(plan)
    corners = vignette(*SIZE, 0.9)
    rng = np.random.default_rng(220)
    grain = [rng.integers(0, 4, (SIZE[1], SIZE[0]), dtype=np.uint8) for _ in range(5)]
    for number in range(int(LENGTH_MS * RATE / 1000)):
        planes = cv2.cvtColor(artist.draw(int(number * 1000 / RATE)), cv2.COLOR_BGR2YUV_I420)
        luma = planes[: SIZE[1]]
        cv2.multiply(luma, corners, dst=luma, scale=1 / 255)
        cv2.add(luma, grain[number % len(grain)], dst=luma)
        yield planes


class _Artist:
    """Draws one frame after the other over a road with two cars that is drawn once."""

    def __init__(self, plan: SecondPlan) -> None:
        rng = np.random.default_rng(221)
        self._plan = plan
        self._road = scenery.road(rng)
        self._dash = scenery.dash_board(rng)
        self._light = _put_cars(self._road)
        self._deputy, self._driver = _from_behind(), _facing()
        self._red, self._blue = glow(360, 240, (10, 10, 90), 1.5), glow(360, 240, (110, 34, 10), 1.5)
        self._stamp = Stamp(plan.started_at, SECOND_UNIT)

    def draw(self, ms: int) -> Picture:
        """The frame at ``ms``: 540 x 960 x 3, BGR."""
        scene = self._road.copy()
        self._people(scene, ms)
        swing = math.sin(2 * math.pi * ms / 1300)
        add_light(scene, self._red if swing > 0 else self._blue, self._light, abs(swing) * 0.9)
        walked = ease((ms - OUT_OF_CAR_MS) / _WALK_MS)
        moving = walked * (1 - walked) * 4
        sway = (10 * math.sin(ms / 1490) + 7 * moving * math.sin(ms / 165), 6 * math.sin(ms / 1810) + 40 * walked)
        aim = (900 + 90 * walked + sway[0], 470 + sway[1])
        view = look(scene, aim, 0.0, 1.05 + 0.55 * walked)
        if ms < OUT_OF_CAR_MS:
            lean = 14 * ease((ms - OUT_OF_CAR_MS + 900) / 900)
            self._dash.paste(view, 2 * math.sin(ms / 83), lean)
        self._stamp.print_on(view, ms)
        return cv2.resize(view, SIZE, interpolation=cv2.INTER_AREA)

    def _people(self, scene: Picture, ms: int) -> None:
        """The deputy waits at the door; the driver gets out and comes to him; they stand, and breathe."""
        middle = scenery.road_x(*_SEDAN[:2]) - 118
        near = ease((ms - self._plan.steps_out_ms) / max(1, self._plan.embrace_ms - self._plan.steps_out_ms))
        if near > 0.15:
            self._driver.paste(scene, middle + 40 - 22 * near, 366 + math.sin(ms / 800))
        self._deputy.paste(scene, middle - 30 + 14 * near, 370 + math.sin(ms / 900 + 1))


def _put_cars(road: Picture) -> tuple[float, float]:
    """Draw the sedan and, nearer, the first patrol car; where its light bar is."""
    light = (0.0, 0.0)
    scenery.dashes(road, 0.0)
    car = sedan.from_behind()
    dark = Sprite(cv2.convertScaleAbs(car.color, alpha=0.55), car.rest)
    for sprite, (lane, ground, scale) in ((car, _SEDAN), (dark, _PATROL)):
        drawn = sprite.scaled(scale)
        left = scenery.road_x(lane, ground) - drawn.size[0] / 2
        top = ground - drawn.size[1] + 4
        shares = ((0.05, 0), (0.95, 0), (0.88, 7), (0.12, 7))
        polygon(road, [(left + drawn.size[0] * x, ground + y) for x, y in shares], (22, 22, 24))
        drawn.paste(road, left, top)
        light = (left + drawn.size[0] / 2, top + 4)
    bar = [(light[0] - 40, light[1] - 4), (light[0] + 40, light[1] - 4), (light[0] + 40, light[1] + 6)]
    polygon(road, [*bar, (light[0] - 40, light[1] + 6)], (60, 56, 58))
    return light


def _from_behind() -> Sprite:
    """A deputy seen from behind, 60 x 130 pixels."""
    color, mask = np.zeros((130, 60, 3), np.uint8), np.zeros((130, 60, 3), np.uint8)
    white = (255, 255, 255)
    for target, cloth, hair in ((color, _UNIFORM, HAIR), (mask, white, white)):
        polygon(target, [(18, 64), (42, 64), (41, 128), (32, 128), (30, 80), (28, 128), (19, 128)], cloth)
        polygon(target, [(12, 26), (48, 26), (52, 70), (44, 72), (43, 66), (17, 66), (16, 72), (8, 70)], cloth)
        ellipse(target, (30, 14), (10, 12), hair)
    polygon(color, [(16, 62), (44, 62), (44, 68), (16, 68)], (24, 26, 28))
    return _soft(color, mask)


def _facing() -> Sprite:
    """The driver, who looks toward the camera over a shoulder, 60 x 130 pixels."""
    color, mask = np.zeros((130, 60, 3), np.uint8), np.zeros((130, 60, 3), np.uint8)
    white = (255, 255, 255)
    for target, cloth, skin, hair in ((color, JACKET, SKIN, HAIR), (mask, white, white, white)):
        polygon(target, [(18, 64), (42, 64), (41, 128), (32, 128), (30, 80), (28, 128), (19, 128)], cloth)
        polygon(target, [(10, 28), (50, 28), (54, 68), (44, 70), (43, 66), (17, 66), (16, 70), (6, 68)], cloth)
        ellipse(target, (30, 15), (9, 12), skin)
        ellipse(target, (30, 9), (10, 7), hair)
    return _soft(color, mask)


def _soft(color: Picture, mask: Picture) -> Sprite:
    return Sprite.cut(cv2.GaussianBlur(color, (0, 0), 0.6), cv2.GaussianBlur(mask[..., 0], (0, 0), 0.8))
