"""Still pictures from the one pass: the sheet of thumbnails under the timeline, and the poster."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from bodyworn.domain.media_facts import ThumbnailSheet
from bodyworn.media.video import Format, Picture, Pixels, Wanted
from bodyworn.storage.files import is_full, no_room_for

#: The shortest time between two thumbnails, and how many there are at most.
SHORTEST_STEP_MS = 2_000
MOST_THUMBNAILS = 200
COLUMNS = 20
THUMBNAIL_BOX = (160, 90)
POSTER_BOX = (960, 540)
#: The poster is taken from this much of the start, unless nothing there can be made out.
POSTER_WITHIN_MS = 60_000


class Thumbnails:
    """An observer that keeps one small picture every ``step_ms``, and joins them to one sheet.

    Of a recording longer than was announced every second one is dropped and the step doubled, so memory stays bounded.
    """

    def __init__(self, duration_ms: int) -> None:
        self.step_ms = max(SHORTEST_STEP_MS, -(-duration_ms // MOST_THUMBNAILS))
        width, height = THUMBNAIL_BOX
        self.wanted = Wanted(Fraction(1_000, self.step_ms), width, height, Format.RGB, fit=True)
        self.pictures: list[Pixels] = []

    def see(self, picture: Picture) -> None:
        """Keep the picture for its place in the sheet; places that had no picture repeat the one before."""
        place = (picture.time_ms + self.step_ms * 3 // 10) // self.step_ms
        before = self.pictures[-1] if self.pictures else picture.pixels
        missing = place - len(self.pictures)
        self.pictures.extend([before] * max(0, min(missing, 2 * MOST_THUMBNAILS)))
        self.pictures.append(picture.pixels)
        if len(self.pictures) > 2 * MOST_THUMBNAILS:
            self.pictures = self.pictures[::2]
            self.step_ms *= 2

    def save(self, path: Path) -> ThumbnailSheet:
        """Write the sheet as JPEG."""
        height, width = self.pictures[0].shape[:2]
        count = len(self.pictures)
        columns = min(COLUMNS, count)
        sheet = np.zeros((-(-count // columns) * height, columns * width, 3), np.uint8)
        for place, pixels in enumerate(self.pictures):
            y, x = place // columns * height, place % columns * width
            sheet[y : y + height, x : x + width] = pixels
        write_jpeg(sheet, path, 72)
        return ThumbnailSheet(self.step_ms, columns, width, height, count)


class Poster:
    """An observer that keeps the one picture of the first minute in which most can be made out."""

    def __init__(self) -> None:
        width, height = POSTER_BOX
        self.wanted = Wanted(Fraction(1, 2), width, height, Format.RGB, fit=True)
        self.best = -1.0
        self.pixels: Pixels | None = None

    def see(self, picture: Picture) -> None:
        """Keep the picture if it shows clearly more than the one kept."""
        if picture.time_ms > POSTER_WITHIN_MS and self.best > 1.0:
            return
        shown = legibility(picture.pixels)
        if shown > self.best * 1.15 or self.pixels is None:
            self.best, self.pixels = shown, picture.pixels

    def save(self, path: Path) -> None:
        """Write the poster as JPEG."""
        if self.pixels is not None:
            write_jpeg(self.pixels, path, 82)


def legibility(pixels: Pixels) -> float:
    """How much there is to see: spread of brightness times sharpness, about 0 for a blank, 5 and more for a street."""
    import cv2

    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    edges = float(np.log1p(cv2.Laplacian(gray, cv2.CV_32F).var()))
    return float(gray.std()) / 64.0 * edges


def write_jpeg(pixels: Pixels, path: Path, quality: int) -> None:
    """Write RGB pixels (height, width, 3) as JPEG; raises ``DiskFull`` where there is no room for it."""
    import cv2

    settings: Sequence[int] = (cv2.IMWRITE_JPEG_QUALITY, quality)
    _, coded = cv2.imencode(".jpg", np.ascontiguousarray(pixels[:, :, ::-1]), settings)
    try:
        path.write_bytes(coded.tobytes())
    except OSError as error:
        if is_full(error):
            raise no_room_for("the stills") from error
        raise
