"""Fonts of the web become fonts that a typesetter reads, table by table."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from bodyworn.models.conversion.font import truetype

TABLES = {b"cmap": b"packed " * 50, b"glyf": b"as it is"}


def web_font(tables: dict[bytes, bytes]) -> bytes:
    directory, body, start = b"", b"", 44 + 20 * len(tables)
    for tag, table in tables.items():
        packed = min(zlib.compress(table), table, key=len)
        directory += struct.pack(">4sIIII", tag, start + len(body), len(packed), len(table), 7)
        body += packed + bytes(-len(packed) % 4)
    return struct.pack(">4sIIHHIHHIIIII", b"wOFF", 0x00010000, 0, len(tables), 0, 0, *[0] * 7) + directory + body


def test_every_table_is_there_unpacked_and_on_a_boundary(tmp_path: Path) -> None:
    path = tmp_path / "font.woff"
    path.write_bytes(web_font(TABLES))
    font = truetype(path)
    flavor, count, search, power, rest = struct.unpack_from(">IHHHH", font)
    assert (flavor, count, search, power, rest) == (0x00010000, 2, 32, 1, 0)
    for number, (tag, table) in enumerate(TABLES.items()):
        name, checksum, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        assert (name, checksum, offset % 4) == (tag, 7, 0)
        assert font[offset : offset + length] == table


def test_what_is_no_web_font_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(bytes(100))
    with pytest.raises(ValueError, match="not a WOFF font"):
        truetype(path)
