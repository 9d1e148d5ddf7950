"""Pictures with plates, papers and screens in known places: drawn ones, laid in perspective over real backgrounds.

Everything follows from a random generator. Plates have the proportions of those of the states of the US (12 by 6
inches; motorcycles 7 by 4), their kinds of colors, a state's name above, a slogan below, stickers, bolts and frames;
the names and numbers are made up letter by letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
#: x0, y0, x1, y1 in pixels.
Rect = tuple[float, float, float, float]
Random = np.random.Generator

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_WORDS = ("north", "river", "lake", "mountain", "sun", "great", "first", "land of", "free", "coast", "valley", "golden")
_PAPER_WORDS = (
    *("name", "address", "date", "birth", "report", "number", "incident", "officer", "street", "license", "class"),
    *("expires", "telephone", "patient", "dose", "invoice", "total", "account", "balance", "meeting", "record", "page"),
    *("section", "notice", "signed", "witness", "vehicle", "owner", "city", "state", "apartment", "employer", "claim"),
)


@dataclass(frozen=True)
class Thing:
    """What was drawn: ``kind`` (plate, paper, screen, line), its box, and ``height`` in pixels of plate or letters."""

    kind: str
    box: Rect
    height: float


def draw_plate(random: Random) -> Image:
    """A plate, BGR, 160 pixels high."""
    high, wide = 160, int(random.choice([320, 320, 320, 280]))
    light = random.random() < 0.82
    top = random.uniform(185, 255, 3) if light else random.uniform(10, 90, 3)
    bottom = np.clip(top + random.normal(0, 25, 3), 0, 255)
    slope = np.linspace(0, 1, high)[:, None, None]
    plate: Any = np.ascontiguousarray(np.broadcast_to(top * (1 - slope) + bottom * slope, (high, wide, 3)), np.uint8)
    if random.random() < 0.35:
        _scenery(plate, random)
    ink = random.uniform(0, 110, 3) * (random.random(3) < 0.7) if light else random.uniform(180, 255, 3)
    ink = ink + (top - ink) * random.uniform(0, 0.55)
    if random.random() < 0.9:
        _centered(plate, _words(random, 1).upper(), 30, 22, ink if random.random() < 0.5 else random.uniform(0, 150, 3))
    number = _number(random)
    _centered(plate, number, 118, int(random.integers(60, 90)), ink, wide - 24)
    if random.random() < 0.7:
        _centered(plate, _words(random, 3), 150, 15, ink)
    for x in (0.14, 0.86):
        for y in (0.09, 0.93):
            if random.random() < 0.6:
                cv2.circle(plate, (round(x * wide), round(y * high)), 5, random.uniform(30, 220, 3).tolist(), -1)
    if random.random() < 0.4:
        x = int(random.choice([8, wide - 48]))
        cv2.rectangle(plate, (x, 8), (x + 38, 34), random.uniform(0, 255, 3).tolist(), -1)
    if random.random() < 0.35:
        cv2.rectangle(
            plate, (0, 0), (wide - 1, high - 1), random.uniform(0, 120, 3).tolist(), int(random.integers(6, 20))
        )
    return np.asarray(plate, np.uint8)


def _scenery(plate: Any, random: Random) -> None:
    high, wide = plate.shape[:2]
    points = np.array([[x, random.uniform(0.35, 0.95) * high] for x in np.linspace(0, wide, 6)])
    hull = np.concatenate([points, [[wide, high], [0, high]]]).astype(np.int32)
    tint = plate.copy()
    cv2.fillPoly(tint, [hull], random.uniform(90, 230, 3).tolist())
    cv2.addWeighted(tint, 0.45, plate, 0.55, 0, plate)


def _number(random: Random) -> str:
    marks = [str(random.integers(10)) if random.random() < 0.55 else random.choice(list(_LETTERS)) for _ in range(7)]
    count = int(random.choice([5, 6, 6, 7, 7, 7]))
    gap = int(random.integers(2, count - 1))
    return "".join(marks[:gap]) + random.choice([" ", "-", "", "."]) + "".join(marks[gap:count])


def _words(random: Random, count: int) -> str:
    return " ".join(random.choice(_WORDS, count))


def _centered(picture: Any, text: str, baseline: int, size: int, ink: NDArray[Any], width: int | None = None) -> None:
    """Draw ``text`` in the middle, with letters ``size`` high; squeezed to ``width`` if that is given."""
    face, wide = cv2.FontFace("sans"), picture.shape[1]
    room: Any = np.zeros((size * 2, size * max(4, len(text)) * 2), np.uint8)
    room = cv2.putText(room, text, (size, round(size * 1.4)), (255,), face, round(size * 1.35), 650)[1]
    columns = np.nonzero(room.max(axis=0))[0]
    if columns.size == 0:
        return
    room = room[:, columns[0] : columns[-1] + 1]
    if width is None:
        width = min(room.shape[1], wide - 12)
    room = cv2.resize(room, (width, room.shape[0]), interpolation=cv2.INTER_AREA)
    x, y = (wide - width) // 2, max(0, baseline - round(size * 1.4))
    room = room[: picture.shape[0] - y]
    part = picture[y : y + room.shape[0], x : x + width]
    alpha = room[..., None] / 255.0
    part[:] = (part * (1 - alpha) + np.asarray(ink, float) * alpha).astype(np.uint8)


def draw_page(random: Random, screen: bool, letter: int = 24) -> tuple[Image, list[Rect]]:
    """A paper or a screen, BGR, with lines whose letters are ``letter`` high, and the lines' boxes in it."""
    lines, gap = int(random.integers(3, 9)), round(letter * random.uniform(1.9, 2.6))
    high, wide = gap * (lines + 1), letter * int(random.integers(16, 30))
    dark = screen and random.random() < 0.5
    ground = random.uniform(5, 60, 3) if dark else random.uniform(205, 255) + random.uniform(-12, 0, 3)
    ink = random.uniform(170, 255, 3) if dark else random.uniform(0, 90, 3)
    page: Any = np.ascontiguousarray(np.broadcast_to(ground, (high, wide, 3)), np.uint8)
    face, weight, boxes = cv2.FontFace("sans"), int(random.choice([350, 400, 500, 700])), []
    for row in range(lines):
        text = " ".join(random.choice(_PAPER_WORDS, int(random.integers(1, 6))))
        text = text.title() + (f" {random.integers(10, 99999)}" if random.random() < 0.5 else "")
        mask: Any = np.zeros((high, wide), np.uint8)
        spot = (letter, round(gap * (row + 1)))
        mask = cv2.putText(mask, text, spot, (255,), face, round(letter * 1.37), weight)[1]
        x, y, w, h = cv2.boundingRect(mask)
        page[:] = (page * (1 - mask[..., None] / 255.0) + ink * (mask[..., None] / 255.0)).astype(np.uint8)
        boxes.append((float(x), float(y), float(x + w), float(y + h)))
    if screen:
        edge = max(6, letter // 2)
        cv2.rectangle(page, (0, 0), (wide - 1, high - 1), (18, 18, 18), edge)
    return np.asarray(page, np.uint8), boxes


def place_of(size: tuple[int, int], height: float, at: tuple[float, float], random: Random) -> NDArray[np.float64]:
    """A perspective that shows a picture of ``size`` (w, h) ``height`` pixels high about ``at``, turned at random."""
    w, h = size
    scale = height / h
    squeeze, roll = random.uniform(0.5, 1.0), np.deg2rad(random.normal(0, 10))
    half_w, half_h = w * scale * squeeze / 2, height / 2
    near = random.uniform(-0.12, 0.12)
    corners = np.array([[-half_w, -half_h * (1 + near)], [half_w, -half_h * (1 - near)]])
    corners = np.concatenate([corners, -corners * [1, 1]])[[0, 1, 2, 3]]
    corners[2], corners[3] = [half_w, half_h * (1 - near)], [-half_w, half_h * (1 + near)]
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    goal = (corners @ turn.T + np.asarray(at)).astype(np.float32)
    source = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(source, goal), np.float64)


