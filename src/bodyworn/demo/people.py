"""The driver, drawn: at the wheel, and standing before the camera with open arms."""

from __future__ import annotations

import cv2
import numpy as np

from bodyworn.demo.paint import Color, Picture, Point, Sprite, curve, ellipse, gradient, polygon, roughen, texture

SKIN: Color = (120, 150, 198)
SHADE: Color = (86, 110, 156)
HAIR: Color = (26, 30, 38)
JACKET: Color = (46, 40, 36)

#: An open arm: how far from the middle of the body, and how far down.
_ARM = ((170, 116), (232, 190), (330, 330), (452, 372), (476, 440), (420, 470), (290, 446), (206, 360), (176, 290))


def _blank(width: int, height: int) -> tuple[Picture, Picture]:
    return np.zeros((height, width, 3), np.uint8), np.zeros((height, width, 3), np.uint8)


class Head:
    """A head of 300 x 400 pixels; ``draw`` gives it with the mouth open by 0..1 and the eyes closed or open."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, bool], Sprite] = {}

    def draw(self, mouth: float, closed: bool) -> Sprite:
        """The head as a cut-out; one drawing per mouth step and eye state is kept."""
        key = (round(mouth * 4), closed)
        if key not in self._made:
            self._made[key] = _head(key[0] / 4, closed)
        return self._made[key]


def _head(mouth: float, closed: bool) -> Sprite:
    color, mask = _blank(300, 400)
    for target, paint in ((color, None), (mask, (255, 255, 255))):
        polygon(target, [(104, 280), (196, 280), (212, 400), (88, 400)], paint or SHADE)
        for x in (58, 242):
            ellipse(target, (x, 206), (17, 30), paint or SHADE)
        ellipse(target, (150, 190), (94, 124), paint or SKIN)
        polygon(target, [(64, 218), (236, 218), (206, 300), (166, 326), (134, 326), (94, 300)], paint or SKIN)
        ellipse(target, (150, 118), (100, 78), paint or HAIR, start=180, end=360)
        polygon(
            target,
            [(50, 118), (250, 118), (240, 176), (226, 128), (170, 104), (96, 118), (74, 130), (60, 176)],
            paint or HAIR,
        )
    beard = color.copy()
    polygon(
        beard,
        [(68, 230), (100, 262), (150, 250), (200, 262), (232, 230), (206, 302), (166, 328), (134, 328), (94, 302)],
        (58, 72, 98),
    )
    cv2.addWeighted(cv2.GaussianBlur(beard, (0, 0), 5), 0.75, color, 0.25, 0, dst=color)
    for side in (-1, 1):
        _eye(color, (150 + side * 40, 190), side, closed)
    curve(color, [(152, 190), (158, 232), (146, 242), (136, 238)], (84, 108, 150), 4)
    ellipse(color, (150, 276), (26, 4 + 13 * mouth), (84, 100, 152))
    if mouth > 0.2:
        ellipse(color, (150, 277), (20, 9 * mouth + 1), (30, 28, 52))
    curve(color, [(122, 277), (150, 272 - 5 * mouth), (178, 277)], (60, 74, 118), 3)
    shadow = gradient(
        300, 400, ((0, (150, 150, 160)), (0.5, (230, 230, 232)), (0.85, (205, 200, 200)), (1, (120, 118, 118)))
    )
    side_light = np.linspace(1.08, 0.72, 300)[None, :, None]
    lit = np.clip(color * (shadow / 255.0) * side_light, 0, 255).astype(np.uint8)
    return Sprite.cut(cv2.GaussianBlur(lit, (0, 0), 0.8), cv2.GaussianBlur(mask[..., 0], (0, 0), 1.2))


def _eye(color: Picture, at: Point, side: int, closed: bool) -> None:
    x, y = at
    ellipse(color, (x, y + 2), (24, 15), (104, 130, 178))
    if closed:
        ellipse(color, (x, y - 2), (18, 9), (52, 66, 104), start=15, end=165, width=4)
    else:
        ellipse(color, (x, y), (18, 9), (206, 212, 226))
        ellipse(color, (x + 1, y), (8, 8.5), (40, 52, 70))
        ellipse(color, (x - 2, y - 3), (2.5, 2.5), (230, 230, 235))
        ellipse(color, (x, y), (19, 10), (52, 66, 104), start=190, end=350, width=3)
    curve(color, [(x - 24, y - 22 - side * 5), (x, y - 28), (x + 24, y - 22 + side * 5)], (34, 38, 48), 7)
    curve(color, [(x + side * 4, y + 12), (x + side * 8, y + 34), (x + side * 6, y + 62)], (158, 172, 200), 2)


def seated(rng: np.random.Generator) -> Sprite:
    """Shoulders and arm of the driver behind the wheel, 620 x 420 pixels, neck at (330, 30)."""
    color, mask = _blank(620, 420)
    torso = [(330 - 60, 30), (330 + 66, 30), (470, 76), (520, 160), (540, 420), (150, 420), (170, 170), (214, 84)]
    arm = [(210, 100), (150, 180), (60, 262), (20, 282), (40, 330), (110, 318), (230, 250)]
    for target, paint in ((color, JACKET), (mask, (255, 255, 255))):
        polygon(target, torso, paint)
        polygon(target, arm, paint)
    polygon(color, [(296, 30), (368, 30), (332, 96)], SHADE)
    for points in (
        [(294, 30), (332, 100), (336, 420)],
        [(370, 30), (334, 100)],
        [(210, 100), (250, 200), (236, 300)],
        [(470, 90), (440, 200), (460, 330)],
    ):
        curve(color, points, (66, 58, 52), 4)
    for target, paint in ((color, SKIN), (mask, (255, 255, 255))):
        ellipse(target, (24, 300), (30, 26), paint, 20)
    lit = np.clip(color * np.linspace(1.2, 0.7, 620)[None, :, None], 0, 255).astype(np.uint8)
    lit = roughen(lit, texture(rng, 620, 420, 3, 1.5))
    return Sprite.cut(lit, cv2.GaussianBlur(mask[..., 0], (0, 0), 1.4))


def standing(rng: np.random.Generator) -> Sprite:
    """The driver's body from the hips up with open arms, 1000 x 900 pixels, neck at (500, 60); no head."""
    color, mask = _blank(1000, 900)
    torso = [
        (440, 60),
        (560, 60),
        (690, 116),
        (726, 240),
        (700, 560),
        (706, 900),
        (294, 900),
        (300, 560),
        (274, 240),
        (310, 116),
    ]
    arms = [[(500 + side * x, y) for x, y in _ARM] for side in (-1, 1)]
    for target, paint in ((color, JACKET), (mask, (255, 255, 255))):
        polygon(target, torso, paint)
        for arm in arms:
            polygon(target, arm, paint)
    for side in (-1, 1):
        for target, paint in ((color, SKIN), (mask, (255, 255, 255))):
            ellipse(target, (500 + side * 462, 424), (44, 34), paint, side * 30)
        curve(color, [(500 + side * 190, 170), (500 + side * 230, 300), (500 + side * 300, 400)], (70, 62, 56), 5)
        curve(color, [(500 + side * 140, 300), (500 + side * 120, 520), (500 + side * 150, 760)], (34, 30, 28), 9)
    polygon(color, [(448, 60), (552, 60), (500, 160)], SHADE)
    curve(color, [(444, 62), (498, 170), (502, 900)], (72, 64, 58), 6)
    curve(color, [(556, 62), (502, 170)], (72, 64, 58), 6)
    lit = np.clip(color * np.linspace(1.2, 0.75, 1000)[None, :, None], 0, 255).astype(np.uint8)
    lit = roughen(lit, texture(rng, 1000, 900, 3, 1.5) + texture(rng, 1000, 900, 80, 2))
    return Sprite.cut(lit, cv2.GaussianBlur(mask[..., 0], (0, 0), 1.6))
