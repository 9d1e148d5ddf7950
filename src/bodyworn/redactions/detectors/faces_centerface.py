"""Faces by CenterFace (https://github.com/Star-Clouds/CenterFace, MIT): one small convolutional network at many sizes.

The whole picture is searched at a coarse size, now and then at a fine one for small faces; known faces are looked at
again in tiles that show each of them at the size the network knows best, all tiles in one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.suppression import unique
from bodyworn.redactions.detectors.whole_picture import whole_picture

if TYPE_CHECKING:
    from bodyworn.models.session import NetworkSession

Floats = NDArray[np.float32]

_STRIDE = 4
#: How far from the middle of what is expected an answer may lie, in its size.
_REACH = 0.8
#: A fine search shows all pixels of 1080p: at two thirds of them half of the faces of 20 to 40 pixels were missed.
_FINEST = 1920
#: Pictures up to this size are always searched in full, which is cheap.
_SMALL = 640


class FaceDetector:
    """Faces from some 8 pixels of the searched size on.

    ``coarse`` is the width in pixels at which the whole picture is searched; every ``fine_every``-th search is fine,
    the first one too. ``threshold`` is the score from which a face counts, ``known_threshold`` the lower one
    where a face is expected. With ``crowd`` or more known faces the whole picture is searched at each look, ``survey``
    pixels wide, from ``survey_threshold`` on.
    """

    name = "faces-centerface"
    version = "2"
    model = "centerface"
    classes = (HiddenClass.FACE,)
    every_ms = 500

    def __init__(
        self,
        coarse: int = 448,
        fine_every: int = 4,
        threshold: float = 0.2,
        known_threshold: float = 0.12,
        tile: int = 96,
        tile_faces: float = 2.3,
        crowd: int = 6,
        survey: int = 640,
        survey_threshold: float = 0.15,
        closer: int = 12,
    ) -> None:
        self._coarse, self._fine_every = coarse, fine_every
        self._threshold, self._known_threshold = threshold, known_threshold
        self._tile, self._tile_faces = tile, tile_faces
        self._crowd, self.closer, self._survey, self._survey_threshold = crowd, closer, survey, survey_threshold
        self._searches = 0

    def find(self, picture: Planes) -> list[Found]:
        """Faces in the whole picture."""
        longer = max(picture.width, picture.height)
        fine = longer <= _SMALL or self._searches % self._fine_every == 0
        self._searches += 1
        return self.search(picture, min(_FINEST if fine else self._coarse, longer))

    def glance(self, picture: Planes) -> list[Found]:
        """A coarse search, out of turn."""
        return self.search(picture, min(self._coarse, max(picture.width, picture.height)))

    def crowded(self, picture: Planes, known: int) -> bool:
        """Whether a survey is worth it; small pictures are searched in full anyway."""
        return known >= self._crowd and max(picture.width, picture.height) > _SMALL

    def survey(self, picture: Planes) -> list[Found]:
        """Faces in the whole picture at the size for crowds, doubtful ones too, each larger by a pixel of it."""
        longer = max(picture.width, picture.height)
        width = min(self._survey, longer)
        more = longer / width
        return [
            Found(face.cls, face.x - more, face.y - more, face.w + 2 * more, face.h + 2 * more, face.score)
            for face in self.search(picture, width, self._survey_threshold)
        ]

    def search(self, picture: Planes, width: int, threshold: float | None = None) -> list[Found]:
        """Faces in the whole picture searched at ``width`` pixels (its longer side), from ``threshold`` on."""
        whole = whole_picture(picture, width / max(picture.width, picture.height))
        boxes = _boxes(_run(whole.blob), 0, self._threshold if threshold is None else threshold)
        boxes[:, (0, 2)] *= picture.width / whole.wide
        boxes[:, (1, 3)] *= picture.height / whole.high
        return [_found(box) for box in boxes]

    def confirm(self, picture: Planes, expected: Sequence[Found]) -> list[Found | None]:
        """The best face near the middle of each tile around an expected one."""
        if not expected:
            return []
        side = self._tile
        blob = np.empty((len(expected), 3, side, side), np.float32)
        areas = [self._area(item, picture) for item in expected]
        for number, (x, y, size) in enumerate(areas):
            blob[number] = picture.rgb(side, side, (x, y, size, size)).transpose(2, 0, 1)
        heads = _run(blob)
        answers: list[Found | None] = []
        for number, (item, (x, y, size)) in enumerate(zip(expected, areas, strict=True)):
            boxes = _candidates(heads, number, self._known_threshold)
            boxes[:, :4] *= size / side
            boxes[:, 0] += x
            boxes[:, 1] += y
            answers.append(_nearest(boxes, item))
        return answers

    def _area(self, item: Found, picture: Planes) -> tuple[int, int, int]:
        """Left, top (even, for the chroma planes) and side of the square tile around ``item``.

        The tile is moved into the picture where it fits: a face that the picture's edge cuts off is seen cut off, as
        the network has learned it, and not with a black half.
        """
        size = max(24, 2 * round(self._tile_faces * max(item.w, item.h) / 2))
        x, y = item.center
        left, top = (
            max(0, min(round(middle - size / 2), whole - size)) if size <= whole else round((whole - size) / 2)
            for middle, whole in ((x, picture.width), (y, picture.height))
        )
        return 2 * round(left / 2), 2 * round(top / 2), size


def _nearest(boxes: NDArray[np.float64], expected: Found) -> Found | None:
    """The box that is most likely the expected one: high score, near its middle, of like size."""
    x, y = expected.center
    away = np.hypot(boxes[:, 0] + boxes[:, 2] / 2 - x, boxes[:, 1] + boxes[:, 3] / 2 - y) / max(expected.w, expected.h)
    ratio = boxes[:, 2] * boxes[:, 3] / (expected.w * expected.h)
    value = boxes[:, 4] * (1 - away) * np.minimum(ratio, 1 / ratio) ** 0.25
    value[(away > _REACH) | (ratio <= 0.2) | (ratio >= 5)] = 0
    if not (value > 0).any():
        return None
    return _found(boxes[int(value.argmax())])


def _found(box: NDArray[np.float64]) -> Found:
    x, y, w, h, score = (float(value) for value in box)
    return Found(HiddenClass.FACE, x, y, w, h, score)


def _boxes(heads: tuple[Floats, Floats, Floats], number: int, threshold: float) -> NDArray[np.float64]:
    """Boxes (n, 5) as x, y, w, h, score in pixels of the network's input, best first, without doubles."""
    return unique(_candidates(heads, number, threshold), inside=None)


def _candidates(heads: tuple[Floats, Floats, Floats], number: int, threshold: float) -> NDArray[np.float64]:
    """Boxes (n, 5) as x, y, w, h, score in pixels of the network's input, as they come."""
    heat, scale, offset = heads[0][number, 0], heads[1][number], heads[2][number]
    rows, cols = np.nonzero(heat > threshold)
    score = heat[rows, cols]
    h = np.exp(scale[0, rows, cols]) * _STRIDE
    w = np.exp(scale[1, rows, cols]) * _STRIDE
    y = (rows + offset[0, rows, cols] + 0.5) * _STRIDE - h / 2
    x = (cols + offset[1, rows, cols] + 0.5) * _STRIDE - w / 2
    return np.stack([x, y, w, h, score], axis=1).astype(np.float64)


def _run(blob: Floats) -> tuple[Floats, Floats, Floats]:
    heat, scale, offset = _session().run(["537", "538", "539"], {"input.1": blob})
    return heat, scale, offset


@lru_cache(maxsize=1)
def _session() -> NetworkSession:
    """The network, for pictures of any size (without spinning 115 ms became 84 ms a picture)."""
    from bodyworn.models.session import load

    return load("centerface")