def mapped(box: Rect, place: NDArray[np.float64]) -> Rect:
    """The upright box around ``box`` after the perspective."""
    x0, y0, x1, y1 = box
    points = np.array([[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]], np.float64)
    seen = cv2.perspectiveTransform(points, place)[0]
    (left, top), (right, bottom) = seen.min(axis=0), seen.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def lay(canvas: Image, picture: Image, place: NDArray[np.float64], light: float, soft: float) -> None:
    """Lay ``picture`` into ``canvas``, ``light`` times as bright, blurred by ``soft`` pixels of the canvas."""
    high, wide = picture.shape[:2]
    x0, y0, x1, y1 = mapped((0, 0, wide, high), place)
    pad = 4 + round(3 * soft)
    left, top = max(0, int(x0) - pad), max(0, int(y0) - pad)
    right, bottom = min(canvas.shape[1], int(x1) + pad), min(canvas.shape[0], int(y1) + pad)
    if right <= left or bottom <= top:
        return
    shrink = max(1.0, high / max(1.0, y1 - y0))
    some = cv2.GaussianBlur(picture, (0, 0), 0.42 * shrink) if shrink > 1.3 else picture
    move = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]], float) @ place
    size = (right - left, bottom - top)
    over = cv2.warpPerspective(some, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.warpPerspective(np.full((high, wide), 1, np.float32), move, size)[..., None]
    part = canvas[top:bottom, left:right]
    mixed = part * (1 - alpha) + over.astype(np.float32) * light * alpha
    if soft > 0.2:
        mixed = cv2.GaussianBlur(mixed, (0, 0), soft)
        keep = cv2.GaussianBlur(alpha, (0, 0), max(0.5, soft)).reshape(alpha.shape).clip(0, 1)
        keep = np.maximum(keep, alpha)
        mixed = part * (1 - keep) + mixed * keep
    part[:] = np.clip(mixed, 0, 255).astype(np.uint8)


def washed(picture: Image, random: Random) -> Image:
    """``picture`` as glare, shade or distance leave it: letters paler, now and then nearly gone."""
    if random.random() < 0.4:
        return picture
    middle = np.median(picture, axis=(0, 1))
    return np.clip(middle + (picture - middle) * random.uniform(0.2, 0.9), 0, 255).astype(np.uint8)


def body(canvas: Image, at: tuple[float, float], height: float, random: Random) -> None:
    """A patch like a bumper or a tailgate behind a plate ``height`` high."""
    w, h = round(height * random.uniform(2.5, 6)), round(height * random.uniform(1.4, 4))
    x0, y0 = max(0, round(at[0] - w / 2)), max(0, round(at[1] - h * random.uniform(0.3, 0.7)))
    part = canvas[y0 : y0 + h, x0 : x0 + w]
    if part.size:
        shade = random.choice([random.uniform(5, 60), random.uniform(60, 240)]) + random.normal(0, 8, 3)
        slope = np.linspace(random.uniform(0.7, 1.2), random.uniform(0.6, 1.1), part.shape[0])[:, None, None]
        part[:] = np.clip(shade * slope * random.uniform(0.9, 1) + 0.12 * part, 0, 255).astype(np.uint8)


def night(canvas: Image, dark: float, random: Random) -> Image:
    """The picture at ``dark`` times its light, with a sensor's noise."""
    seen = canvas.astype(np.float32) * dark
    seen += random.normal(0, 1, canvas.shape[:2]).astype(np.float32)[..., None] * (1.5 + 3 * (dark < 0.5))
    return np.clip(seen, 0, 255).astype(np.uint8)


def squeezed(canvas: Image, quality: int) -> Image:
    """The picture after a lossy encoder."""
    coded = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def street(background: Image, heights: Sequence[float], random: Random, dark: float) -> tuple[Image, list[Thing]]:
    """``background`` with a plate of each height, apart from each other; ``dark`` below 1 is night."""
    canvas = background.copy()
    things: list[Thing] = []
    for height in heights:
        at = _free(canvas.shape, height, [thing.box for thing in things], random)
        if at is None:
            continue
        plate = washed(draw_plate(random), random)
        if random.random() < 0.7:
            body(canvas, at, height, random)
        place = place_of((plate.shape[1], plate.shape[0]), height, at, random)
        shade = random.uniform(0.55, 1.05) if dark == 1 else random.uniform(0.7, 1.8)
        lay(canvas, plate, place, shade, height * random.uniform(0, 0.055))
        things.append(Thing("plate", mapped((0, 0, plate.shape[1], plate.shape[0]), place), height))
    return squeezed(night(canvas, dark, random), int(random.integers(55, 92))), things


def desk(background: Image, letters: Sequence[float], random: Random, dark: float) -> tuple[Image, list[Thing]]:
    """``background`` with papers and screens whose letters (capitals) have the heights ``letters`` in pixels."""
    canvas = background.copy()
    things: list[Thing] = []
    taken: list[Rect] = []
    for letter in letters:
        screen = bool(random.random() < 0.5)
        page, lines = draw_page(random, screen)
        height = page.shape[0] * letter / 24
        at = _free(canvas.shape, height, taken, random, page.shape[1] / page.shape[0])
        if at is None:
            continue
        place = place_of((page.shape[1], page.shape[0]), height, at, random)
        lay(canvas, page, place, random.uniform(0.6, 1.05) if not screen else 1.1, letter * random.uniform(0, 0.06))
        taken.append(mapped((0, 0, page.shape[1], page.shape[0]), place))
        things.append(Thing("screen" if screen else "paper", taken[-1], letter))
        things += [Thing("line", mapped(line, place), letter) for line in lines]
    return squeezed(night(canvas, dark, random), int(random.integers(60, 92))), things


def _free(
    shape: tuple[int, ...], height: float, taken: Sequence[Rect], random: Random, aspect: float = 2.0
) -> tuple[float, float] | None:
    """A middle for something ``height`` high, inside the picture and away from ``taken``; ``None`` if none is found."""
    half_w, half_h = 0.58 * height * aspect + 4, 0.68 * height + 4
    if 2 * half_w >= shape[1] or 2 * half_h >= shape[0]:
        return None
    for _ in range(60):
        x, y = random.uniform(half_w, shape[1] - half_w), random.uniform(half_h, shape[0] - half_h)
        if all(x + half_w < a or x - half_w > c or y + half_h < b or y - half_h > d for a, b, c, d in taken):
            return float(x), float(y)
    return None
