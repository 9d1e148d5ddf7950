"""Sheets of pictures for people: frames in rows, each with boxes, names and the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bodyworn.media.planes import Planes

#: How wide one picture is drawn.
TILE = 480
#: A rectangle in pixels of the frame, and its name: x, y, width, height, name.
Named = tuple[float, float, float, float, str]
_YELLOW, _WHITE = (255, 210, 0), (255, 255, 255)


def tile(planes: Planes, boxes: Iterable[Named], caption: str) -> NDArray[np.uint8]:
    """The frame, :data:`TILE` pixels wide (RGB), with outlines and names over it and ``caption`` below."""
    import cv2

    scale = TILE / planes.width
    rows = max(2, 2 * round(planes.height * scale / 2))
    drawn = planes.rgb(TILE, rows)
    for left, top, wide, high, name in boxes:
        x, y = round(left * scale), round(top * scale)
        cv2.rectangle(drawn, (x, y), (round((left + wide) * scale), round((top + high) * scale)), _YELLOW, 2)
        _write(drawn, name, x, max(12, y - 4), _YELLOW)
    _write(drawn, caption, 6, rows - 8, _WHITE)
    return np.asarray(drawn, np.uint8)


def close_up(planes: Planes, box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """The part of the frame around ``box`` (x, y, width, height) as large as a tile; black where it ends."""
    import cv2

    rows = max(2, 2 * round(planes.height * TILE / planes.width / 2))
    whole = planes.rgb(planes.width, planes.height)
    x, y, w, h = box
    wide = max(2.5 * w, 2.5 * h * TILE / rows, 64)
    high = wide * rows / TILE
    left, top = x + w / 2 - wide / 2, y + h / 2 - high / 2
    zoom = TILE / wide
    shift = np.array([[zoom, 0, -left * zoom], [0, zoom, -top * zoom]], np.float32)
    return np.asarray(cv2.warpAffine(whole, shift, (TILE, rows), flags=cv2.INTER_LINEAR), np.uint8)


def sheet(tiles: Sequence[NDArray[np.uint8]], columns: int = 3) -> NDArray[np.uint8]:
    """All tiles (of one size) in rows of ``columns``."""
    columns = min(columns, len(tiles))
    filled = [*tiles, *([np.zeros_like(tiles[0])] * (-len(tiles) % columns))]
    rows = [np.hstack(filled[i : i + columns]) for i in range(0, len(filled), columns)]
    return np.vstack(rows)


def _write(picture: NDArray[np.uint8], text: str, x: int, y: int, color: tuple[int, int, int]) -> None:
    import cv2

    cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.45, color, 1, cv2.LINE_AA)
