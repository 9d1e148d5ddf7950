"""What covers a lens, and what only looks like it: composed over real footage, with the camera's answer modeled.

All in linear light: the cover's own pattern out of focus, shaded by how little light reaches it, its soft edge moving
in, light leaking in at a rim; then exposure that adapts within about a second, noise that grows with the gain, and an
ordinary H.264 stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from bench.scenes.footage import HEIGHT, RATE, WIDTH, Light, soften, to_picture

COVERS = ("dark cloth", "skin", "plaid", "finger", "bright blur", "knit")
SHAPES = ("swift", "gradual", "embrace", "leaky", "partial")


@dataclass(frozen=True)
class Cover:
    """One covering: what, how it comes, and when, in seconds. ``end`` None is to the end of the clip."""

    what: str
    shape: str
    start: float
    end: float | None


def _noise_field(rng: np.random.Generator, size: int, blur: float) -> Light:
    field = soften(rng.standard_normal((size, size)).astype(np.float32), blur)
    return np.asarray((field - field.mean()) / (field.std() + 1e-6), np.float32)


def texture(what: str, rng: np.random.Generator, size: int = 900) -> Light:
    """The cover's surface in linear light, (size, size, 3), already out of focus as a thing at the glass is."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    grain = _noise_field(rng, size, rng.uniform(5, 12))
    folds = _noise_field(rng, size, rng.uniform(50, 110))
    if what == "dark cloth":
        shade, base, blur = 1 + 0.35 * folds + 0.12 * grain, rng.uniform(0.002, 0.03) * rng.uniform(0.7, 1.3, 3), 6.0
    elif what == "skin":
        shade, base, blur = 1 + 0.15 * folds + 0.03 * grain, rng.uniform(0.05, 0.3) * np.array([1.0, 0.55, 0.4]), 8.0
    elif what == "finger":
        shade, base, blur = 1 + 0.25 * folds, rng.uniform(0.03, 0.4) * np.array([1.0, 0.22, 0.12]), 14.0
    elif what == "bright blur":
        shade, base, blur = 1 + 0.12 * folds + 0.03 * grain, rng.uniform(0.35, 0.8) * rng.uniform(0.85, 1, 3), 12.0
    elif what == "knit":
        pitch = rng.uniform(14, 30)
        shade = 1 + 0.3 * np.sin(2 * np.pi * x / pitch) * np.sin(2 * np.pi * y / (pitch * 0.8)) + 0.2 * folds
        base, blur = rng.uniform(0.02, 0.25) * rng.uniform(0.5, 1.2, 3), pitch * 0.28
    else:
        pitch = rng.uniform(70, 170)
        bands = (np.sin(2 * np.pi * x / pitch) > 0.2).astype(np.float32) + (np.sin(2 * np.pi * y / pitch) > 0.2)
        shade = 0.35 + 0.65 * bands + 0.1 * folds
        base, blur = rng.uniform(0.03, 0.2) * rng.uniform(0.3, 1.2, 3), rng.uniform(6, 11)
    surface = np.maximum(shade, 0.05)[:, :, None] * np.asarray(base, np.float32)
    return soften(surface.astype(np.float32), blur * rng.uniform(0.4, 1.0))


