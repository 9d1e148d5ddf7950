"""From a font as the web has it (W3C WOFF 1.0) to one that a typesetter reads (TrueType)."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

_HEAD, _ENTRY = struct.Struct(">4sIIHHIHHIIIII"), struct.Struct(">4sIIII")


def truetype(path: Path) -> bytes:
    """The font in ``path`` with its tables unpacked, in their order; ``ValueError`` for what is no such font."""
    data = path.read_bytes()
    signature, flavor, _, count, *_ = _HEAD.unpack_from(data)
    if signature != b"wOFF":
        raise ValueError("not a WOFF font")
    directory, body = b"", b""
    start = 12 + 16 * count
    for number in range(count):
        tag, offset, packed, size, checksum = _ENTRY.unpack_from(data, _HEAD.size + number * _ENTRY.size)
        table = data[offset : offset + packed]
        table = zlib.decompress(table) if packed < size else table
        directory += struct.pack(">4sIII", tag, checksum, start + len(body), size)
        body += table + bytes(-size % 4)
    power = count.bit_length() - 1
    search = 16 << power
    return struct.pack(">IHHHH", flavor, count, search, power, 16 * count - search) + directory + body
