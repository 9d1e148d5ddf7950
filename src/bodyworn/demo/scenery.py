"""Still parts of the drawn pictures: the road at dusk, the patrol car's dash, the cloth."""

from __future__ import annotations

import cv2
import numpy as np

from bodyworn.demo.paint import (
    Color,
    Picture,
    Sprite,
    ellipse,
    gradient,
    polygon,
    roughen,
    texture,
)

#: Height of the horizon in the road picture, and where the lanes meet.
HORIZON = 360
VANISHING_X = 860
ROAD_SIZE = (1600, 900)

_SKY: tuple[tuple[float, Color], ...] = (
    (0.0, (74, 48, 34)),
    (0.45, (112, 78, 74)),
    (0.75, (120, 118, 168)),
    (0.93, (110, 165, 232)),
    (1.0, (120, 190, 245)),
)


def road(rng: np.random.Generator) -> Picture:
    """The county road at dusk, 1600 x 900, without center dashes (they move)."""
    width, height = ROAD_SIZE
    picture = gradient(width, height, ((0, (40, 44, 46)), (1, (30, 34, 36))))
    picture[:HORIZON] = gradient(width, HORIZON, _SKY)
    for number in range(9):
        x, y = rng.uniform(0, width), rng.uniform(30, HORIZON - 110)
        cloud = np.zeros((HORIZON, width), np.uint8)
        cv2.ellipse(cloud, (int(x), int(y)), (int(rng.uniform(120, 330)), int(rng.uniform(5, 15))), 0, 0, 360, 255, -1)
        soft = cv2.GaussianBlur(cloud, (0, 0), 11 + number)[..., None] / 255 * 0.35
        picture[:HORIZON] = (picture[:HORIZON] * (1 - soft) + np.array((120, 110, 150)) * soft).astype(np.uint8)
    ridge = HORIZON - 14 - np.abs(texture(rng, width, 4, 90, 10)[0]) - 5 * np.sin(np.arange(width) / 210)
    polygon(
        picture,
        [(0, HORIZON + 4), *zip(range(0, width, 4), ridge[::4], strict=True), (width, HORIZON + 4)],
        (62, 56, 60),
    )
    _trees(picture, rng)
    grass = gradient(width, height - HORIZON, ((0, (56, 66, 70)), (0.25, (38, 50, 52)), (1, (24, 34, 34))))
    picture[HORIZON:] = roughen(grass, texture(rng, width, height - HORIZON, 5, 5))
    _asphalt(picture, rng)
    return picture


def _trees(picture: Picture, rng: np.random.Generator) -> None:
    for _ in range(70):
        x = rng.uniform(0, picture.shape[1])
        if abs(x - VANISHING_X) < 60:
            continue
        tall = rng.uniform(8, 40) * min(1.0, abs(x - VANISHING_X) / 420 + 0.25)
        tone = int(rng.uniform(26, 38))
        for _ in range(5):
            ellipse(
                picture,
                (x + rng.normal(0, tall * 0.4), HORIZON - tall * rng.uniform(0.2, 0.8)),
                (tall * rng.uniform(0.3, 0.6), tall * rng.uniform(0.3, 0.55)),
                (tone, tone + 2, tone - 2),
            )
    cv2.rectangle(picture, (0, HORIZON - 6), (picture.shape[1], HORIZON + 2), (34, 36, 34), -1)


def road_x(lane: float, y: float) -> float:
    """Where a line ``lane`` lane widths right of the center line runs at height ``y``."""
    return VANISHING_X + (lane * 470 - 330) * (y - HORIZON) / (900 - HORIZON)


