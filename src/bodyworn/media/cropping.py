"""What a container crops from its pictures: read from the file, for the decoder does not tell.

Matroska has four numbers (RFC 9559, 5.1.4.1.28.8 to 11), MP4 a clean aperture (ISO/IEC 14496-12, 12.1.4). Players show
what is left; so a mask counts from there, and what was cropped away is not to be seen in a clip.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.filter import Graph
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_SEGMENT, _TRACKS, _ENTRY, _KIND, _VIDEO = 0x18538067, 0x1654AE6B, 0xAE, 0x83, 0xE0
_BOTTOM, _TOP, _LEFT, _RIGHT = 0x54AA, 0x54BB, 0x54CC, 0x54DD
#: Elements that are looked at on one level, and bytes that one part of an index may have to be read.
_MOST_ELEMENTS = 2_000
_MOST_BYTES = 64 << 20
_VIDEO_KIND = 1


@dataclass(frozen=True)
class Crop:
    """Pixels to leave out on each side of the coded picture."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    def __bool__(self) -> bool:
        return bool(self.left or self.top or self.right or self.bottom)

    def fits(self, width: int, height: int) -> bool:
        """Whether something of a picture is left."""
        return self.left + self.right < width and self.top + self.bottom < height


def crop_of(path: Path, container: InputContainer, stream: VideoStream) -> Crop:
    """What the container leaves out of the pictures of ``stream``; nothing where it does not say, or says nonsense."""
    families = set(container.format.name.split(","))
    try:
        with path.open("rb") as file:
            if "matroska" in families:
                crops = list(_matroska(file))
                at = [one.index for one in container.streams.video].index(stream.index)
                found = crops[at] if at < len(crops) else Crop()
            elif "mp4" in families:
                found = _mp4(file).get(int(stream.id), Crop())
            else:
                return Crop()
    except (OSError, ValueError, struct.error, IndexError, ZeroDivisionError):
        return Crop()
    return found if found.fits(stream.width, stream.height) else Crop()


def _matroska(file: BinaryIO) -> Iterator[Crop]:
    """The crop of each picture track, in order."""
    size = file.seek(0, 2)
    for kind, start, end in _elements(file, 0, size):
        if kind == _SEGMENT:
            for inner, first, last in _elements(file, start, min(end, size)):
                if inner == _TRACKS:
                    yield from _tracks(file, first, min(last, size))
                    return


def _tracks(file: BinaryIO, start: int, end: int) -> Iterator[Crop]:
    for kind, first, last in _elements(file, start, end):
        if kind != _ENTRY:
            continue
        parts = list(_elements(file, first, min(last, end)))
        if not any(part == _KIND and _number(file, a, b) == _VIDEO_KIND for part, a, b in parts):
            continue
        sides: dict[int, int] = {}
        for part, a, b in parts:
            if part == _VIDEO:
                sides.update({side: _number(file, c, d) for side, c, d in _elements(file, a, min(b, end))})
        yield Crop(sides.get(_LEFT, 0), sides.get(_TOP, 0), sides.get(_RIGHT, 0), sides.get(_BOTTOM, 0))


def _number(file: BinaryIO, start: int, end: int) -> int:
    file.seek(start)
    return int.from_bytes(file.read(min(8, end - start)), "big")


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Id, start and end of the content of each EBML element (RFC 8794, 4 to 6); an unknown length reaches the end."""
    for _ in range(_MOST_ELEMENTS):
        if start >= end:
            return
        file.seek(start)
        head = file.read(12)
        if len(head) < 2 or not head[0]:
            return
        wide = 9 - head[0].bit_length()
        if wide > 4 or len(head) <= wide or not head[wide]:
            return
        long = 9 - head[wide].bit_length()
        value = int.from_bytes(head[wide : wide + long], "big") & ((1 << 7 * long) - 1)
        first = start + wide + long
        last = end if value == (1 << 7 * long) - 1 else first + value
        yield int.from_bytes(head[:wide], "big"), first, last
        start = last


def _mp4(file: BinaryIO) -> dict[int, Crop]:
    """The crop of each track that has one, by its number."""
    size = file.seek(0, 2)
    found: dict[int, Crop] = {}
    for start, end in _inside(file, 0, size, "moov"):
        if end - start > _MOST_BYTES:
            return {}
        for first, last in _inside(file, start, end, "trak"):
            number = _track_number(file, first, last)
            crop = _clean_aperture(file, first, last)
            if crop is not None:
                found[number] = crop
    return found


def _inside(file: BinaryIO, start: int, end: int, *path: str) -> Iterator[tuple[int, int]]:
    """The content of each box of that path of kinds."""
    for kind, first, last in _boxes(file, start, end):
        if kind == path[0]:
            if len(path) == 1:
                yield first, last
            else:
                yield from _inside(file, first, last, *path[1:])


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for _ in range(_MOST_ELEMENTS):
        file.seek(start)
        head = file.read(16)
        if start + 8 > end or len(head) < 8:
            return
        length, body = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, body = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = end - start
        if length < body or start + length > end:
            return
        yield head[4:8].decode("latin-1"), start + body, start + length
        start += length


def _track_number(file: BinaryIO, start: int, end: int) -> int:
    first, _ = next(_inside(file, start, end, "tkhd"))
    file.seek(first)
    head = file.read(24)
    return int.from_bytes(head[20:24] if head[0] == 1 else head[12:16], "big")


def _clean_aperture(file: BinaryIO, start: int, end: int) -> Crop | None:
    for first, last in _inside(file, start, end, "mdia", "minf", "stbl", "stsd"):
        for _, entry, after in _boxes(file, first + 8, last):
            file.seek(entry + 24)
            width, height = struct.unpack(">2H", file.read(4))
            for clap, _ in _inside(file, entry + 78, after, "clap"):
                file.seek(clap)
                return _aperture(width, height, struct.unpack(">IIIIiIiI", file.read(32)))
    return None


def _aperture(width: int, height: int, told: tuple[int, ...]) -> Crop:
    wide, high = Fraction(told[0], told[1]), Fraction(told[2], told[3])
    right, down = Fraction(told[4], told[5]), Fraction(told[6], told[7])
    left, top = (width - wide) / 2 + right, (height - high) / 2 + down
    sides = (left, top, width - wide - left, height - high - top)
    return Crop(*(round(side) for side in sides)) if min(sides) >= 0 else Crop()


class Cropper:
    """Crops decoded pictures; they keep their time and what else the decoder says of them."""

    def __init__(self, crop: Crop) -> None:
        self._crop = crop
        self._graph: Graph | None = None
        self._form: tuple[int, int, str] | None = None

    def cropped(self, frame: VideoFrame) -> VideoFrame:
        """The part of ``frame`` that is shown; the whole where nothing would be left."""
        import av

        crop = self._crop
        if not crop.fits(frame.width, frame.height):
            return frame
        form = (frame.width, frame.height, frame.format.name)
        if self._graph is None or self._form != form:
            size = (frame.width - crop.left - crop.right, frame.height - crop.top - crop.bottom)
            graph = av.filter.Graph()
            source = graph.add_buffer(width=form[0], height=form[1], format=frame.format, time_base=Fraction(1, 1000))
            part = graph.add("crop", f"{size[0]}:{size[1]}:{crop.left}:{crop.top}:exact=1")
            sink = graph.add("buffersink")
            graph.link_nodes(source, part, sink).configure()
            self._graph, self._form = graph, form
        pts, base = frame.pts, frame.time_base
        self._graph.push(frame)
        shown = cast("VideoFrame", self._graph.pull())
        shown.pts = pts
        if base is not None:
            shown.time_base = base
        return shown
