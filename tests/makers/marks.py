"""Footage that can be judged: each frame bears its number, something to hide, and a light that flashes with the sound.

The number is a bar code at the top left, twelve bits from the left, the lowest first. What is to be hidden is a
checkerboard. A lamp at the bottom left lights up for the first tenth of each second while a tone of 1 kHz sounds. All
places are shares of the picture, so that they hold for every size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Sound = NDArray[np.float32]

BITS = 12
#: Shares of width and height: a bit of the code; the checkerboard and the lamp as x, y, w, h.
BIT = (24 / 640, 24 / 360)
BOARD = (400 / 640, 200 / 360, 80 / 640, 80 / 360)
LAMP = (20 / 640, 280 / 360, 64 / 640, 64 / 360)
CELLS = 8
BEEP_HZ = 1_000
BEEP_S = 0.1
HEARD_RATE = 16_000
#: How far two cells of the checkerboard that touch may differ before it counts as seen, of 255.
SEEN = 14.0


def place(share: tuple[float, float, float, float], width: int, height: int) -> tuple[int, int, int, int]:
    """A place of shares in pixels of a picture: x, y, w, h."""
    return round(share[0] * width), round(share[1] * height), round(share[2] * width), round(share[3] * height)


def board_text(width: int, height: int) -> str:
    """The checkerboard's place as ``--hide`` takes it."""
    return ",".join(map(str, place(BOARD, width, height)))


