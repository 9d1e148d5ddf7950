"""Read named constants out of a compiled library (ELF, 64 bit, little-endian) without loading it.

Layout after the System V gABI, chapters 4 and 5: the header tells where the section headers are, the table of symbols
tells the address and size of each name, and the segments that are loaded tell which bytes of the file lie at an
address.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.errors import ModelError

_MAGIC = b"\x7fELF\x02\x01"
_LOAD, _DYNAMIC_SYMBOLS = 1, 11
#: The low four bits of a symbol's ``st_info``: data.
_OBJECT = 1


@dataclass(frozen=True)
class _Section:
    """Kind, place and size in the file, and the number of the section with its texts."""

    kind: int
    offset: int
    size: int
    link: int


@dataclass(frozen=True)
class _Segment:
    """Where bytes of the file lie in memory."""

    offset: int
    address: int
    size: int


def read_objects(path: Path) -> Mapping[str, bytes]:
    """The bytes of every data symbol that the library at ``path`` exports, by name.

    Raises :class:`ModelError` if the file is not such a library or breaks off.
    """
    data = path.read_bytes()
    try:
        return dict(_objects(data))
    except (struct.error, IndexError, ValueError) as error:
        raise ModelError(f"the weights in {path.name} cannot be read", "Install the package again") from error


def _objects(data: bytes) -> Iterator[tuple[str, bytes]]:
    if not data.startswith(_MAGIC):
        raise ValueError("not a 64-bit library")
    program_at, section_at = struct.unpack_from("<QQ", data, 32)
    program_size, programs, section_size, sections = struct.unpack_from("<HHHH", data, 54)
    segments = [_segment(data, program_at + i * program_size) for i in range(programs)]
    tables = [_section(data, section_at + i * section_size) for i in range(sections)]
    symbols = next((table for table in tables if table.kind == _DYNAMIC_SYMBOLS), None)
    if symbols is None:
        raise ValueError("no table of symbols")
    texts = data[tables[symbols.link].offset :][: tables[symbols.link].size]
    for at in range(symbols.offset, symbols.offset + symbols.size, 24):
        name, info, _, _, address, size = struct.unpack_from("<IBBHQQ", data, at)
        home = next((s for s in segments if s and s.address <= address and address + size <= s.address + s.size), None)
        if info & 15 == _OBJECT and size and home is not None:
            start = home.offset + address - home.address
            if start + size > len(data):
                raise ValueError("the file breaks off")
            yield texts[name : texts.index(b"\0", name)].decode("ascii"), data[start : start + size]


def _segment(data: bytes, at: int) -> _Segment | None:
    """The segment whose header is at ``at``, if it is loaded from the file."""
    kind, _, offset, address, _, size = struct.unpack_from("<IIQQQQ", data, at)
    return _Segment(offset, address, size) if kind == _LOAD else None


def _section(data: bytes, at: int) -> _Section:
    _, kind, _, _, offset, size, link = struct.unpack_from("<IIQQQQI", data, at)
    return _Section(kind, offset, size, link)
