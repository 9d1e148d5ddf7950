"""The stopped sedan, drawn: from behind, its front door from the side, and with that door open."""

from __future__ import annotations

import cv2
import numpy as np

from bodyworn.demo.paint import Picture, Sprite, curve, ellipse, gradient, polygon, roughen, texture

SIZE = (1600, 900)
_BODY_LIGHT = (
    (0.0, (150, 140, 138)),
    (0.33, (176, 166, 160)),
    (0.42, (128, 122, 122)),
    (0.62, (92, 88, 90)),
    (0.84, (58, 56, 58)),
    (1.0, (20, 20, 20)),
)
_DOOR_LIGHT = (
    (0.0, (120, 112, 110)),
    (0.5, (150, 142, 138)),
    (0.62, (168, 160, 154)),
    (0.66, (112, 106, 106)),
    (0.9, (72, 68, 70)),
    (1.0, (58, 56, 58)),
)
# fmt: off
_ROOF = ((250, 60), (320, 28), (680, 28), (750, 60), (850, 250), (150, 250))
_BODY = ((150, 236), (850, 236), (930, 300), (950, 430), (944, 560), (900, 604),
         (100, 604), (56, 560), (50, 430), (70, 300))
_TIRES = tuple(
    tuple((x + shift, y) for x, y in ((110, 560), (230, 560), (230, 690), (216, 704), (124, 704), (110, 690)))
    for shift in (0, 660)
)
_SHELL = ((0, 590), (190, 530), (380, 80), (470, 48), (1190, 36), (1270, 60), (1480, 300),
          (1600, 380), (1600, 900), (0, 900))
_GLASS = ((262, 524), (424, 128), (480, 98), (1140, 88), (1196, 120), (1226, 520))
_MIRROR = ((196, 500), (330, 470), (368, 500), (360, 566), (214, 586), (190, 556))
# fmt: on


def from_behind() -> Sprite:
    """The silver sedan from behind, 1000 x 720, its wheels on the lower edge."""
    width, height = 1000, 720
    color = np.full((height, width, 3), (118, 114, 112), np.uint8)
    mask = np.zeros((height, width), np.uint8)
    for shape in (_ROOF, _BODY, *_TIRES):
        cv2.fillPoly(mask, [np.array(shape, np.int32)], 255, cv2.LINE_AA)
    color[:] = gradient(width, height, _BODY_LIGHT)
    for tire in _TIRES:
        polygon(color, tire, (16, 16, 18))
    _rear(color)
    return Sprite.cut(color, cv2.GaussianBlur(mask, (0, 0), 1.2))


def _rear(color: Picture) -> None:
    """Window, lamps, plate and bumper."""
    polygon(color, [(268, 78), (330, 48), (670, 48), (732, 78), (806, 232), (194, 232)], (44, 36, 32))
    polygon(color, [(330, 48), (480, 48), (380, 232), (250, 232)], (60, 50, 44))
    for x in (400, 600):
        ellipse(color, (x, 186), (40, 34), (26, 22, 22))
        cv2.rectangle(color, (x - 24, 210), (x + 24, 232), (26, 22, 22), -1)
    polygon(color, [(60, 486), (940, 486), (936, 560), (896, 600), (104, 600), (64, 560)], (74, 70, 72))
    curve(color, [(70, 300), (150, 250), (850, 250), (930, 300)], (200, 192, 186), 4)
    curve(color, [(150, 420), (850, 420)], (80, 76, 78), 3)
    for left, right in ((70, 280), (720, 930)):
        polygon(color, [(left, 316), (right, 330), (right, 400), (left - 6, 396)], (26, 20, 120))
        polygon(color, [(left + 8, 328), (right - 10, 340), (right - 10, 362), (left + 4, 358)], (60, 50, 200))
    cv2.rectangle(color, (410, 340), (590, 404), (214, 214, 208), -1)
    cv2.putText(color, "SAMPLE", (424, 384), cv2.FONT_HERSHEY_DUPLEX, 1.1, (120, 70, 40), 3, cv2.LINE_AA)
    for x in (200, 760):
        ellipse(color, (x + 20, 596), (34, 9), (10, 10, 10))