def _asphalt(picture: Picture, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    edge = [
        (VANISHING_X - 2, HORIZON),
        (VANISHING_X + 2, HORIZON),
        (road_x(2.15, height), height),
        (road_x(-1.12, height), height),
    ]
    cv2.fillPoly(mask, [np.array(edge, np.int32)], 255, cv2.LINE_AA)
    tar = gradient(
        width, height, ((0, (86, 82, 84)), (HORIZON / height, (86, 82, 84)), (0.6, (60, 58, 60)), (1, (46, 46, 48)))
    )
    tar = roughen(tar, texture(rng, width, height, 2, 4) + texture(rng, width, height, 60, 3))
    share = mask[..., None] / 255
    picture[:] = (picture * (1 - share) + tar * share).astype(np.uint8)
    for lane, color in ((-1.02, (170, 175, 175)), (1.0, (185, 190, 190))):
        half = 0.016
        polygon(
            picture,
            [(VANISHING_X, HORIZON + 3), (road_x(lane - half, height), height), (road_x(lane + half, height), height)],
            color,
        )


def dashes(scene: Picture, way: float) -> None:
    """The yellow dashes of the center line, as seen after ``way`` dash lengths."""
    for number in range(1, 26):
        near, far = number - way % 1, number - way % 1 + 0.42
        rows = [HORIZON + 540 * 0.55 / depth for depth in (max(near, 0.3), far)]
        corners = [
            (road_x(side * 0.018, row), row) for row, side in ((rows[0], -1), (rows[0], 1), (rows[1], 1), (rows[1], -1))
        ]
        polygon(scene, corners, (70, 170, 205))


def dash_board(rng: np.random.Generator) -> Sprite:
    """The inside of the patrol car as seen from the driver's chest: pillar, dash, wheel, a lit computer."""
    width, height = 1280, 720
    color = np.full((height, width, 3), (20, 20, 22), np.uint8)
    glass: Picture = np.zeros((height, width), np.uint8)
    opening = [(90, 60), (1180, 30), (1330, 420), (860, 432), (420, 424), (-60, 470), (-60, 300)]
    cv2.fillPoly(glass, [np.array(opening, np.int32)], 255, cv2.LINE_AA)
    glass = cv2.GaussianBlur(glass, (0, 0), 2)
    color[:] = roughen(
        gradient(width, height, ((0, (24, 24, 26)), (0.55, (34, 33, 36)), (0.66, (27, 27, 30)), (1, (10, 10, 12)))),
        texture(rng, width, height, 3, 1.5),
    )
    polygon(
        color,
        [(-60, 480), (420, 434), (860, 442), (1330, 430), (1330, 470), (860, 486), (420, 478), (-60, 540)],
        (48, 46, 50),
    )
    _computer(color, rng)
    opacity: Picture = cv2.bitwise_not(glass)
    for radius, tone, thick in ((300, (34, 34, 37), 40), (300, (58, 56, 60), 5)):
        ellipse(color, (400, 850), (radius + 70, radius), tone, -4, width=thick)
    spokes = np.zeros_like(opacity)
    cv2.ellipse(spokes, (400, 850), (370, 300), -4, 0, 360, 255, 40, cv2.LINE_AA)
    polygon(color, [(290, 720), (320, 640), (480, 640), (510, 720)], (30, 30, 33))
    return Sprite.cut(color, cv2.max(opacity, spokes))


def _computer(color: Picture, rng: np.random.Generator) -> None:
    polygon(color, [(880, 500), (1180, 476), (1216, 690), (900, 720)], (44, 44, 46))
    polygon(color, [(896, 514), (1166, 492), (1196, 672), (914, 702)], (96, 70, 40))
    for row in range(8):
        left, top = 918 + row * 2.4, 530 + row * 20
        long = float(rng.uniform(70, 210))
        polygon(
            color,
            [(left, top), (left + long, top - long * 0.08), (left + long, top - long * 0.08 + 7), (left, top + 7)],
            (190, 160, 120) if row % 3 else (120, 190, 210),
        )


def cloth(rng: np.random.Generator) -> Picture:
    """A dark jacket pressed against the lens, 1400 x 840: soft folds, a hint of weave, out of focus."""
    width, height = 1400, 840
    folds = texture(rng, width, height, 260, 5) + texture(rng, width, height, 90, 2.2)
    weave = texture(rng, width, height, 3, 0.9)
    base = gradient(width, height, ((0, (26, 22, 21)), (0.5, (19, 17, 17)), (1, (12, 11, 11))))
    return roughen(base, folds + weave)