def _mask(share: float, side: float, softness: float, waver: float) -> Light:
    """How much of each pixel is hidden when ``share`` of the way in from ``side`` (radians); soft as out of focus."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    u = (x / WIDTH - 0.5) * np.cos(side) + (y / HEIGHT - 0.5) * np.sin(side)
    v = -(x / WIDTH - 0.5) * np.sin(side) + (y / HEIGHT - 0.5) * np.cos(side)
    reach = 0.5 * (abs(np.cos(side)) + abs(np.sin(side))) + softness
    edge = -reach + share * 2 * reach + 0.06 * np.sin(v * 7 + waver)
    return np.asarray(1 / (1 + np.exp(np.clip((u - edge) / (softness / 4), -30, 30))), np.float32)


def _share(time: float, cover: Cover, within: float, most: float) -> float:
    """Share of the way in at ``time``: half at ``start`` and at ``end``."""
    coming = np.clip((time - cover.start) / within + 0.5, 0, 1)
    going = np.clip((time - cover.end) / within + 0.5, 0, 1) if cover.end is not None else 0.0
    return float(min(coming, 1 - going) * most)


def covered(scene: Iterable[Light], cover: Cover, rng: np.random.Generator) -> Iterator[Light]:
    """The scene with the cover over it."""
    surface = texture(cover.what, rng)
    within = {"gradual": 1.0, "embrace": rng.uniform(0.5, 0.9)}.get(cover.shape, rng.uniform(0.12, 0.35))
    most = rng.uniform(0.80, 0.88) if cover.shape == "partial" else 1.0
    side, softness = rng.uniform(0, 2 * np.pi), rng.uniform(0.10, 0.25)
    leak = rng.uniform(0.03, 0.12) if cover.shape == "leaky" else 0.0
    speed = rng.uniform(60, 160) if cover.shape == "embrace" else rng.uniform(0, 25)
    vignette = 1 - 0.5 * _rim()
    for index, light in enumerate(scene):
        time = index / RATE
        share = _share(time, cover, within, most)
        if share <= 0:
            yield light
            continue
        mask = _mask(share, side, softness, time * 2)[:, :, None]
        dx = int(120 + 60 * np.sin(time * speed / 60)) % 250
        dy = int(120 + 60 * np.sin(time * speed / 83 + 1)) % 500
        patch = surface[dy : dy + HEIGHT, dx : dx + WIDTH]
        ambient = 0.5 + light.mean() * 2
        hidden = patch * ambient * vignette[:, :, None]
        if leak:
            glow = soften(light, 40) * (_rim() ** 3 * leak * 4)[:, :, None]
            hidden = hidden + glow
        yield light * (1 - mask) + hidden * mask


def _rim() -> Light:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    return np.asarray(np.clip(np.hypot((x / WIDTH - 0.5) * 1.3, y / HEIGHT - 0.5) / 0.75, 0, 1), np.float32)


def film(scene: Iterable[Light], path: Path, rng: np.random.Generator, kbps: int = 900) -> Path:
    """What the camera makes of it: exposure, noise, H.264."""
    gain, noise, most = 1.0, rng.uniform(0.004, 0.03), rng.uniform(2.0, 10.0)
    grain = rng.standard_normal((HEIGHT + 160, WIDTH + 160, 3), dtype=np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "g": "60", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", kbps * 1000
        for index, light in enumerate(scene):
            level = float(light.mean()) * gain
            wanted = np.clip(gain * (0.18 / max(level, 1e-4)), 0.5, most)
            gain = float(1.0 if index == 0 else gain + (wanted - gain) * (1 - np.exp(-1 / (0.8 * RATE))))
            exposed = light * (1.0 + (gain - 1.0) * 0.8)
            sigma = noise * np.sqrt(gain) * np.sqrt(np.maximum(exposed, 0) + 0.02)
            x, y = rng.integers(0, 160), rng.integers(0, 160)
            picture = to_picture(exposed + sigma * grain[y : y + HEIGHT, x : x + WIDTH])
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


# --- what only looks like it -----------------------------------------------------------------------------------------

TRAPS = ("night", "lamps", "wall", "sky", "defocus", "fast pan", "tunnel", "headlights", "lights out", "near person")


def _blob(x: float, y: float, radius: float) -> Light:
    v, u = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    return np.asarray(np.exp(-((u - x) ** 2 + (v - y) ** 2) / (2 * radius**2)), np.float32)


def _shifted(light: Light, dx: float, dy: float) -> Light:
    turn = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    return np.asarray(cv2.warpAffine(light, turn, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT))


def _blank(what: str, rng: np.random.Generator) -> Light:
    """A painted wall or a sky: in focus, nearly even, with the little texture that such things have."""
    v, u = np.mgrid[0:HEIGHT, 0 : WIDTH * 2].astype(np.float32)
    fall = 1 + rng.uniform(-0.3, 0.3) * (u / WIDTH - 1) + rng.uniform(-0.4, 0.4) * (v / HEIGHT - 0.5)
    fine = rng.standard_normal((HEIGHT, WIDTH * 2)).astype(np.float32)
    if what == "wall":
        base = rng.uniform(0.15, 0.5) * rng.uniform(0.85, 1.0, 3)
        fine = 0.10 * cv2.GaussianBlur(fine, (0, 0), 1.0)
    else:
        base = rng.uniform(0.4, 0.7) * np.array([0.75, 0.88, 1.0])
        fine = 0.25 * cv2.GaussianBlur(fine, (0, 0), 12)
    return np.asarray((fall + fine)[:, :, None] * base.astype(np.float32), np.float32)


def trapped(scene: Iterable[Light], trap: str, start: float, end: float, rng: np.random.Generator) -> Iterator[Light]:
    """The scene with something that is no cover between ``start`` and ``end``."""
    blank = _blank("wall" if trap == "wall" else "sky", rng) if trap in ("wall", "sky") else None
    dim = rng.uniform(0.01, 0.05)
    for index, light in enumerate(scene):
        time = index / RATE
        amount = float(np.clip((time - start) / 0.5, 0, 1) * np.clip((end - time) / 0.5, 0, 1))
        inside = start <= time < end
        if trap == "night":
            yield light * dim
        elif trap == "lamps":
            lamps = sum(_blob((k * 210 + time * 40 * (k + 1)) % 800 - 80, 90 + 30 * k, 6 + 3 * k) for k in range(4))
            yield light * dim * 0.6 + np.asarray(lamps, np.float32)[:, :, None] * np.float32(0.8)
        elif trap in ("wall", "sky") and blank is not None:
            across = int(amount * WIDTH)
            both = np.concatenate([light, blank[:, : WIDTH + WIDTH // 2]], axis=1)
            yield both[:, across : across + WIDTH]
        elif trap == "defocus":
            yield soften(light, 0.1 + 12 * amount) if amount > 0 else light
        elif trap == "fast pan":
            yield _panned(light, time, inside)
        elif trap == "tunnel":
            lamp = _blob((time * 900) % 1400 - 300, 60, 25)[:, :, None]
            yield light * (1 - 0.95 * amount) + lamp * np.float32(0.25 * amount)
        elif trap == "headlights":
            glare = _blob(320 + 60 * np.sin(time), 190, 40 + 110 * amount)[:, :, None]
            yield light * np.float32(0.25) + glare * np.float32(1.5 * amount) + np.float32(0.06 * amount)
        elif trap == "lights out":
            yield light * np.float32(dim * 0.15 if inside else 1.0)
        else:
            yield _approached(light, amount)


def _panned(light: Light, time: float, inside: bool) -> Light:
    if not inside:
        return light
    blurred = cv2.blur(light, (91, 1))
    return _shifted(np.asarray(blurred, np.float32), 250 * np.sin(time * 5), 20 * np.sin(time * 3))


def _approached(light: Light, amount: float) -> Light:
    """Someone steps close: the scene grows and loses some sharpness, but stays a scene."""
    zoom = 1 + 1.6 * amount
    turn = cv2.getRotationMatrix2D((WIDTH * 0.45, HEIGHT * 0.5), 0, zoom)
    near = cv2.warpAffine(light, turn, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    return soften(np.asarray(near, np.float32), 0.1 + 1.2 * amount)


def seconds(count: NDArray[np.int64] | int) -> float:
    """Length of ``count`` pictures."""
    return float(count) / RATE