def door_side(rng: np.random.Generator) -> tuple[Picture, Sprite]:
    """The sedan's front door from where the officer stands, 1600 x 900: all behind the driver, and the door."""
    width, height = SIZE
    back = gradient(
        width,
        height,
        ((0, (92, 66, 62)), (0.2, (118, 120, 170)), (0.27, (110, 160, 220)), (0.30, (44, 48, 50)), (1, (26, 34, 34))),
    )
    cabin = [(250, 200), (420, 96), (1180, 84), (1420, 230), (1460, 540), (200, 560)]
    polygon(back, cabin, (28, 25, 26))
    far_glass = [(430, 214), (520, 140), (1080, 132), (1240, 236), (1240, 330), (430, 338)]
    polygon(back, far_glass, (96, 96, 130))
    polygon(back, [(430, 288), (1240, 276), (1240, 330), (430, 338)], (48, 46, 50))
    polygon(back, [(880, 120), (916, 120), (930, 350), (880, 350)], (24, 22, 23))
    back = cv2.GaussianBlur(back, (0, 0), 3)
    seat = [(950, 560), (960, 330), (1000, 262), (1110, 250), (1150, 320), (1180, 560)]
    polygon(back, seat, (40, 37, 38))
    ellipse(back, (1062, 232), (56, 46), (44, 40, 41))
    ellipse(back, (520, 470), (46, 150), (18, 17, 18), 12, width=20)
    polygon(back, [(240, 470), (430, 420), (520, 440), (560, 560), (240, 560)], (22, 21, 22))
    front = _door(rng)
    return back, front


def _door(rng: np.random.Generator) -> Sprite:
    width, height = SIZE
    paint = gradient(width, height, _DOOR_LIGHT)
    paint = roughen(paint, texture(rng, width, height, 2, 1.2))
    opaque = np.zeros((height, width), np.uint8)
    cv2.fillPoly(opaque, [np.array(_SHELL, np.int32)], 255, cv2.LINE_AA)
    cv2.fillPoly(opaque, [np.array(_GLASS, np.int32)], 0, cv2.LINE_AA)
    rear = [(1262, 518), (1240, 122), (1290, 120), (1452, 316), (1500, 510)]
    polygon(paint, rear, (40, 36, 36))
    polygon(paint, [(1262, 518), (1256, 400), (1400, 270), (1452, 316), (1500, 510)], (54, 50, 54))
    curve(paint, [(0, 612), (210, 548), (1240, 540), (1600, 556)], (190, 182, 176), 5)
    curve(paint, [(262, 530), (1228, 526)], (26, 25, 26), 9)
    curve(paint, [*_GLASS, _GLASS[0]], (30, 29, 30), 12)
    curve(paint, [(250, 556), (246, 900)], (60, 57, 58), 4)
    curve(paint, [(1246, 100), (1262, 560), (1250, 900)], (58, 55, 56), 5)
    ellipse(paint, (1130, 622), (76, 17), (52, 50, 52))
    ellipse(paint, (1130, 616), (72, 13), (168, 160, 156))
    curve(paint, [(260, 742), (1240, 736)], (92, 88, 90), 5)
    polygon(paint, _MIRROR, (88, 84, 84))
    polygon(paint, [(210, 510), (322, 484), (350, 508), (346, 552), (222, 570), (206, 548)], (64, 62, 66))
    cv2.fillPoly(opaque, [np.array(_MIRROR)], 255)
    return Sprite.cut(paint, cv2.GaussianBlur(opaque, (0, 0), 1.0))


def open_car(behind: Picture, door: Sprite) -> tuple[Picture, Sprite]:
    """The car without its front door, and the door alone; both 1600 x 900. ``behind`` and ``door`` as of door_side."""
    inside = behind.copy()
    polygon(inside, [(200, 545), (1262, 540), (1250, 900), (230, 900)], (24, 23, 24))
    polygon(inside, [(620, 560), (1180, 548), (1190, 700), (640, 716)], (44, 41, 42))
    polygon(inside, [(640, 706), (1190, 692), (1196, 740), (650, 752)], (32, 30, 31))
    polygon(inside, [(200, 830), (1255, 816), (1252, 860), (206, 878)], (128, 122, 120))
    polygon(inside, [(200, 872), (1255, 856), (1250, 900), (200, 900)], (30, 32, 32))
    leaf = np.zeros(door.rest.shape[:2], np.uint8)
    outline = [(190, 530), (380, 80), (440, 60), (1230, 46), (1258, 560), (1250, 900), (240, 900)]
    cv2.fillPoly(leaf, [np.array(outline)], 255)
    cv2.fillPoly(leaf, [np.array(_MIRROR)], 255)
    kept = cv2.merge([leaf] * 3)
    frame = np.zeros_like(leaf)
    cv2.polylines(frame, [np.array([(190, 530), (384, 84), (470, 50), (1190, 38), (1252, 60)])], False, 255, 34)
    body = cv2.merge([cv2.max(cv2.bitwise_not(leaf), frame)] * 3)
    rest = Sprite(
        cv2.multiply(door.color, body, scale=1 / 255),
        cv2.bitwise_not(cv2.multiply(cv2.bitwise_not(door.rest), body, scale=1 / 255)),
    )
    rest.paste(inside, 0, 0)
    alone = Sprite(
        cv2.multiply(door.color, kept, scale=1 / 255),
        cv2.bitwise_not(cv2.multiply(cv2.bitwise_not(door.rest), kept, scale=1 / 255)),
    )
    return inside, alone
