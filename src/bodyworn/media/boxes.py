"""What the outer boxes of an MP4 or MOV file tell about damage, read without a decoder (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

#: Types that a file of this family can begin with.
FIRST = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"}
MOST_BOXES = 100_000


@dataclass(frozen=True)
class Boxes:
    """Outer boxes found: their types in order, and how many bytes the last one lacks."""

    types: tuple[bytes, ...]
    missing_bytes: int

    @property
    def has_index(self) -> bool:
        """Whether the index that a player needs (``moov``) is there."""
        return b"moov" in self.types


def outer_boxes(path: Path) -> Boxes | None:
    """The outer boxes of ``path``; ``None`` if it does not begin like an MP4 or MOV file."""
    size = path.stat().st_size
    types: list[bytes] = []
    missing = at = 0
    with path.open("rb") as file:
        while at + 8 <= size and len(types) < MOST_BOXES:
            file.seek(at)
            head = file.read(16)
            length, kind = struct.unpack(">I4s", head[:8])
            if length == 1 and len(head) == 16:
                length = struct.unpack(">Q", head[8:])[0]
            if not types and kind not in FIRST:
                return None
            if length == 0:
                length = size - at
            if length < 8:
                break
            types.append(kind)
            at += length
        missing = max(0, at - size)
    return Boxes(tuple(types), missing) if types else None


#: First bytes of other containers: a file that begins so and does not open is damaged, not something else.
MAGIC = {
    b"\x1aE\xdf\xa3": "Matroska or WebM",
    b"RIFF": "WAV or AVI",
    b"OggS": "Ogg",
    b"fLaC": "FLAC",
    b"ID3": "MP3",
    b"\x30\x26\xb2\x75": "ASF",
}


def begins_like(path: Path) -> str | None:
    """The name of the media family the first bytes belong to, or ``None``."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] == b"RIFF" and head[8:12] not in (b"WAVE", b"AVI "):
        return None
    for magic, name in MAGIC.items():
        if head.startswith(magic):
            return name
    return None
