"""Lines of text that lie together are one page or one screen.

A page's edge is where its ground ends: the part of the picture around the lines that is as bright as the ground
between the letters. It is believed if it fills a rectangle, as papers and screens do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.text_boxes import TextLine

#: Lines that make a page by themselves; fewer need an edge around them.
_PAGE_LINES = 3
#: Width of the picture in which edges are looked for, and how far the ground's brightness may vary.
_WIDTH, _SAME_GROUND = 640, 22
#: A believable edge: share of its rectangle that is filled; size against the text's box; share of the picture, for
#: fewer lines than make a page and for a page.
_FILLED, _LARGEST, _SHARE, _PAGE_SHARE = 0.72, 14.0, 0.12, 0.7

#: x0, y0, x1, y1 in pixels.
Rect = tuple[float, float, float, float]


def pages_of(picture: Planes, lines: Sequence[TextLine]) -> tuple[list[Found], list[TextLine]]:
    """Pages and screens, and the lines that belong to none."""
    pages: list[Found] = []
    left: list[TextLine] = []
    if not lines:
        return pages, left
    scale = min(1.0, _WIDTH / picture.width)
    luma = picture.luma(max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    for group in _groups(lines):
        text = _around(group)
        edge = _edge(luma, text, scale, _PAGE_SHARE if len(group) >= _PAGE_LINES else _SHARE)
        if edge is None and len(group) < _PAGE_LINES:
            left += group
            continue
        x0, y0, x1, y1 = _union(text, edge) if edge else _wider(text, 0.8 * _height(group), picture)
        pages.append(Found(HiddenClass.SCREEN, x0, y0, x1 - x0, y1 - y0, max(line.score for line in group)))
    return pages, left


def _groups(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Lines that lie under or beside each other, joined transitively."""
    groups: list[list[TextLine]] = []
    for line in lines:
        near = [group for group in groups if any(_together(line, other) for other in group)]
        groups = [group for group in groups if not any(group is one for one in near)]
        groups.append([line, *(member for group in near for member in group)])
    return groups


def _together(a: TextLine, b: TextLine) -> bool:
    height = (a.height + b.height) / 2
    if not 0.4 < a.height / b.height < 2.5:
        return False
    across = max(a.x, b.x) - min(a.x + a.w, b.x + b.w)
    down = max(a.y, b.y) - min(a.y + a.h, b.y + b.h)
    return (across < 0 and down < 1.3 * height) or (down < -0.3 * height and across < 2 * height)


def _around(group: Sequence[TextLine]) -> Rect:
    return (
        min(line.x for line in group),
        min(line.y for line in group),
        max(line.x + line.w for line in group),
        max(line.y + line.h for line in group),
    )


def _height(group: Sequence[TextLine]) -> float:
    return float(np.median([line.height for line in group]))


def _wider(box: Rect, more: float, picture: Planes) -> Rect:
    x0, y0, x1, y1 = box
    return max(0.0, x0 - more), max(0.0, y0 - more), min(picture.width, x1 + more), min(picture.height, y1 + more)


def _union(a: Rect, b: Rect) -> Rect:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _edge(luma: NDArray[np.uint8], text: Rect, scale: float, share: float) -> Rect | None:
    """The box around the ground on which ``text`` stands, in pixels of the picture; ``None`` if it is no rectangle."""
    import cv2

    x0, y0, x1, y1 = (max(0, round(value * scale)) for value in text)
    inner = luma[y0 : y1 + 1, x0 : x1 + 1]
    if inner.size < 16:
        return None
    ground = float(np.median(inner))
    alike = (np.abs(luma.astype(np.int16) - ground) < _SAME_GROUND).astype(np.uint8)
    alike[y0 : y1 + 1, x0 : x1 + 1] = 1
    alike = np.asarray(cv2.morphologyEx(alike, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    _, names, stats, _ = cv2.connectedComponentsWithStats(alike)
    name = int(names[min((y0 + y1) // 2, luma.shape[0] - 1), min((x0 + x1) // 2, luma.shape[1] - 1)])
    if name == 0:
        return None
    x, y, w, h = (int(value) for value in stats[name, :4])
    area = (x1 - x0 + 1) * (y1 - y0 + 1)
    if w * h > min(_LARGEST * area, share * luma.size) or w * h < 0.8 * area:
        return None
    contours, _ = cv2.findContours((names == name).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea)
    (_, (long, short), _) = cv2.minAreaRect(outline)
    if cv2.contourArea(outline) < _FILLED * max(1.0, long * short):
        return None
    return x / scale, y / scale, (x + w) / scale, (y + h) / scale
