"""Photos to learn from: real ones with their plates boxed, and pictures without plates.

A photo is kept as planes at full size and at halves of it, so that a tile at any scale is cut from one little larger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from bench.places import MEDIA
from numpy.typing import NDArray

Image = NDArray[np.uint8]
#: x, y, width, height in pixels of the photo.
Box = tuple[float, float, float, float]

TRAIN = MEDIA / "plates_train"
#: Places that may be plates and are not boxed, or that nobody can tell: neither a plate nor none. Marked by eye.
UNSURE = Path(__file__).with_name("unsure.json")
#: Pictures of clips without readable plates, and the part of their width that is used.
CLIPS = {
    "video/ego_street_plates.mp4": ((22, 23), 0.5),
    "video/ego_kitchen_faces.mp4": ((2, 9), 1.0),
    "video/stage_dark.mp4": ((10, 90), 1.0),
    "video/people_walking.mp4": ((0, 400, 900), 1.0),
    "video/cars_with_sound.mp4": ((0, 40, 110), 1.0),
    "video/driver_in_car.mp4": ((0, 60), 1.0),
    "faces/mpf_riot.mp4": ((0, 60, 150), 1.0),
    "faces/gcp_googlework.mp4": ((0, 100, 250, 400), 1.0),
    "faces/mpf_video_01_5faces.mp4": ((0, 100), 1.0),
    "faces/sam2_juggle.mp4": ((0, 100), 1.0),
}
#: One photo in so many is kept for validation.
_KEPT_APART = 5
#: Frames of one drive that lie closer than so many seconds go the same way.
_ONE_PLACE = 300


@dataclass
class Photo:
    """``levels`` are (y, u, v) at full size and its halves; ``plates`` and ``unsure`` boxes at full size."""

    name: str
    levels: list[tuple[Image, Image, Image]]
    plates: list[Box] = field(default_factory=list)
    unsure: list[Box] = field(default_factory=list)
    kept_apart: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.levels[0][0].shape[1], self.levels[0][0].shape[0]


def planes_of(picture: Image) -> tuple[Image, Image, Image]:
    """BGR with even sides as y, u, v."""
    high, wide = picture.shape[:2]
    coded = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)
    u, v = coded[high:].reshape(2, high // 2, wide // 2)
    return coded[:high].copy(), u.copy(), v.copy()


def photo_of(name: str, picture: Image, plates: list[Box], *, kept_apart: bool = False) -> Photo:
    """``picture`` (BGR) with its plates."""
    levels: list[tuple[Image, Image, Image]] = []
    while min(picture.shape[:2]) >= 96 and len(levels) < 4:
        even = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]
        levels.append(planes_of(np.ascontiguousarray(even)))
        half = (max(2, picture.shape[1] // 2), max(2, picture.shape[0] // 2))
        picture = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
    return Photo(name, levels, plates, kept_apart=kept_apart)


def kept_apart(name: str) -> bool:
    """Whether the photo ``name`` is for validation; frames of one place go together."""
    if name.startswith("ro_"):
        drive, _, second = Path(name).stem.rpartition("_")
        name = f"{drive} {int(second) // _ONE_PLACE}"
    return hashlib.sha256(name.encode()).digest()[0] % _KEPT_APART == 0


def with_plates() -> Iterator[Photo]:
    """The photos whose plates are boxed, with what is unsure in them."""
    unsure = unsure_boxes()
    for listing in ("openimages.json", "ro_dashcam.json"):
        for entry in json.loads((TRAIN / listing).read_text("utf-8")):
            name = entry["file"]
            picture: Any = cv2.imread(str(TRAIN / name), cv2.IMREAD_COLOR)
            plates = [(float(x), float(y), float(w), float(h)) for x, y, w, h in entry["plates"]]
            photo = photo_of(name, picture, plates, kept_apart=kept_apart(name))
            photo.unsure = unsure.get(name, [])
            yield photo


def without_plates() -> Iterator[Photo]:
    """Pictures of clips and photos of people, in which a plate that shows is marked unsure."""
    unsure = unsure_boxes()
    for clip, (wanted, part) in CLIPS.items():
        for index, picture in _frames(MEDIA / clip, wanted):
            yield _plain(f"{clip}@{index}", picture[:, : round(part * picture.shape[1])], unsure)
    for path in sorted((MEDIA / "faces").glob("photo_*")):
        some: Any = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if some is not None:
            yield _plain(path.name, some, unsure)


def unsure_boxes() -> dict[str, list[Box]]:
    """What was marked by eye, by photo."""
    if not UNSURE.exists():
        return {}
    return {name: [tuple(box) for box in boxes] for name, boxes in json.loads(UNSURE.read_text("utf-8")).items()}


def _plain(name: str, picture: Image, unsure: dict[str, list[Box]]) -> Photo:
    most = max(picture.shape[:2])
    if most > 1400:
        size = (round(picture.shape[1] * 1400 / most), round(picture.shape[0] * 1400 / most))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    photo = photo_of(name, picture, [], kept_apart=kept_apart(name))
    photo.unsure = unsure.get(name, [])
    return photo


def _frames(path: Path, wanted: tuple[int, ...]) -> Iterator[tuple[int, Image]]:
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index in wanted:
                yield index, np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
            if index >= max(wanted):
                return
