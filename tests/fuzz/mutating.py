"""Small containers of many kinds, and ways to spoil them; the same seed spoils in the same way."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from tests.makers import marked
from tests.makers.marked import Footage, Sound, even

_FORMS = {
    "plain.mp4": Footage(even(15, 2.0), sound=Sound(), rate=Fraction(15)),
    "turned.mov": Footage(even(15, 2.0), sound=Sound("pcm_s16le", 16_000), matrix="turned right", rate=Fraction(15)),
    "fragments.mp4": Footage(even(15, 2.0), sound=Sound(), muxing={"movflags": "frag_keyframe+empty_moov"}),
    "plain.mkv": Footage(even(15, 2.0), sound=Sound("libopus"), base=Fraction(1, 1000)),
    "plain.avi": Footage(even(15, 2.0), "mpeg4", sound=Sound("pcm_s16le", 16_000), rate=Fraction(15)),
    "frames.avi": Footage(even(15, 2.0), "mjpeg", pixels="yuvj420p", rate=Fraction(15)),
    "plain.ts": Footage(even(15, 2.0), sound=Sound("aac", 44_100, 2)),
    "plain.flv": Footage(even(15, 2.0), sound=Sound("aac", 44_100), base=Fraction(1, 1000)),
    "plain.mpg": Footage(even(25, 2.0), "mpeg2video", sound=Sound("mp2"), rate=Fraction(25)),
    "bare.h264": Footage(even(15, 2.0), base=Fraction(1, 15)),
}

Change = Callable[[bytearray, random.Random], None]


def bases(folder: Path) -> list[Path]:
    """The unspoiled files."""
    return [marked.write(folder / name, how) for name, how in _FORMS.items()]


def flipped(data: bytearray, chance: random.Random) -> None:
    """Some bits anywhere."""
    for _ in range(chance.choice((1, 8, 64, 512))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def flipped_in_head(data: bytearray, chance: random.Random) -> None:
    """Some bytes of the first four thousand."""
    for _ in range(chance.choice((1, 4, 16))):
        data[chance.randrange(min(len(data), 4096))] = chance.randrange(256)


def flipped_in_tail(data: bytearray, chance: random.Random) -> None:
    """Some bytes of the last four thousand, where an MP4 has its index."""
    for _ in range(chance.choice((1, 4, 16))):
        data[-1 - chance.randrange(min(len(data), 4096))] = chance.randrange(256)


def great_number(data: bytearray, chance: random.Random) -> None:
    """A number of four bytes becomes one of those that overflow."""
    at = chance.randrange(max(1, len(data) - 4))
    value = chance.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFF, 0x10000))
    struct.pack_into(chance.choice((">I", "<I")), data, at, value)


def known_number(data: bytearray, chance: random.Random) -> None:
    """A number of the index: what follows the name of a box."""
    names = [b"stts", b"ctts", b"stsz", b"stco", b"stsc", b"mdhd", b"mvhd", b"tkhd", b"elst", b"trun", b"strh", b"avih"]
    places = [data.find(name) for name in names if name in data]
    if not places:
        return great_number(data, chance)
    at = chance.choice(places) + 4 + 4 * chance.randrange(12)
    if at + 4 <= len(data):
        struct.pack_into(">I", data, at, chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, chance.getrandbits(32))))
    return None


def cut_off(data: bytearray, chance: random.Random) -> None:
    """The end is missing."""
    del data[chance.randrange(16, len(data)) :]


def cut_out(data: bytearray, chance: random.Random) -> None:
    """A piece is missing."""
    at = chance.randrange(len(data))
    del data[at : at + chance.choice((1, 188, 4096, len(data) // 4))]


def repeated(data: bytearray, chance: random.Random) -> None:
    """A piece is there many times."""
    at = chance.randrange(len(data))
    piece = bytes(data[at : at + chance.choice((8, 188, 4096))])
    data[at:at] = piece * chance.choice((1, 10, 200))


def swapped(data: bytearray, chance: random.Random) -> None:
    """Two pieces change places."""
    size = min(chance.choice((4, 188, 2048)), len(data) // 3)
    one, two = chance.randrange(len(data) - size), chance.randrange(len(data) - size)
    data[one : one + size], data[two : two + size] = data[two : two + size], data[one : one + size]


def zeroed(data: bytearray, chance: random.Random) -> None:
    """A piece is all zero, as after a fault of a card."""
    at = chance.randrange(len(data))
    size = min(chance.choice((16, 512, 8192)), len(data) - at)
    data[at : at + size] = bytes(size)


CHANGES: Sequence[Change] = (
    flipped,
    flipped_in_head,
    flipped_in_tail,
    great_number,
    known_number,
    cut_off,
    cut_out,
    repeated,
    swapped,
    zeroed,
)


def spoiled(base: Path, target: Path, seed: int) -> Path:
    """``base`` with one to three changes, as ``target``."""
    chance = random.Random(seed)
    data = bytearray(base.read_bytes())
    for _ in range(chance.randint(1, 3)):
        if len(data) > 64:
            chance.choice(CHANGES)(data, chance)
    target.write_bytes(bytes(data))
    return target


def png(width: int, height: int) -> bytes:
    """A black picture that takes little room."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + 3 * width)) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