def picture(number: int, width: int, height: int, lit: bool) -> Gray:
    """The upright picture of frame ``number``, gray."""
    ramp = np.add.outer(np.arange(height) // 4, np.arange(width) // 4 + 2 * number).astype(np.int64)
    gray: Gray = (60 + ramp % 80).astype(np.uint8)
    wide, high = round(BIT[0] * width), round(BIT[1] * height)
    for bit in range(BITS):
        gray[:high, bit * wide : (bit + 1) * wide] = 235 if number >> bit & 1 else 16
    x, y, w, h = place(BOARD, width, height)
    rows, columns = np.arange(h) * CELLS // h, np.arange(w) * CELLS // w
    gray[y : y + h, x : x + w] = np.where(np.add.outer(rows, columns) % 2, 210, 40)
    x, y, w, h = place(LAMP, width, height)
    gray[y : y + h, x : x + w] = 235 if lit else 16
    return gray


def is_lit(time: float) -> bool:
    """Whether the lamp is lit and the tone sounds at ``time`` seconds of the scene."""
    return (time + 1e-6) % 1 < BEEP_S


def beeps(seconds: float, rate: int, *, hertz: float = BEEP_HZ, start: float = 0) -> Sound:
    """The scene's sound from ``start`` seconds on: a tone in the first tenth of each second."""
    at = start + np.arange(round(seconds * rate)) / rate
    return (0.4 * np.sin(2 * np.pi * hertz * at) * ((at + 1e-9) % 1 < BEEP_S)).astype(np.float32)


@dataclass(frozen=True)
class Shown:
    """What a frame of a clip shows: when, which number, whether any of the checkerboard and the lamp's light."""

    time: float
    number: int
    open: bool
    lit: bool
    width: int
    height: int


def read(gray: Gray, time: float) -> Shown:
    """What a decoded picture shows."""
    height, width = gray.shape
    wide, high = BIT[0] * width, BIT[1] * height
    bits = [
        gray[round(0.25 * high) : round(0.75 * high), round((n + 0.25) * wide) : round((n + 0.75) * wide)].mean() > 120
        for n in range(BITS)
    ]
    x, y, w, h = place(LAMP, width, height)
    lit = float(gray[y + h // 4 : y + 3 * h // 4, x + w // 4 : x + 3 * w // 4].mean()) > 128
    number = sum(1 << n for n, bit in enumerate(bits) if bit)
    return Shown(time, number, board_seen(gray) > SEEN, lit, width, height)


def board_seen(gray: Gray) -> float:
    """How much the checkerboard stands out where it stands out most, 0..255: two cells against two beside them."""
    height, width = gray.shape
    x, y, w, h = place(BOARD, width, height)
    step_x, step_y = w / CELLS, h / CELLS
    cells = np.empty((CELLS, CELLS))
    for row in range(CELLS):
        for column in range(CELLS):
            top, left = y + (row + 0.25) * step_y, x + (column + 0.25) * step_x
            cells[row, column] = gray[
                round(top) : max(round(top) + 1, round(top + step_y / 2)),
                round(left) : max(round(left) + 1, round(left + step_x / 2)),
            ].mean()
    twist = cells[:-1, :-1] + cells[1:, 1:] - cells[1:, :-1] - cells[:-1, 1:]
    return float(np.abs(twist).max() / 2)


def pictures_of(path: Path) -> Iterator[tuple[Gray, float]]:
    """Each decoded picture with its own time stamp in seconds; no code of the product takes part."""
    with av.open(str(path)) as container:
        frame: Any
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="gray"), float(frame.pts * frame.time_base)


def shown(path: Path) -> list[Shown]:
    """What each frame of a finished clip shows."""
    return [read(gray, time) for gray, time in pictures_of(path)]


def heard(path: Path, *, whole: bool = False) -> tuple[Sound, int]:
    """Sound of a clip, mono, by its time stamps from 0, and its first sample's place; ``whole`` with what it hides."""
    options = {"ignore_editlist": "1"} if whole else {}
    parts: list[tuple[int, Sound]] = []
    with av.open(str(path), options=options) as container:
        if not container.streams.audio:
            return np.zeros(0, np.float32), 0
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=HEARD_RATE)
        frames: Iterator[Any] = container.decode(container.streams.audio[0])
        for frame in frames:
            parts += _placed(resampler.resample(frame))
        parts += _placed(resampler.resample(None))
    first = min((at for at, _ in parts), default=0)
    laid = np.zeros(max((at + len(part) for at, part in parts), default=first) - first, np.float32)
    for at, part in parts:
        laid[at - first : at - first + len(part)] = part
    return laid, first


def _placed(frames: Sequence[Any]) -> list[tuple[int, Sound]]:
    return [(round(float(f.pts * f.time_base) * HEARD_RATE), f.to_ndarray()[0]) for f in frames]


def tone_level(sound: Sound, hertz: float) -> NDArray[np.float64]:
    """Strength of one tone in each hundredth of a second, as an amplitude."""
    step = HEARD_RATE // 100
    some = sound[: len(sound) // step * step].reshape(-1, step)
    wave = np.exp(-2j * np.pi * hertz * np.arange(step) / HEARD_RATE)
    return np.asarray(2 * np.abs(some @ wave) / step)


def beep_starts(path: Path, hertz: float = BEEP_HZ) -> list[float]:
    """When each beep of a clip begins, in seconds, to five milliseconds."""
    sound, first = heard(path)
    step = HEARD_RATE // 200
    wave = np.exp(-2j * np.pi * hertz * np.arange(step) / HEARD_RATE)
    some = sound[: len(sound) // step * step].reshape(-1, step)
    loud = 2 * np.abs(some @ wave) / step > 0.1
    starts = [n for n in range(len(loud)) if loud[n] and not loud[max(0, n - 4) : n].any()]
    return [(first + n * step) / HEARD_RATE for n in starts]


def flash_starts(frames: Sequence[Shown]) -> list[float]:
    """When the lamp lights up, after a frame in which it is dark."""
    return [after.time for before, after in pairwise(frames) if after.lit and not before.lit]


def apart(frames: Sequence[Shown], path: Path) -> float | None:
    """The farthest that a flash is from its beep, in seconds; ``None`` where no beep is within half a second of any."""
    sounds = beep_starts(path)
    found = [min((abs(beep - flash) for beep in sounds), default=9.0) for flash in flash_starts(frames)]
    near = [one for one in found if one < 0.5]
    return max(near) if near else None
