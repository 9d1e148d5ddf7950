"""H.264 as MP4 and Matroska carry it: parameter sets beside the pictures, each NAL unit behind its length.

Only what is needed to put pictures of one encoder between pictures of another (ITU-T H.264, 7.3 and 7.4; the
decoder configuration record of ISO/IEC 14496-15, 5.3.3.1).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SLICE, IDR, SPS, PPS = 1, 5, 7, 8
#: Left out of pictures that are copied: messages (place, serial numbers, captions), delimiters, filler.
LEFT_OUT = frozenset({6, 9, 12})
_START = b"\x00\x00\x01"
_IDS = 32


@dataclass(frozen=True)
class Sets:
    """The parameter sets of a stream: bytes of NAL units; profile, compatibility, level as in their record."""

    head: bytes
    sps: tuple[bytes, ...]
    pps: tuple[bytes, ...]

    @classmethod
    def from_record(cls, record: bytes) -> Sets | None:
        """From a decoder configuration record; ``None`` where it is none or its lengths do not have four bytes."""
        if len(record) < 7 or record[0] != 1 or record[4] & 3 != 3:
            return None
        try:
            at, found = 5, []
            for mask in (31, 255):
                some, count = [], record[at] & mask
                at += 1
                for _ in range(count):
                    (length,) = struct.unpack_from(">H", record, at)
                    some.append(record[at + 2 : at + 2 + length])
                    at += 2 + length
                found.append(tuple(some))
        except (IndexError, struct.error):
            return None
        if not all(found) or not all(unit for some in found for unit in some):
            return None
        return cls(record[1:4], *found)

    @classmethod
    def from_start_codes(cls, data: bytes) -> Sets:
        """From what an encoder gives; units behind start codes."""
        units = list(behind_start_codes(data))
        sps = tuple(unit for unit in units if unit[0] & 31 == SPS)
        return cls(sps[0][1:4], sps, tuple(unit for unit in units if unit[0] & 31 == PPS))

    def record(self) -> bytes:
        """The decoder configuration record."""
        parts = [b"\x01", self.head, b"\xff", bytes([0xE0 | len(self.sps)])]
        parts += [struct.pack(">H", len(unit)) + unit for unit in self.sps]
        parts.append(bytes([len(self.pps)]))
        parts += [struct.pack(">H", len(unit)) + unit for unit in self.pps]
        if self.head[0] in (100, 110, 122, 144):  # the same for both kinds here: 4:2:0, 8 bits
            parts.append(b"\xfd\xf8\xf8\x00")
        return b"".join(parts)

    def with_others(self, other: Sets) -> Sets:
        """Both together, under the higher profile and level of the two."""
        head = bytes([max(self.head[0], other.head[0]), self.head[1] & other.head[1], max(self.head[2], other.head[2])])
        return Sets(head, self.sps + other.sps, self.pps + other.pps)

    def free_id(self) -> int | None:
        """An id that neither a sequence nor a picture parameter set has; ``None`` where all are taken."""
        taken = {_first_number(unit[4:]) for unit in self.sps} | {_first_number(unit[1:]) for unit in self.pps}
        return next((number for number in range(1, _IDS) if number not in taken), None)


def behind_lengths(data: bytes) -> Iterator[bytes]:
    """NAL units behind lengths of four bytes; ``ValueError`` where they do not add up."""
    at = 0
    while at < len(data):
        if at + 4 > len(data):
            raise ValueError("a length breaks off")
        (length,) = struct.unpack_from(">I", data, at)
        at += 4
        if length == 0 or at + length > len(data):
            raise ValueError("a unit breaks off")
        yield data[at : at + length]
        at += length


def behind_start_codes(data: bytes) -> Iterator[bytes]:
    """NAL units behind start codes of three or four bytes."""
    at = data.find(_START)
    while at >= 0:
        after = data.find(_START, at + 3)
        unit = data[at + 3 : after if after >= 0 else len(data)].rstrip(b"\x00")
        if unit:
            yield unit
        at = after


def with_lengths(units: Iterator[bytes]) -> bytes:
    """The units that make up the picture, each behind its length."""
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units if unit[0] & 31 in (SLICE, IDR))


def copyable(data: bytes, sets: Sets) -> tuple[bytes, bool] | None:
    """A picture without messages, and whether it is an IDR picture; ``None`` where it is not to be copied.

    Slices are kept bit for bit. Extensions, partitions and parameter sets of another content make it ``None``.
    """
    kept, instant = [], False
    try:
        for unit in behind_lengths(data):
            kind = unit[0] & 31
            if kind in (SLICE, IDR):
                kept.append(unit)
                instant = kind == IDR
            elif kind not in LEFT_OUT and not (kind in (SPS, PPS) and unit in sets.sps + sets.pps):
                return None
    except ValueError:
        return None
    return (with_lengths(iter(kept)), instant) if kept else None


def _first_number(data: bytes) -> int:
    """The first unsigned Exp-Golomb number of ``data`` (H.264, 9.1)."""
    bits = int.from_bytes(data[:8].ljust(8, b"\x00"), "big")
    zeros = 64 - bits.bit_length()
    return (bits >> max(0, 63 - 2 * zeros)) - 1