def avi(path: Path, code: bytes, size: tuple[int, int], frames: Sequence[bytes], rate: tuple[int, int]) -> Path:
    """An AVI written by hand: its head says ``size`` and ``rate`` (frames in seconds), whatever ``frames`` are."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)

    def many(kind: bytes, data: bytes) -> bytes:
        return b"LIST" + struct.pack("<I", len(data) + 4) + kind + data

    width, height = size
    head = struct.pack("<14I", 1_000_000, 0, 0, 0x10, len(frames), 0, 1, 0, width, height, 0, 0, 0, 0)
    stream = b"vids" + code + struct.pack("<IHHIIIIIIII", 0, 0, 0, 0, *rate[::-1], 0, len(frames), 0, 0xFFFFFFFF, 0)
    stream += struct.pack("<4H", 0, 0, width & 0xFFFF, height & 0xFFFF)
    form = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, code, 0, 0, 0, 0, 0)
    lists = many(b"hdrl", chunk(b"avih", head) + many(b"strl", chunk(b"strh", stream) + chunk(b"strf", form)))
    lists += many(b"movi", b"".join(chunk(b"00dc", frame) for frame in frames))
    path.write_bytes(b"RIFF" + struct.pack("<I", len(lists) + 4) + b"AVI " + lists)
    return path


def with_many_boxes(base: Path, path: Path, count: int = 1_000_000) -> Path:
    """An MP4 with empty boxes before everything else."""
    data = base.read_bytes()
    first = int.from_bytes(data[:4], "big")
    path.write_bytes(data[:first] + struct.pack(">I4s", 8, b"free") * count + data[first:])
    return path


def greedy(folder: Path) -> list[Path]:
    """Small files that ask for much: memory, time, frames, boxes."""
    large = png(12_000, 12_000)
    small = png(64, 64)
    return [
        avi(folder / "30 pictures of 12000 x 12000.avi", b"MPNG", (12_000, 12_000), [large] * 30, (1, 1)),
        avi(folder / "12000 x 12000, head says 320 x 240.avi", b"MPNG", (320, 240), [small, large, large], (1, 1)),
        avi(folder / "a picture a year.avi", b"MPNG", (64, 64), [small] * 3, (1, 31_536_000)),
        avi(folder / "no rate.avi", b"MPNG", (64, 64), [small] * 3, (0, 0)),
        avi(folder / "four thousand million a second.avi", b"MPNG", (64, 64), [small] * 3, (0xFFFFFFFF, 1)),
        with_many_boxes(folder / "plain.mp4", folder / "a million boxes.mp4"),
    ]
