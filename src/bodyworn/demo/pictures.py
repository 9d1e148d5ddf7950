"""The pictures of the sample encounter, frame by frame: the drive, the walk, the window, the embrace, the dark."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import cv2
import numpy as np

from bodyworn.demo import people, scenery, sedan
from bodyworn.demo.camera import HEIGHT, WIDTH, Stamp, distance, ease, hand_held, look, speed
from bodyworn.demo.paint import Picture, Sprite, add_light, glow, polygon, vignette
from bodyworn.demo.script import CLOSING_MS, STOPPED_MS

RATE = Fraction(24)

#: How long the chest takes to turn from the road to the window.
_TURN_MS = 1_600

#: Share of the way out of the car at which the driver stands.
_STANDS_AT = 0.26


@dataclass(frozen=True)
class ScenePlan:
    """When what is seen, in ms from the start. ``mouth(ms)`` is 0..1, ``crying(ms)`` tells if the driver weeps."""

    out_of_car_ms: int
    at_window_ms: int
    steps_out_ms: int
    cover_ms: int
    duration_ms: int
    started_at: datetime
    mouth: Callable[[int], float]
    crying: Callable[[int], bool]


def frames(plan: ScenePlan) -> Iterator[Picture]:
    """Every frame as I420 planes (uint8, 1080 x 1280), ``RATE`` a second until ``plan.duration_ms``."""
    artist = _Artist(plan)
    rng = np.random.default_rng(806)
    corners = vignette(WIDTH, HEIGHT, 0.9)
    grain = [rng.integers(0, 4, (HEIGHT, WIDTH), dtype=np.uint8) for _ in range(5)]
    for number in range(int(plan.duration_ms * RATE / 1000)):
        planes = cv2.cvtColor(artist.draw(int(number * 1000 / RATE)), cv2.COLOR_BGR2YUV_I420)
        luma = planes[:HEIGHT]
        cv2.multiply(luma, corners, dst=luma, scale=1 / 255)
        cv2.add(luma, grain[number % len(grain)], dst=luma)
        yield planes


class _Artist:
    """Draws one frame after the other over still parts that are drawn once."""

    def __init__(self, plan: ScenePlan) -> None:
        rng = np.random.default_rng(805)
        self._plan = plan
        self._road = scenery.road(rng)
        self._dash = scenery.dash_board(rng)
        self._sedan = sedan.from_behind()
        self._sedan_small = self._sedan.scaled(0.4)
        self._behind, self._door = sedan.door_side(rng)
        self._open_car, self._leaf = sedan.open_car(self._behind, self._door)
        self._torch = glow(1300, 1000, (36, 42, 46), 1.2)
        self._empty_car = self._behind.copy()
        self._door.paste(self._empty_car, 0, 0)
        add_light(self._empty_car, self._torch, (800, 380))
        self._head = people.Head()
        self._seated = people.seated(rng)
        self._standing = people.standing(rng)
        self._cloth = scenery.cloth(rng)
        self._red, self._blue = glow(900, 500, (10, 10, 70), 1.5), glow(900, 500, (80, 24, 8), 1.5)
        self._brake = glow(260, 180, (60, 40, 255), 2.2)
        self._stamp = Stamp(plan.started_at)

    def draw(self, ms: int) -> Picture:
        """The frame at ``ms``: height x width x 3, BGR."""
        picture = self._scene(ms)
        self._stamp.print_on(picture, ms)
        return picture

    def _scene(self, ms: int) -> Picture:
        plan = self._plan
        if ms < plan.out_of_car_ms:
            return self._in_patrol_car(ms)
        if ms < plan.at_window_ms - _TURN_MS:
            return self._walk(ms)
        if ms < plan.at_window_ms:
            return self._turn(ms)
        if ms < plan.steps_out_ms:
            return self._window(ms)
        return self._embrace(ms)

    def _in_patrol_car(self, ms: int) -> Picture:
        """Behind the wheel: the road comes closer until the car stands; the sedan slows down and stops ahead."""
        way = distance(ms)
        shake = 2.2 * speed(ms)
        view = self._look_at_road(ms, way, 1.0, (shake * math.sin(ms / 61), shake * math.sin(ms / 47)), 0.0)
        lean = 14 * ease((ms - self._plan.out_of_car_ms + 900) / 900)
        self._dash.paste(view, shake * math.sin(ms / 83), shake * 0.7 * math.sin(ms / 53) + lean)
        return view

    def _look_at_road(self, ms: int, way: float, zoom: float, sway: tuple[float, float], roll: float) -> Picture:
        """The road with its dashes, the sedan and the flashing lights, seen from the middle of the lane."""
        scene = self._road.copy()
        scenery.dashes(scene, way)
        self._place_sedan(scene, ms, zoom)
        return look(scene, (760 + sway[0], 440 + sway[1]), roll)

    def _place_sedan(self, scene: Picture, ms: int, zoom: float) -> None:
        lane = 0.5 + 0.85 * ease((ms - 12_000) / 7_000)
        ground = scenery.HORIZON + 150 * zoom
        scale = 0.27 * zoom
        sprite = self._sedan if scale > 0.5 else self._sedan_small
        drawn = sprite.scaled(scale * 1000 / sprite.size[0])
        middle = scenery.road_x(lane, ground)
        left, top = middle - drawn.size[0] / 2, ground - drawn.size[1] + 6 * zoom
        under = ((0.04, 0), (0.96, 0), (0.88, 12), (0.1, 12))
        shadow = [(left + drawn.size[0] * x, ground + y * zoom) for x, y in under]
        polygon(scene, shadow, (22, 22, 24))
        drawn.paste(scene, left, top)
        braking = 1.0 if ms > 8_000 else 0.35
        brake = cv2.resize(self._brake, None, fx=min(1.0, zoom), fy=min(1.0, zoom)) if zoom < 1 else self._brake
        for share in (0.17, 0.83):
            add_light(scene, brake, (left + drawn.size[0] * share, top + drawn.size[1] * 0.5), braking * 0.8)
        self._flash(scene, ms, (middle, ground - 40))

    def _flash(self, scene: Picture, ms: int, at: tuple[float, float]) -> None:
        """Red and blue by turns, under one flash a second of each: soft enough for anyone's eyes."""
        if ms < 9_000:
            return
        swing = math.sin(2 * math.pi * ms / 1300)
        add_light(scene, self._red if swing > 0 else self._blue, at, abs(swing) * 0.9)

    def _walk(self, ms: int) -> Picture:
        """Up to the sedan, along its left side, with the bob of a walking chest."""
        start, end = self._plan.out_of_car_ms, self._plan.at_window_ms - _TURN_MS
        part = (ms - start) / (end - start)
        moving = ease(min(1.0, part * 6)) * ease((1 - part) * 8)
        stride = 2 * math.pi * ms / 1060
        sway = (
            -115 * ease(part * 4) + 110 * ease(part) + 9 * moving * math.sin(stride),
            40 * ease(part) + 7 * moving * abs(math.sin(stride)),
        )
        return self._look_at_road(
            ms, distance(STOPPED_MS) + part * 1.4, 1 + 3.1 * part**1.7, sway, 0.8 * moving * math.sin(stride)
        )

    def _turn(self, ms: int) -> Picture:
        """The chest turns to the window: one view slides out, the other in, blurred by the motion."""
        part = ease(1 - (self._plan.at_window_ms - ms) / _TURN_MS)
        old, new = self._walk(self._plan.at_window_ms - _TURN_MS - 1), self._window(ms)
        cut = int(part * WIDTH)
        picture = np.empty_like(old)
        picture[:, : WIDTH - cut] = old[:, cut:]
        picture[:, WIDTH - cut :] = new[:, :cut]
        reach = 1 + 2 * int(30 * math.sin(math.pi * part))
        return cv2.blur(picture, (reach, 1))

    def _cabin(self, ms: int, driver: bool) -> Picture:
        """All of the window picture, 1600 x 900: cabin, driver, door, torch light. Only what moves is drawn anew."""
        scene = self._empty_car.copy()
        if driver:
            left, top, right, bottom = 500, 0, 1180, 580
            part = self._behind[top:bottom, left:right].copy()
            self._driver(part, ms, (left, top))
            door = Sprite(self._door.color[top:bottom, left:right], self._door.rest[top:bottom, left:right])
            door.paste(part, 0, 0)
            add_light(part, self._torch, (800 - left, 380 - top))
            scene[top:bottom, left:right] = part
        swing = math.sin(2 * math.pi * ms / 1300)
        add_light(scene, self._red if swing > 0 else self._blue, (1300, 560), abs(swing) * 0.6)
        return scene

    def _driver(self, part: Picture, ms: int, corner: tuple[int, int]) -> None:
        crying = self._plan.crying(ms)
        down = 26 if crying else 8 + 8 * math.sin(ms / 2300)
        shake = 4 * math.sin(ms / 41) if crying else 0
        self._seated.paste(part, 520 - corner[0], 290 - corner[1] + shake)
        closed = crying or ms % 3700 < 180
        head = self._head.draw(self._plan.mouth(ms), closed)
        head = head.turned(5 * math.sin(ms / 1900) + (9 if crying else 0), (150, 330))
        head.paste(part, 700 - corner[0] + 4 * math.sin(ms / 1300), 12 - corner[1] + down + shake)

    def _window(self, ms: int) -> Picture:
        return hand_held(self._cabin(ms, driver=True), ms, 1.0, (800, 392))

    def _embrace(self, ms: int) -> Picture:
        """The driver gets out, comes with open arms, and the jacket closes over the lens to the end."""
        plan = self._plan
        if ms >= plan.cover_ms + CLOSING_MS:
            return self._dark(ms)
        out = (ms - plan.steps_out_ms) / (plan.cover_ms - plan.steps_out_ms)
        up = out > _STANDS_AT
        scene = self._opening(ms, ease(out / 0.22), driver=not up)
        view = hand_held(scene, ms, 1.0, (800 - 70 * ease(out * 3), 420))
        if up:
            self._come_closer(view, ms, (out - _STANDS_AT) / (1 - _STANDS_AT))
        if ms >= plan.cover_ms:
            self._close(view, ms)
        return view

    def _opening(self, ms: int, share: float, driver: bool) -> Picture:
        """The window picture, its door open by ``share`` (0..1): it turns on its front edge toward the camera."""
        if share <= 0.01:
            return self._cabin(ms, driver)
        scene = self._open_car.copy()
        if driver:
            self._driver(scene, ms, (0, 0))
        left, right = 190, 1258
        wide, drop = (right - left) * (1 - 0.78 * share), 150 * share
        flat = np.array([(left, 0), (right, 0), (right, 900), (left, 900)], np.float32)
        swung = np.array([(left, 0), (left + wide, -drop), (left + wide, 900 + drop), (left, 900)], np.float32)
        matrix = cv2.getPerspectiveTransform(flat, swung)
        size = (scene.shape[1], scene.shape[0])
        Sprite(
            cv2.warpPerspective(self._leaf.color, matrix, size),
            cv2.warpPerspective(self._leaf.rest, matrix, size, borderValue=(255, 255, 255)),
        ).paste(scene, 0, 0)
        add_light(scene, self._torch, (800, 380))
        return scene

    def _come_closer(self, view: Picture, ms: int, near: float) -> None:
        """The driver rises from the seat, then grows until his chest fills the picture."""
        rise, come = ease(near / 0.35), ease((near - 0.25) / 0.75)
        scale = 0.84 + 0.12 * rise + 1.3 * come**2
        step = 9 * math.sin(ms / 190) * (1 - come) * rise
        neck_x = WIDTH / 2 + 70 * (1 - rise) + 16 * (1 - come)
        neck_y = 360 - 30 * rise - 200 * come**2 + step
        self._standing.scaled(scale).paste(view, neck_x - 500 * scale, neck_y - 60 * scale)
        head = self._head.draw(self._plan.mouth(ms), True).scaled(scale * 0.94)
        head.paste(view, neck_x - 150 * scale * 0.94, neck_y - 338 * scale * 0.94)

    def _close(self, view: Picture, ms: int) -> None:
        """Cloth comes in from below and the sides until nothing else is left."""
        part = ease((ms - self._plan.cover_ms) / CLOSING_MS)
        mask = np.zeros((HEIGHT // 4, WIDTH // 4), np.uint8)
        half = (1 - part) * 190
        cv2.ellipse(mask, (WIDTH // 8, int(60 - 40 * part)), (int(half) + 1, int(half * 0.7) + 1), 0, 0, 360, 255, -1)
        open_part = cv2.resize(cv2.GaussianBlur(mask, (0, 0), 9), (WIDTH, HEIGHT))
        Sprite.cut(self._dark(ms), cv2.bitwise_not(open_part)).paste(view, 0, 0)

    def _dark(self, ms: int) -> Picture:
        """Nothing but cloth, moving with two people's breath."""
        x = 60 + 38 * math.sin(ms / 1700) + 8 * math.sin(ms / 410)
        y = 60 + 30 * math.sin(ms / 2100 + 1) + 6 * math.sin(ms / 530)
        return self._cloth[int(y) : int(y) + HEIGHT, int(x) : int(x) + WIDTH].copy()
