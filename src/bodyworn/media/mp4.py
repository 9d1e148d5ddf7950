"""The top-level boxes of MP4 and MOV files (ISO/IEC 14496-12, 4.2), read without a decoder: the one walk over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bodyworn.domain.errors import DamagedMedia
from bodyworn.media.limits import MOST_BOXES

#: Types that a file of this family can begin with.
FIRST = frozenset({"ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"})


@dataclass(frozen=True)
class Mp4Box:
    """One box: its four-character type, where it starts, how long it says it is in bytes, and its UUID if any.

    The last one may say more than the file holds.
    """

    kind: str
    start: int
    length: int
    uuid: bytes = b""

    @property
    def end(self) -> int:
        """Where the next one starts."""
        return self.start + self.length


def top_boxes(file: BinaryIO) -> Iterator[Mp4Box]:
    """The boxes in order, up to the end of the file or to what is no box.

    :class:`~bodyworn.domain.errors.DamagedMedia` where there are more than any camera writes.
    """
    file.seek(0, 2)
    size = file.tell()
    start = 0
    count = 0
    while start < size:
        count += 1
        if count > MOST_BOXES:
            raise DamagedMedia(f"the file has more than {MOST_BOXES:,} parts", "Copy it again from the camera")
        file.seek(start)
        head = file.read(32)
        length = int.from_bytes(head[:4], "big")
        kind = head[4:8].decode("latin-1")
        body = 8
        if length == 1 and len(head) >= 16:
            length, body = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = size - start
        if len(head) < 8 or length < body or not kind.isprintable():
            return
        yield Mp4Box(kind, start, length, head[body : body + 16] if kind == "uuid" else b"")
        start += length


@dataclass(frozen=True)
class OuterBoxes:
    """What the boxes tell about damage: their types in order, and how many bytes the last one lacks."""

    types: tuple[str, ...]
    missing_bytes: int

    @property
    def has_index(self) -> bool:
        """Whether the index that a player needs (``moov``) is there."""
        return "moov" in self.types


def outer_boxes(path: Path) -> OuterBoxes | None:
    """The outer boxes of ``path``; ``None`` if it does not begin like an MP4 or MOV file."""
    types: list[str] = []
    end = 0
    with path.open("rb") as file:
        for box in top_boxes(file):
            if not types and box.kind not in FIRST:
                return None
            types.append(box.kind)
            end = box.end
        missing = max(0, end - file.seek(0, 2))
    return OuterBoxes(tuple(types), missing) if types else None
